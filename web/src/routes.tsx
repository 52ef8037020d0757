import type { ComponentType } from 'preact';
import { Home } from './pages/home';
import { lazy } from './ui/lazy';

/** What every page gets: the parts of its path that the pattern names. */
export interface PageProps {
  params: Record<string, string>;
}

export const PlanPage = lazy(() => import('./pages/plan'), true);

/**
 * The pages by their paths; the one without a path is for all others, which it
 * lists itself. Only the home page is part of the first view, so the others
 * are lazy. A page is mounted anew when the path changes, and not when only
 * the query does.
 */
export const routes: ReadonlyArray<readonly [path: string, page: ComponentType<PageProps>]> = [
  ['/', Home],
  ['/plan', PlanPage],
  ['', lazy(() => import('./pages/more'), true)],
];

/** What the header leads to. With `account`, only for those who are signed in; where it is false, only for the others. */
export const nav: ReadonlyArray<{ path: string; name: string; account?: boolean }> = [
  { path: '/', name: 'Plan' },
  { path: '/today', name: 'Today', account: true },
  { path: '/plans', name: 'My plans', account: true },
  { path: '/runs', name: 'Runs', account: true },
  { path: '/compare', name: 'Compare' },
  { path: '/tools', name: 'Tools' },
  { path: '/account', name: 'Account', account: true },
  { path: '/sign-in', name: 'Sign in', account: false },
];
