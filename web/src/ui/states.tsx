// What a page shows when it has nothing else to show.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Fault } from '../api/fault';
import { useCell } from '../state/cell';
import { probe, reached } from '../state/online';

/** Says that something is on its way, once it takes long enough to wonder. */
export function Loading({ what = 'Loading' }: { what?: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="state loading" role="status">
      {late && <p>{what}…</p>}
    </div>
  );
}

/** Nothing there yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="state">
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Something could not be read. It says what to do, and offers to try again. */
export function Failed({ fault, retry, children }: { fault: Fault; retry?: (() => void) | undefined; children?: ComponentChildren }) {
  const title =
    fault.kind !== 'problem' ? 'Stride is out of reach' : fault.status === 404 ? 'There is nothing here' : (fault.problem?.title ?? 'This did not work');
  return (
    <div class="state failed" role="alert">
      <h2>{title}</h2>
      <p>{fault.message}</p>
      {retry && fault.status !== 404 && (
        <button type="button" class="primary" onClick={retry}>
          Try again
        </button>
      )}
      {children}
      {fault.requestId && fault.status >= 500 && (
        <p class="fine">
          If it stays, report this id: <code>{fault.requestId}</code>
        </p>
      )}
    </div>
  );
}

/** Tells on every page that the server is away. */
export function Offline() {
  return (
    <div role="status">
      {!useCell(reached) && (
        <p class="offline">
          Stride cannot be reached. What you see may be old; what you enter stays here.{' '}
          <button type="button" class="link" onClick={() => void probe()}>
            Try now
          </button>
        </p>
      )}
    </div>
  );
}
