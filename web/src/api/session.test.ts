import { beforeEach, expect, test, vi } from 'vitest';
import type { Runner } from './types';

const runner: Runner = { id: 'r', email: 'a@example.com', heart_rates: [], unit: 'km', created_at: '', updated_at: '' };

type Handler = (path: string, init: RequestInit) => { status: number; body?: unknown } | Promise<{ status: number; body?: unknown }>;
let handle: Handler;
let asked: string[];
let session: typeof import('./session');
let state: typeof import('../state/session');

const tokens = (n: number, expires_in = 900) => ({ status: 200, body: { runner, access_token: `token-${n}`, token_type: 'Bearer', expires_in } });
const bearer = (init: RequestInit) => new Headers(init.headers).get('Authorization');

beforeEach(async () => {
  vi.resetModules();
  asked = [];
  vi.stubGlobal('scrollTo', () => undefined);
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push(path);
    const { status, body } = await handle(path, init);
    return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } });
  });
  session = await import('./session');
  state = await import('../state/session');
});

test('requests share one renewal', async () => {
  let n = 0;
  handle = (path) => (path === '/api/refresh' ? tokens(++n) : { status: 200, body: {} });
  await Promise.all([session.call('/api/a'), session.call('/api/b'), session.call('/api/c')]);
  expect(asked.filter((path) => path === '/api/refresh')).toHaveLength(1);
});

test('a token is renewed before it expires', async () => {
  let n = 0;
  handle = (path) => (path === '/api/refresh' ? tokens(++n, 30) : { status: 200, body: {} }); // half a minute is none
  await session.call('/api/a');
  await session.call('/api/a');
  expect(n).toBe(2);
});

test('a refused token is renewed, and the request sent once more', async () => {
  let n = 0;
  handle = (path, init) => (path === '/api/refresh' ? tokens(++n) : bearer(init) === 'Bearer token-2' ? { status: 200, body: { ok: true } } : { status: 401 });
  expect((await session.call('/api/a')).data).toEqual({ ok: true });
  expect(asked).toEqual(['/api/refresh', '/api/a', '/api/refresh', '/api/a']);
});

test('a refused renewal signs out, and remembers who was at work', async () => {
  handle = () => tokens(1, 0);
  await session.signIn({ email: 'a@example.com', password: 'x' });
  handle = () => ({ status: 401 });
  await expect(session.call('/api/a')).rejects.toMatchObject({ status: 401 });
  expect(state.session.value).toEqual({ state: 'anonymous', was: runner });
});

test('a renewal that is not heard signs nobody out', async () => {
  handle = () => tokens(1, 0);
  await session.signIn({ email: 'a@example.com', password: 'x' });
  handle = () => Promise.reject(new TypeError('no network'));
  await expect(session.call('/api/a')).rejects.toMatchObject({ kind: 'offline' });
  expect(state.session.value.state).toBe('signed_in');
});

test('the answer to a renewal that was asked for before signing out is not believed', async () => {
  handle = () => tokens(1, 0);
  await session.signIn({ email: 'a@example.com', password: 'x' });
  let answer: (value: { status: number; body?: unknown }) => void = () => undefined;
  handle = (path) => (path === '/api/refresh' ? new Promise((resolve) => (answer = resolve)) : { status: 204 });
  const renewal = session.refresh();
  await vi.waitFor(() => expect(asked).toContain('/api/refresh'));
  await session.signOut();
  answer(tokens(2));
  await renewal;
  expect(state.session.value).toEqual({ state: 'anonymous' });
});

test('signing out that the server did not hear changes nothing', async () => {
  handle = () => tokens(1);
  await session.signIn({ email: 'a@example.com', password: 'x' });
  handle = () => ({ status: 503 });
  await expect(session.signOut()).rejects.toMatchObject({ status: 503 });
  expect(state.session.value.state).toBe('signed_in');
});
