import { useEffect } from 'preact/hooks';
import { Layout } from './ui/layout';
import { routes } from './routes';
import { useCell } from './state/cell';
import { returns } from './state/online';
import { match, place } from './state/place';
import { session } from './state/session';
import { unit } from './state/unit';

export function App() {
  useCell(unit); // every number on every page is in it
  const { path } = useCell(place);

  // A browser that was signed in tries its cookie, at first and when the
  // server is back.
  const unknown = useCell(session).state === 'unknown';
  const back = useCell(returns);
  useEffect(() => {
    if (unknown) void import('./api/session').then((s) => s.resume());
  }, [unknown, back]);

  for (const [pattern, Page] of routes) {
    const params = match(pattern, path);
    if (params || !pattern) {
      return (
        <Layout>
          <Page key={path} params={params ?? {}} />
        </Layout>
      );
    }
  }
  return null;
}
