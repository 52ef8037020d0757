import type { ComponentType } from 'preact';
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

const page = <P extends object>(load: () => Promise<{ default: ComponentType<P> }>) => lazy(load, true);

/** Pages for everybody. */
const open = new Map([
  ['/compare', page<PageProps>(() => import('./compare'))],
  ['/tools', page(() => import('./tools'))],
  ['/tools/heart-rate', page(() => import('./heart-rate'))],
  ['/tools/race-times', page(() => import('./race-times'))],
  ['/sign-in', page(() => import('./sign-in'))],
  ['/register', page(() => import('./register'))],
]);

const Missing = page(() => import('./missing'));

/** Pages of an account. */
const own = [
  ['/today', page<MemberProps>(() => import('./today'))],
  ['/plans', page<MemberProps>(() => import('./plans'))],
  ['/plans/:id', page<MemberProps>(() => import('./saved'))],
  ['/runs', page<MemberProps>(() => import('./runs'))],
  ['/runs/upload', page<MemberProps>(() => import('./upload'))],
  ['/runs/bests', page<MemberProps>(() => import('./bests'))],
  ['/runs/:id', page<MemberProps>(() => import('./run'))],
  ['/account', page<MemberProps>(() => import('./account'))],
  ['/account/:part', page<MemberProps>(() => import('./account'))],
] as const;

/** The pages that the first view does not list. There is no page but these. */
export default function More(props: PageProps) {
  const { path } = useCell(place);
  const Open = open.get(path);
  if (Open) return <Open {...props} />;
  const found = own.find(([pattern]) => match(pattern, path));
  return found ? <Gate Shown={found[1]} params={match(found[0], path) ?? {}} /> : <Missing />;
}

/** Who is not signed in does so first, and comes back to where they wanted to go. */
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
