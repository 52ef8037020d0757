// Short notes of what was done, some with a way back.
import { cell } from './cell';

export interface Toast {
  id: number;
  text: string;
  undo: (() => void) | undefined;
  /** Called once the note is gone and was not undone: time to do what cannot be undone. */
  after: (() => void) | undefined;
}

export const toasts = cell<Toast[]>([]);
let last = 0;

/**
 * Tells what was done. With `undo` it offers a way back for as long as it is
 * shown; `after` runs when that time is over.
 */
export function toast(text: string, undo?: () => void, after?: () => void): void {
  toasts.value = [...toasts.value, { id: ++last, text, undo, after }];
}

// Whoever leaves has not pressed undo.
addEventListener('pagehide', () => toasts.value.forEach((t) => close(t)));

/** Takes a note away, because it was undone or because its time is over. */
export function close(t: Toast, undone = false): void {
  if (!toasts.value.includes(t)) return;
  toasts.value = toasts.value.filter((other) => other !== t);
  if (undone) t.undo?.();
  else t.after?.();
}
