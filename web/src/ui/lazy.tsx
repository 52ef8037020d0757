import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Failed, Loading } from './states';
import { Fault } from '../api/fault';

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
    return failed ? <Failed fault={new Fault('offline')} retry={() => location.reload()} /> : <Loading />;
  }
  /** Fetches the code ahead of time. */
  Lazy.preload = () => void fetchIt().catch(() => {});
  return Lazy;
}
