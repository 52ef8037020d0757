// Where the browser is within the site.
import { cell } from './cell';

export interface Place {
  path: string;
  /** With its question mark, or empty. */
  query: string;
}

const here = (): Place => ({ path: location.pathname.replace(/(.)\/+$/, '$1'), query: location.search });

export const place = cell<Place>(here());

/** Goes to an address of the site: as a new entry of the history, or in place of the present one. */
export function go(url: string, replace = false): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', url);
  const next = here();
  if (next.path !== place.value.path) scrollTo(0, 0);
  place.value = next;
}

/** The parts of a path that a pattern such as /plans/:id names, or undefined if it does not match. */
export function match(pattern: string, path: string): Record<string, string> | undefined {
  const [want, have] = [pattern.split('/'), path.split('/')];
  if (want.length !== have.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    const value = have[i] as string;
    if (part[0] === ':' && value) {
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return undefined; // a lone %
      }
    } else if (part !== value) {
      return undefined;
    }
  }
  return params;
}

addEventListener('popstate', () => (place.value = here()));

// Links within the site change the page without loading it. The API's pages
// are the server's, and whatever is to open elsewhere does.
addEventListener('click', (event) => {
  const link = (event.target as Element).closest?.('a');
  if (
    !link ||
    event.defaultPrevented ||
    event.button !== 0 ||
    event.ctrlKey || event.metaKey || event.altKey || event.shiftKey ||
    link.origin !== location.origin ||
    link.target ||
    link.hasAttribute('download') ||
    /^\/(api|problems)\//.test(link.pathname) ||
    link.getAttribute('href')?.[0] === '#'
  ) {
    return;
  }
  event.preventDefault();
  go(link.pathname + link.search);
});
