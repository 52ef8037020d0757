// What a page shows when it has nothing else to show, because there is nothing
// or because it could not be read.
import type { ComponentChildren } from 'preact';
import type { Fault } from '../api/fault';

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
