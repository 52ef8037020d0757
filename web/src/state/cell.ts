// State that is wider than one component, in as few bytes as the first view
// can spare.
import { useEffect, useReducer } from 'preact/hooks';

/** A value that tells when it changes. */
export interface Cell<T> {
  /** Setting it to something else tells all that listen. */
  value: T;
  /** Calls `listen` after each change, until what it returns is called. */
  subscribe(listen: (value: T) => void): () => void;
}

export function cell<T>(first: T): Cell<T> {
  let current = first;
  const listeners = new Set<(value: T) => void>();
  return {
    get value() {
      return current;
    },
    set value(next) {
      if (Object.is(next, current)) return;
      current = next;
      for (const listen of [...listeners]) listen(next);
    },
    subscribe(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
  };
}

/** The value of a cell; the component is rendered anew when it changes. */
export function useCell<T>(c: Cell<T>): T {
  const [, render] = useReducer<number, void>((n) => n + 1, 0);
  const shown = c.value;
  useEffect(() => {
    if (!Object.is(shown, c.value)) render(); // between rendering and here
    return c.subscribe(() => render());
  }, [c]);
  return shown;
}
