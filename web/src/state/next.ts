// Where to go after signing in.
import { place } from './place';

/** Where people go who came for nothing else. */
export const HOME = '/today';

/** The address of signing in, from where one comes back to the present page. */
export function toSignIn(page = '/sign-in'): string {
  const { path, query } = place.value;
  return `${page}?${new URLSearchParams({ next: path + query })}`;
}

/** The page that a query asks to come back to: one of this site, whatever the query says. */
export function nextOf(query: string, origin = location.origin): string {
  const next = new URLSearchParams(query).get('next') ?? HOME;
  try {
    const url = new URL(next, origin);
    if (url.origin !== origin || !next.startsWith('/') || /^\/(api|sign-in|register)(\/|$)/.test(url.pathname)) return HOME;
    return url.pathname + url.search;
  } catch {
    return HOME;
  }
}
