// A plan that somebody wants to save, but for which they have to sign in first.
import { cell } from './cell';

export interface Pending {
  /** The answers, as the query of an address. */
  query: string;
  /** One for each wish to save, so that the plan is saved once whatever happens on the way. */
  key: string;
}

const NAME = 'stride.pending';

function load(): Pending | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(NAME) ?? 'null');
    if (kept && typeof kept === 'object' && 'query' in kept && 'key' in kept) return { query: String(kept.query), key: String(kept.key) };
  } catch {
    // nothing kept, or nothing sensible
  }
  return undefined;
}

/** The plan that waits to be saved. It outlives a reload, and not the tab. */
export const pending = cell<Pending | undefined>(load());

pending.subscribe((wanted) => {
  try {
    if (wanted) sessionStorage.setItem(NAME, JSON.stringify(wanted));
    else sessionStorage.removeItem(NAME);
  } catch {
    // private windows
  }
});
