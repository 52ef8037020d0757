import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Runner } from './types';

const ann: Runner = { id: '1', email: 'ann@example.org', heart_rates: [], unit: 'km', created_at: '', updated_at: '' };
const json = (status: number, body: unknown) =>
  new Response(status === 204 ? null : JSON.stringify(body), { status, headers: { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json' } });

/** A server with one refresh token that is good once, and access tokens t1, t2 …; good lists those that it takes. */
function server() {
  const state = { issued: 0, good: new Set<string>(), refreshes: 0, refuse: false, down: false, log: [] as string[] };
  const tokens = () => {
    const token = `t${++state.issued}`;
    state.good.add(token);
    return json(200, { runner: ann, access_token: token, token_type: 'Bearer', expires_in: 900 });
  };
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    await new Promise((resolve) => setTimeout(resolve, 1));
    state.log.push(path);
    if (state.down) throw new TypeError('down');
    if (path === '/api/login' || path === '/api/register') return tokens();
    if (path === '/api/logout') return json(204, undefined);
    if (path === '/api/refresh') {
      state.refreshes++;
      return state.refuse ? json(401, { type: '/problems/refresh-invalid', title: 'Sign in again', status: 401, instance: '' }) : tokens();
    }
    const token = new Headers(init.headers).get('Authorization')?.slice(7) ?? '';
    return state.good.has(token) ? json(200, { token }) : json(401, { type: '/problems/invalid-token', title: 'No', status: 401, instance: '' });
  });
  return state;
}

// The module keeps the token, so each test has its own.
let api: typeof import('./session');
let who: typeof import('../state/session');
const Channel = BroadcastChannel;
const channels: BroadcastChannel[] = [];
beforeEach(async () => {
  vi.stubGlobal('BroadcastChannel', class extends Channel {
    constructor(name: string) {
      super(name);
      channels.push(this);
    }
  });
  vi.resetModules();
  [api, who] = [await import('./session'), await import('../state/session')];
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const channel of channels.splice(0)) channel.close(); // the module of the next test is not another tab
});

const signIn = () => api.signIn({ email: 'ann@example.org', password: 'x' });

test('signing in asks for a cookie, and calls carry the token', async () => {
  const fetched = vi.fn(async (_: string, init: RequestInit) => {
    expect(JSON.parse(String(init.body))).toEqual({ email: 'ann@example.org', password: 'x', refresh_token_in: 'cookie' });
    return json(200, { runner: ann, access_token: 't', token_type: 'Bearer', expires_in: 900 });
  });
  vi.stubGlobal('fetch', fetched);
  await signIn();
  expect(fetched).toHaveBeenCalledOnce();
  expect(who.session.value).toEqual({ state: 'signed_in', runner: ann });
  expect(JSON.stringify(localStorage)).not.toContain('"t"');
});

test('calls at the same time share one refresh', async () => {
  const s = server();
  const got = await Promise.all([1, 2, 3].map(() => api.call<{ token: string }>('/api/plans')));
  expect(got.map((a) => a.data.token)).toEqual(['t1', 't1', 't1']);
  expect(s.refreshes).toBe(1);
});

test('a token that is refused is renewed, once', async () => {
  const s = server();
  await signIn();
  s.good.clear(); // revoked
  expect((await api.call<{ token: string }>('/api/plans')).data.token).toBe('t2');
  expect(s.refreshes).toBe(1);
  vi.stubGlobal('fetch', vi.fn(async (path: string) => (path === '/api/refresh' ? json(200, { runner: ann, access_token: 'no', token_type: 'Bearer', expires_in: 900 }) : json(401, {}))));
  await expect(api.call('/api/plans')).rejects.toMatchObject({ status: 401 });
  expect(fetch).toHaveBeenCalledTimes(3); // the call, the refresh, the call again, and no more
});

test('a token that has run out is renewed before it is used', async () => {
  const s = server();
  await signIn();
  const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 871_000);
  await api.call('/api/plans');
  now.mockRestore();
  expect(s.log).toEqual(['/api/login', '/api/refresh', '/api/plans']);
});

test('a refused refresh signs out; a server that is away does not', async () => {
  const s = server();
  await signIn();
  s.good.clear();
  s.down = true;
  await expect(api.refresh()).rejects.toMatchObject({ kind: 'offline' });
  expect(who.session.value.state).toBe('signed_in');
  s.down = false;
  s.refuse = true;
  await expect(api.call('/api/plans')).rejects.toMatchObject({ status: 401 });
  expect(who.session.value).toEqual({ state: 'anonymous', was: ann }); // to ask them over their work
  expect(localStorage.getItem('stride.signed_in')).toBeNull();
});

test('an answer from before signing out signs nobody in again', async () => {
  server();
  await signIn();
  const { fetch } = globalThis;
  let answer = () => {};
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    const response = await fetch(path, init);
    if (path === '/api/refresh') await new Promise<void>((resolve) => (answer = resolve));
    return response;
  });
  const late = api.refresh();
  await api.signOut();
  answer();
  await late;
  expect(who.session.value.state).toBe('anonymous');
});

test('signing out that did not reach the server is not claimed', async () => {
  const s = server();
  await signIn();
  s.down = true;
  await expect(api.signOut()).rejects.toMatchObject({ kind: 'offline' });
  expect(who.session.value.state).toBe('signed_in');
});

test('tabs take turns', async () => {
  server();
  const held: string[] = [];
  vi.stubGlobal('navigator', { ...navigator, locks: { request: async (name: string, work: () => Promise<unknown>) => (held.push(name), work()) } });
  await api.refresh();
  expect(held).toEqual(['stride.refresh']);
});

test('another tab signed out', async () => {
  server();
  await signIn();
  const tab = new BroadcastChannel('stride.session');
  tab.postMessage('out');
  await vi.waitFor(() => expect(who.session.value.state).toBe('anonymous'));
  tab.close();
});
