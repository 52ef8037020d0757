import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Loading } from './states';

/**
 * A component whose code is fetched when it is first shown. While it comes,
 * the page says so; if it does not, there is a button to try again.
 */
export function lazy<P extends object>(load: () => Promise<{ default: ComponentType<P> }>) {
  let Loaded: ComponentType<P> | undefined;
  const fetchIt = async () => (Loaded = (await load()).default);

  function Lazy(props: P) {
    const [, show] = useState(0);
    const [failed, setFailed] = useState(false);
    const get = () => {
      setFailed(false);
      fetchIt().then(
        () => show((n) => n + 1),
        () => setFailed(true),
      );
    };
    useEffect(() => {
      if (!Loaded) get();
    }, []);
    if (Loaded) return <Loaded {...props} />;
    // Browsers remember that a module failed, so only a reload asks again.
    return failed ? (
      <p class="state" role="alert">
        This part of Stride could not be loaded.{' '}
        <button type="button" onClick={() => location.reload()}>
          Load again
        </button>
      </p>
    ) : (
      <Loading />
    );
  }
  /** Fetches the code ahead of time. */
  Lazy.preload = () => void fetchIt().catch(() => {});
  return Lazy;
}
