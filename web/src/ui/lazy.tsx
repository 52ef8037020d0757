import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../state/cell';
import { probe, returns } from '../state/online';
import { Loading } from './states';

/**
 * A component whose code is fetched when it is first shown. While it comes,
 * the page says so; if it does not, there is a button to load the page again.
 * With `page` it is a page of its own, which loads itself again once the
 * server is back.
 */
export function lazy<P extends object>(load: () => Promise<{ default: ComponentType<P> }>, page = false) {
  let Loaded: ComponentType<P> | undefined;
  const fetchIt = async () => (Loaded = (await load()).default);

  function Lazy(props: P) {
    const [, show] = useState(0);
    const [failed, setFailed] = useState<number>();
    const back = useCell(returns);
    useEffect(() => {
      if (Loaded) return;
      fetchIt().then(
        () => show((n) => n + 1),
        () => {
          setFailed(returns.value);
          void probe();
        },
      );
    }, []);
    useEffect(() => {
      // Browsers remember that a module failed, so only a reload asks again.
      if (page && failed !== undefined && failed !== back) location.reload();
    }, [failed, back]);
    if (Loaded) return <Loaded {...props} />;
    const state =
      failed === undefined ? (
        <Loading />
      ) : (
        <div class="state" role="alert">
          <p>This part of Stride could not be loaded.</p>
          <button type="button" onClick={() => location.reload()}>
            Load again
          </button>
        </div>
      );
    return page ? (
      <main id="main">
        {failed !== undefined && <h1>Not here yet</h1>}
        {state}
      </main>
    ) : (
      state
    );
  }
  /** Fetches the code ahead of time. */
  Lazy.preload = () => void fetchIt().catch(() => {});
  return Lazy;
}
