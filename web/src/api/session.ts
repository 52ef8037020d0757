// Signing in and staying so. The access token lives in this module alone, the
// refresh token in a cookie that no script can read. Pages load this module
// only when somebody is, or wants to be, signed in.
import { send, type Answer, type Options } from './http';
import { Fault } from './fault';
import { returns } from '../state/online';
import { go } from '../state/place';
import { session, setSession } from '../state/session';
import { suggestUnit } from '../state/unit';
import type { Credentials, Registration, Runner, Tokens } from './types';

let access: { token: string; expires: number } | undefined;
/** Rises with every sign-in and sign-out, so that an answer to what was asked before is not believed after. */
let era = 0;
let refreshing: Promise<void> | undefined;

const tabs = new BroadcastChannel('stride.session');
tabs.onmessage = ({ data }: MessageEvent<'in' | 'out'>) => {
  forget();
  if (data === 'out') setSession({ state: 'anonymous' });
  else void resume();
};

function forget(): void {
  era++;
  access = undefined;
  refreshing = undefined;
}

function take(tokens: Tokens): void {
  // Half a minute early, for clocks and slow networks.
  access = { token: tokens.access_token, expires: performance.now() + (tokens.expires_in - 30) * 1000 };
  const again = 'was' in session.value;
  suggestUnit(tokens.runner.unit);
  setSession({ state: 'signed_in', runner: tokens.runner });
  if (again) returns.value++; // what failed meanwhile is read anew
}

async function enter(path: string, body: Credentials | Registration): Promise<Runner> {
  const { data } = await send<Tokens>(path, { body: { ...body, refresh_token_in: 'cookie' }, timeout: 30_000 });
  forget();
  take(data);
  tabs.postMessage('in');
  return data.runner;
}

export const register = (body: Registration): Promise<Runner> => enter('/api/register', body);
export const signIn = (body: Credentials): Promise<Runner> => enter('/api/login', body);

/** Ends this sign-in, or all of the runner. It throws a Fault and changes nothing if the server was not told. */
export async function signOut(everywhere = false): Promise<void> {
  await send('/api/logout', { body: everywhere ? { everywhere } : {} });
  left();
}

/** Says that nobody is signed in here any more: after signing out, or after the account was deleted. */
export function left(): void {
  go('/'); // first, since the pages of an account would ask for signing in
  forget();
  setSession({ state: 'anonymous' });
  tabs.postMessage('out');
}

/** Replaces what is known of the account, after a change of it. */
export function setRunner(changed: Runner): void {
  if (session.value.state === 'signed_in') setSession({ state: 'signed_in', runner: changed });
}

/**
 * Gets a new access token by the cookie. All callers of a tab share one
 * request, and tabs take turns, since each refresh token is good once.
 */
export function refresh(): Promise<void> {
  if (refreshing) return refreshing;
  const asked = era;
  const attempt = exclusively(async () => {
    try {
      const { data } = await send<Tokens>('/api/refresh', { body: {} });
      if (asked === era) take(data);
    } catch (error) {
      if (asked === era && error instanceof Fault && (error.status === 401 || error.status === 403)) {
        access = undefined;
        const before = session.value;
        setSession(before.state === 'signed_in' ? { state: 'anonymous', was: before.runner } : { state: 'anonymous' });
      }
      throw error;
    }
  }).finally(() => {
    if (refreshing === attempt) refreshing = undefined;
  });
  refreshing = attempt;
  return attempt;
}

const exclusively = <T>(work: () => Promise<T>): Promise<T> =>
  navigator.locks ? (navigator.locks.request('stride.refresh', work) as Promise<T>) : work();

/** Finds out whether the cookie still signs in. It never throws. */
export async function resume(): Promise<void> {
  try {
    await refresh();
  } catch {
    // Refused: the session says so. Not reached: it stays unknown until a call succeeds.
  }
}

/** Sends a request as the runner who is signed in, renewing the access token where that is needed. */
export async function call<T>(path: string, options: Options = {}): Promise<Answer<T>> {
  if (!access || access.expires <= performance.now()) await refresh();
  try {
    return await send<T>(path, { ...options, token: access?.token });
  } catch (error) {
    if (!(error instanceof Fault) || error.status !== 401) throw error;
    await refresh(); // revoked, or the keys changed
    return send<T>(path, { ...options, token: access?.token });
  }
}

/**
 * Fetches a file as the runner who is signed in. The API leads on to where it
 * is kept, and browsers leave the token behind. It throws a Fault.
 */
export async function fetchFile(path: string): Promise<Blob> {
  if (!access || access.expires <= performance.now()) await refresh();
  const get = async (): Promise<Response> => {
    try {
      return await fetch(path, { headers: { Authorization: `Bearer ${access?.token}` }, cache: 'no-store', signal: AbortSignal.timeout(60_000) });
    } catch {
      throw new Fault('offline');
    }
  };
  let response = await get();
  if (response.status === 401) {
    await refresh();
    response = await get();
  }
  if (!response.ok) throw new Fault('problem', response.status);
  try {
    return await response.blob();
  } catch {
    throw new Fault('offline');
  }
}
