import { useEffect, useState } from 'preact/hooks';
import { asFault, type Fault } from '../api/fault';
import { refresh } from '../api/session';
import type { Runner } from '../api/types';
import type { PageProps } from '../routes';
import { useCell } from '../state/cell';
import { returns } from '../state/online';
import { go, match, place } from '../state/place';
import { session } from '../state/session';
import { lazy } from '../ui/lazy';
import { Page } from '../ui/page';
import { Failed } from '../ui/failed';
import { Loading } from '../ui/states';
import { SignInAgain } from '../ui/sign-in-again';
import { toSignIn } from '../state/next';
import '../style/parts.css';
import '../style/member.css';

export interface MemberProps extends PageProps {
  runner: Runner;
}

/** Pages that need nobody signed in. */
const open = {
  '/sign-in': lazy(() => import('./sign-in')),
  '/register': lazy(() => import('./register')),
};

const Missing = lazy(() => import('./missing'));

const own = [
  ['/today', lazy<MemberProps>(() => import('./today'))],
  ['/plans', lazy<MemberProps>(() => import('./plans'))],
  ['/plans/:id', lazy<MemberProps>(() => import('./saved'))],
  ['/runs', lazy<MemberProps>(() => import('./runs'))],
  ['/runs/upload', lazy<MemberProps>(() => import('./upload'))],
  ['/runs/bests', lazy<MemberProps>(() => import('./bests'))],
  ['/runs/:id', lazy<MemberProps>(() => import('./run'))],
  ['/account', lazy<MemberProps>(() => import('./account'))],
  ['/account/:part', lazy<MemberProps>(() => import('./account'))],
] as const;

/**
 * The pages of accounts, listed here and not in the first view. Who is not
 * signed in comes back to where they wanted to go. There is no page but these.
 */
export default function Member(props: PageProps) {
  const { path } = useCell(place);
  const Open = open[path as keyof typeof open];
  if (Open) return <Open {...props} />;
  const found = own.find(([pattern]) => match(pattern, path));
  return found ? <Gate Shown={found[1]} params={match(found[0], path) ?? {}} /> : <Missing />;
}

function Gate({ Shown, params }: PageProps & { Shown: (typeof own)[number][1] }) {
  const now = useCell(session);
  const runner = now.state === 'signed_in' ? now.runner : now.state === 'anonymous' ? now.was : undefined;
  const away = now.state === 'anonymous' && !runner;
  useEffect(() => {
    if (away) go(toSignIn(), true);
  }, [away]);

  if (now.state === 'unknown') return <Asking />;
  if (!runner) return <main id="main" />;
  return (
    <>
      <Shown key={runner.id} params={params} runner={runner} />
      {now.state === 'anonymous' && <SignInAgain runner={runner} />}
    </>
  );
}

/** While it is not known whether the browser is still signed in. */
function Asking() {
  const [fault, setFault] = useState<Fault>();
  const back = useCell(returns);
  const ask = () => {
    setFault(undefined);
    refresh().catch((error: unknown) => setFault(asFault(error)));
  };
  useEffect(ask, [back]);
  return (
    <Page title="Your account" quiet={!fault}>
      {fault ? <Failed fault={fault} retry={ask} /> : <Loading what="Signing you in" />}
    </Page>
  );
}
