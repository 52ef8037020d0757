import type { ComponentChildren } from 'preact';
import { nav } from '../routes';
import { useCell } from '../state/cell';
import { place } from '../state/place';
import { session } from '../state/session';
import { switchTheme, theme } from '../state/theme';
import { chooseUnit, unit } from '../state/unit';
import { Offline } from './states';
import { toasts } from '../state/toasts';
import { lazy } from './lazy';

const Note = lazy(() => import('./toast'));

export function Layout({ children }: { children: ComponentChildren }) {
  const dark = useCell(theme) === 'dark';
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="site-head">
        <a class="brand" href="/">
          <svg viewBox="0 0 16 16" width="28" height="28" aria-hidden="true">
            <rect width="16" height="16" rx="4" />
            <path d="M3 12 7 5l3 4 3-5" />
          </svg>
          Stride
        </a>
        <div class="switches">
          <UnitSwitch />
          <button type="button" class="icon" aria-label={dark ? 'Light theme' : 'Dark theme'} onClick={switchTheme}>
            <svg viewBox="0 0 16 16" width="18" height="18" aria-hidden="true">
              <circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.5" />
              <path d="M8 2a6 6 0 0 1 0 12Z" fill="currentColor" />
            </svg>
          </button>
        </div>
        <Nav />
      </header>
      <Offline />
      {children}
      <footer class="site-foot">
        <p>A plan is advice, not medicine. If something hurts or you have been ill, rest and ask a doctor.</p>
        <p>
          <a href="/api/docs">API</a>
        </p>
      </footer>
      <div class="toasts" role="status">
        {useCell(toasts).map((t) => (
          <Note key={t.id} toast={t} />
        ))}
      </div>
    </>
  );
}

function Nav() {
  const { path } = useCell(place);
  const anonymous = useCell(session).state === 'anonymous';
  return (
    <nav aria-label="Main">
      <ul>
        {nav.map(({ path: to, name, account }) =>
          account === anonymous ? null : (
            <li key={to}>
              <a href={to} aria-current={path === to || (to !== '/' && path.startsWith(`${to}/`)) ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ),
        )}
      </ul>
    </nav>
  );
}

/** Kilometres or miles, for everything on the site. */
function UnitSwitch() {
  const chosen = useCell(unit);
  return (
    <fieldset class="choice small">
      <legend class="visually-hidden">Unit</legend>
      {(['km', 'mi'] as const).map((u) => (
        <label key={u}>
          <input type="radio" name="site-unit" value={u} checked={chosen === u} onChange={() => chooseUnit(u)} />
          <span>
            <abbr title={u === 'km' ? 'kilometres' : 'miles'}>{u}</abbr>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
