// Changes that several devices may make at once. Whoever changes something
// names the version they saw; when that has passed, what was changed elsewhere
// is compared field by field, and the runner is asked where it is the same field.
import { call } from './session';
import { Fault } from './fault';

export type Change = Record<string, unknown>;

/** A change was made. `others` are the fields that had been changed elsewhere. */
export interface Saved<T> {
  kind: 'saved';
  data: T;
  etag: string;
  others: string[];
}

/** A change was not made: the same fields had been changed elsewhere. */
export interface Clash<T> {
  kind: 'clash';
  change: Change;
  fields: string[];
  /** What there is now, and its version. */
  theirs: T;
  etag: string;
}

/** The same value; nothing, null and an empty text are one. */
export const same = (a: unknown, b: unknown): boolean => JSON.stringify(plain(a)) === JSON.stringify(plain(b));
const plain = (value: unknown): unknown => (value === '' || value === undefined ? null : value);

/** The fields that are different in two versions. */
export const changedFields = (before: Change, after: Change): string[] =>
  Object.keys({ ...before, ...after }).filter((key) => !same(before[key], after[key]));

/**
 * Changes fields of the resource at `path`. `seen` is what the runner saw when
 * they decided, and `etag` its version; without one the present version is
 * read first. `facts` are what runners change in it, by the names that changes
 * have. It throws a Fault.
 */
export async function edit<T>(path: string, seen: NoInfer<T>, etag: string | undefined, change: Change, facts: (of: T) => Change): Promise<Saved<T> | Clash<T>> {
  let others: string[] = [];
  for (let turn = 0; ; turn++) {
    if (etag) {
      try {
        const answer = await call<T>(path, { method: 'PATCH', body: change, ifMatch: etag });
        return { kind: 'saved', data: answer.data, etag: answer.etag ?? '', others };
      } catch (error) {
        if (!(error instanceof Fault) || error.status !== 412 || turn > 4) throw error;
      }
    }
    const now = await call<T>(path);
    etag = now.etag ?? '';
    const theirs = facts(now.data);
    const changed = changedFields(facts(seen), theirs);
    const fields = changed.filter((key) => key in change && !same(theirs[key], change[key]));
    if (fields.length > 0) return { kind: 'clash', change, fields, theirs: now.data, etag };
    others = changed.filter((key) => !(key in change));
  }
}
