import { afterEach, expect, test, vi } from 'vitest';
import { Fault } from './fault';
import { send } from './http';
import { reached } from '../state/online';

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : typeof body === 'string' ? body : JSON.stringify(body), {
    status,
    headers: { 'Content-Type': typeof body === 'string' ? 'text/html' : status >= 400 ? 'application/problem+json' : 'application/json', ...headers },
  });
const serve = (respond: (request: Request) => Response | Promise<Response>) => {
  const mock = vi.fn((path: string, init: RequestInit) => Promise.resolve().then(() => respond(new Request(new URL(path, 'http://stride.test'), init))));
  vi.stubGlobal('fetch', mock);
  return mock;
};
const fault = async (call: Promise<unknown>): Promise<Fault> => {
  const error = await call.then(() => undefined, (e: unknown) => e);
  if (!(error instanceof Fault)) throw new Error(`no fault: ${String(error)}`);
  return error;
};

afterEach(() => {
  vi.unstubAllGlobals();
  reached.value = true;
});

test('sends JSON with the headers that were asked for', async () => {
  let seen: Request | undefined;
  serve((request) => {
    seen = request;
    return answer(200, { ok: true }, { ETag: '"7"', 'Idempotency-Replayed': 'true' });
  });
  const got = await send('/api/plans', { body: { a: 1 }, token: 't', ifMatch: '"6"', idempotencyKey: 'k' });
  expect(got).toEqual({ data: { ok: true }, status: 200, etag: '"7"', replayed: true });
  expect(seen?.method).toBe('POST');
  expect(await seen?.json()).toEqual({ a: 1 });
  expect(Object.fromEntries(['Authorization', 'If-Match', 'Idempotency-Key', 'Content-Type'].map((h) => [h, seen?.headers.get(h)]))).toEqual({
    Authorization: 'Bearer t', 'If-Match': '"6"', 'Idempotency-Key': 'k', 'Content-Type': 'application/json',
  });
});

test('a problem becomes a fault with its fields', async () => {
  serve(() => answer(422, { type: '/problems/validation', title: 'No', status: 422, detail: 'Mend it.', instance: 'ID', errors: [{ pointer: '/weeks', code: 'out_of_range', message: 'Less.' }] }));
  const f = await fault(send('/api/generate', { body: {} }));
  expect([f.kind, f.status, f.slug, f.message, f.requestId, f.errors[0]?.pointer]).toEqual(['problem', 422, 'validation', 'Mend it.', 'ID', '/weeks']);
});

test('a status alone is enough, as when a gateway refuses', async () => {
  serve(() => answer(401, '<html>'));
  const f = await fault(send('/api/plans'));
  expect([f.status, f.message, f.errors]).toEqual([401, 'Sign in again.', []]);
  serve(() => answer(429, {}, { 'Retry-After': '7' }));
  expect((await fault(send('/api/plans'))).message).toContain('7 seconds');
});

test('a page of somebody else is not taken for an answer', async () => {
  serve(() => answer(200, '<html>Welcome to our hotel'));
  expect((await fault(send('/api/plans'))).status).toBe(502);
});

test('204 has no body, and needs none', async () => {
  serve(() => answer(204, ''));
  expect((await send('/api/logout', { body: {} })).status).toBe(204);
});

test('without a network it says so, and knows when it is back', async () => {
  serve(() => Promise.reject(new TypeError('failed')));
  expect((await fault(send('/api/plans'))).kind).toBe('offline');
  expect(reached.value).toBe(false);
  serve(() => answer(200, {}));
  await send('/api/plans');
  expect(reached.value).toBe(true);
});

test('whoever gives up gets an AbortError and no fault', async () => {
  const control = new AbortController();
  serve((request) => new Promise((_, reject) => {
    const end = () => reject(new DOMException('x', 'AbortError'));
    if (request.signal.aborted) end();
    request.signal.addEventListener('abort', end);
  }));
  const call = send('/api/plans', { signal: control.signal });
  control.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  expect(reached.value).toBe(true);
});

test('an answer that does not come is given up', async () => {
  vi.spyOn(AbortSignal, 'timeout').mockReturnValue(AbortSignal.abort(new DOMException('late', 'TimeoutError')));
  serve(() => Promise.reject(new DOMException('late', 'TimeoutError')));
  expect((await fault(send('/api/plans'))).kind).toBe('timeout');
});
