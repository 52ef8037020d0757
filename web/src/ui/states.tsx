// What every page may have to say.
import { useEffect, useState } from 'preact/hooks';
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
