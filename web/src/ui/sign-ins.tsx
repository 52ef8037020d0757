// Where the runner is signed in, and ending that.
import { useState } from 'preact/hooks';
import { asFault, type Fault } from '../api/fault';
import { call, signOut } from '../api/session';
import type { SignIn, SignIns } from '../api/types';
import { settle } from '../state/removal';
import { toast } from '../state/toasts';
import { useResource } from './resource';
import { Failed } from './failed';
import { Loading } from './states';

/** The browser and the device that a client calls itself, in words; undefined when it is none that we know. */
export function deviceOf(agent = ''): string | undefined {
  const found = (list: readonly (readonly [RegExp, string])[]) => list.find(([pattern]) => pattern.test(agent))?.[1];
  const browser = found([
    [/Edg/, 'Edge'],
    [/OPR\/|Opera/, 'Opera'],
    [/SamsungBrowser/, 'Samsung Internet'],
    [/Firefox|FxiOS/, 'Firefox'],
    [/Chrome|CriOS|Chromium/, 'Chrome'],
    [/Safari/, 'Safari'],
  ]);
  const device = found([
    [/iPhone/, 'iPhone'],
    [/iPad/, 'iPad'],
    [/Android/, 'Android'],
    [/CrOS/, 'Chromebook'],
    [/Windows/, 'Windows'],
    [/Mac OS X/, 'Mac'],
    [/Linux/, 'Linux'],
  ]);
  return browser && device ? `${browser} on ${device}` : (browser ?? device);
}

const moment = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' });
const at = (instant: string): string => moment.format(new Date(instant));

export function SignInList() {
  const list = useResource<SignIns>('sign-ins', async (signal) => {
    const all: SignIn[] = [];
    let cursor: string | undefined;
    do {
      const query = new URLSearchParams({ limit: '100', ...(cursor && { cursor }) });
      const { data } = await call<SignIns>(`/api/runners/me/sign_ins?${query}`, { signal });
      all.push(...data.items);
      cursor = data.next_cursor;
    } while (cursor && all.length < 500);
    return { items: all };
  });
  const [fault, setFault] = useState<Fault>();
  const [ending, setEnding] = useState<string>();

  const end = async (signIn: SignIn) => {
    if (ending) return;
    setEnding(signIn.id);
    setFault(undefined);
    try {
      await call(`/api/runners/me/sign_ins/${signIn.id}`, { method: 'DELETE' });
      toast('That device is signed out. It may take up to 15 minutes.');
    } catch (error) {
      if (asFault(error).status !== 404) setFault(asFault(error));
    } finally {
      setEnding(undefined);
      list.reload();
    }
  };

  if (!list.data) return list.fault ? <Failed fault={list.fault} retry={list.reload} /> : <Loading />;
  return (
    <>
      <ul class="sign-ins">
        {list.data.items.map((signIn) => (
          <li key={signIn.id}>
            <div>
              <b>{deviceOf(signIn.user_agent) ?? (signIn.user_agent || 'Unknown device')}</b> {signIn.current && <span class="badge">this device</span>}
              <p class="fine">
                Since {at(signIn.created_at)}. Used last {at(signIn.last_used_at)}.
              </p>
            </div>
            {!signIn.current && (
              <button type="button" aria-disabled={ending === signIn.id || undefined} onClick={() => void end(signIn)}>
                Sign out <span class="visually-hidden">{deviceOf(signIn.user_agent)}, since {at(signIn.created_at)}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
      <div role="alert" class="form-alert">
        {fault && <p>{fault.message}</p>}
      </div>
    </>
  );
}

/** Two buttons: here, and everywhere. */
export function SignOut() {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  const leave = async (everywhere: boolean) => {
    if (busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      await settle();
      await signOut(everywhere);
      toast(everywhere ? 'You are signed out, on other devices within 15 minutes.' : 'You are signed out.');
    } catch (error) {
      setFault(asFault(error));
      setBusy(false);
    }
  };
  return (
    <>
      <div class="actions">
        <button type="button" aria-disabled={busy || undefined} onClick={() => void leave(false)}>
          Sign out
        </button>
        <button type="button" aria-disabled={busy || undefined} onClick={() => void leave(true)}>
          Sign out everywhere
        </button>
      </div>
      <div role="alert" class="form-alert">
        {fault && <p>{fault.message}</p>}
      </div>
    </>
  );
}
