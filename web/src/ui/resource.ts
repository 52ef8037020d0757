import { useEffect, useRef, useState } from 'preact/hooks';
import { asFault, isAbort, type Fault } from '../api/fault';
import { useCell } from '../state/cell';
import { returns } from '../state/online';

export interface Resource<T> {
  /** What was read last; it stays while it is read anew. */
  data: T | undefined;
  /** Why the last reading failed. */
  fault: Fault | undefined;
  loading: boolean;
  reload: () => void;
  /** Replaces the data by what a change has answered. */
  set: (data: T) => void;
}

/**
 * Reads something when `key` changes, and again when the server comes back
 * after it failed. A reading that is overtaken is given up.
 */
export function useResource<T>(key: string, read: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const [state, setState] = useState<{ key: string; data?: T | undefined; fault?: Fault | undefined; loading: boolean }>({ key, loading: true });
  const [turn, setTurn] = useState(0);
  const failed = useRef(false);
  const back = useCell(returns);
  const [seen, setSeen] = useState(back);
  if (seen !== back) {
    setSeen(back);
    if (failed.current) setTurn(turn + 1);
  }

  useEffect(() => {
    const control = new AbortController();
    setState((last) => ({ key, data: last.key === key ? last.data : undefined, loading: true }));
    read(control.signal).then(
      (data) => {
        failed.current = false;
        if (!control.signal.aborted) setState({ key, data, loading: false });
      },
      (error: unknown) => {
        if (control.signal.aborted || isAbort(error)) return;
        failed.current = true;
        const fault = asFault(error);
        setState((last) => ({ key, data: last.data, fault, loading: false }));
      },
    );
    return () => control.abort();
  }, [key, turn]);

  const current = state.key === key ? state : { key, loading: true as const };
  return {
    data: current.data,
    fault: current.fault,
    loading: current.loading,
    reload: () => setTurn((n) => n + 1),
    set: (data) => setState({ key, data, loading: false }),
  };
}
