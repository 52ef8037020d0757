// Deleting with a way back. What is deleted disappears at once, and is really
// deleted when its note has gone without Undo. If that fails it comes back,
// and a note says why.
import { call } from '../api/session';
import { Fault } from '../api/fault';
import { cell } from './cell';
import { close, toast, toasts } from './toasts';

/** The paths of what is being deleted, or is deleted: nothing shows it any more. */
export const removed = cell<ReadonlySet<string>>(new Set());

const hide = (path: string) => (removed.value = new Set([...removed.value, path]));
const show = (path: string) => (removed.value = new Set([...removed.value].filter((p) => p !== path)));

let deleting: Promise<unknown>[] = [];

/**
 * Deletes what is at a path of the API once the runner has had time to think
 * better of it. `version` is what they saw: what has changed since stays.
 */
export function remove(path: string, name: string, version: string | undefined, back: () => void, done?: () => void): void {
  hide(path);
  const work = async () => {
    try {
      // It may be the last thing that this page does.
      await call(path, { method: 'DELETE', keepalive: true, ...(version && { ifMatch: version }) });
      done?.();
    } catch (error) {
      if (error instanceof Fault && error.status === 404) return; // somebody else deleted it
      show(path);
      back();
      toast(`${name} is still here. ${why(error)}`);
    }
  };
  toast(
    `${name} is deleted.`,
    () => {
      show(path);
      back();
    },
    () => deleting.push(work()),
  );
}

function why(error: unknown): string {
  if (!(error instanceof Fault)) throw error;
  return error.status === 412 ? 'It was changed on another device in the meantime: look at it before you delete it.' : error.message;
}

/** Does now what waits for its note to go: before signing out, after which it could not be done. */
export async function settle(): Promise<void> {
  for (const note of toasts.value) if (note.after) close(note);
  await Promise.all(deleting);
  deleting = [];
}
