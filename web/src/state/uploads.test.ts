import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Fault } from '../api/fault';
import type { Options } from '../api/http';
import type { Import, Problem, Runner } from '../api/types';
import { setSession } from './session';

const server = vi.hoisted(() => ({
  calls: [] as { path: string; options: Options }[],
  answer: (_path: string, _options: Options): unknown => undefined,
  put: async (_url: string, _file: Blob): Promise<number> => 200,
}));
vi.mock('../api/session', () => ({
  call: async (path: string, options: Options = {}) => {
    server.calls.push({ path, options });
    return { data: server.answer(path, options) };
  },
}));
vi.mock('../api/file', () => ({
  digest: async (file: Blob) => (await file.text()).padEnd(64, '0'),
  put: (url: string, _headers: unknown, file: Blob) => server.put(url, file),
}));
const { addFiles, clear, plainName, progress, retry, uploads } = await import('./uploads');

const runner = (id: string) => setSession({ state: 'signed_in', runner: { id } as Runner });
const problem = (status: number, more: Partial<Problem> = {}) => new Fault('problem', status, { type: '/problems/x', title: 'No', status, ...more } as Problem, status === 503 ? 0.001 : undefined);
const named = (options: Options) => (options.body as { files: { name: string; size: number; sha256: string }[] }).files;
const announced = (options: Options): Import => ({
  id: 'i1',
  status: 'waiting',
  done: 0,
  total: 1,
  created_at: '',
  files: named(options).map((f) => ({ ...f, verdict: 'upload', url: `https://bucket/${f.name}`, headers: {} })),
});
const file = (text: string, name = `${text}.fit`) => new File([text], name);
const phases = () => uploads.value.map((u) => u.phase);
const settled = () => vi.waitFor(() => expect(phases().every((p) => !['queued', 'sending', 'reading'].includes(p))).toBe(true), { timeout: 4000 });

beforeEach(() => {
  runner('one');
  server.calls = [];
  server.put = async () => 200;
});
afterEach(() => setSession({ state: 'anonymous' }));

test('what the server refuses is told file by file, and only what may help is offered again', async () => {
  server.answer = () => {
    throw problem(422, { errors: [{ pointer: '/files/1/name', code: 'invalid_format', message: 'Give the name of the file.' }] } as Partial<Problem>);
  };
  addFiles([file('aa'), file('bb')]);
  await settled();
  expect(uploads.value.map((u) => [u.why, u.again])).toEqual([
    ['It was not sent, since another file of its batch was refused.', true],
    ['Give the name of the file.', false],
  ]);

  server.answer = () => {
    throw problem(409, { detail: 'There is no room.' });
  };
  retry(uploads.value.map((u) => u.key));
  await settled();
  expect(uploads.value.map((u) => [u.why, u.again])).toEqual([
    ['There is no room.', false],
    ['Give the name of the file.', false],
  ]);
  clear();
  expect(uploads.value).toEqual([]);
});

test('a server that is busy is asked again, under the same key', async () => {
  let busy = 2;
  server.answer = (path, options) => {
    if (path === '/api/imports') {
      if (busy-- > 0) throw problem(503);
      return announced(options);
    }
    return { ...announced(server.calls[0]?.options ?? {}), files: [{ name: '', size: 1, sha256: '', verdict: 'imported', session_id: 's1' }] };
  };
  addFiles([file('aa')]);
  await settled();
  expect(uploads.value[0]).toMatchObject({ phase: 'imported', sessions: ['s1'] });
  const keys = server.calls.filter((c) => c.path === '/api/imports').map((c) => c.options.idempotencyKey);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

test('a file whose answer was lost has arrived: 412, or a verdict with the fresh address', async () => {
  let puts = 0;
  server.put = async (url) => {
    puts++;
    if (url.endsWith('aa.fit')) return 412;
    throw new Fault('offline'); // after it has arrived
  };
  server.answer = (path, options) => {
    if (path === '/api/imports') return announced(options);
    const files = announced(server.calls[0]?.options ?? {}).files;
    if (path.endsWith('/urls')) return { id: 'i1', files: files.map((f) => ({ ...f, verdict: 'pending' })) };
    return { id: 'i1', files: files.map((f) => ({ ...f, verdict: 'imported', session_id: f.name })) };
  };
  addFiles([file('aa'), file('bb')]);
  await settled();
  expect(phases()).toEqual(['imported', 'imported']);
  expect(uploads.value.map((u) => u.sessions)).toEqual([['aa.fit'], ['bb.fit']]);
  expect(puts).toBe(2);
  expect(server.calls.filter((c) => c.path.endsWith('/urls'))).toHaveLength(1); // 412 says it all
});

test('nothing of one runner is shown or sent to the next', async () => {
  let open = () => {};
  server.answer = (path, options) => (path === '/api/imports' ? announced(options) : { id: 'i1', files: [] });
  server.put = () => new Promise((resolve) => (open = () => resolve(200)));
  addFiles([file('aa'), file('bb'), file('cc'), file('dd')]);
  await vi.waitFor(() => expect(phases()).toContain('sending'));
  setSession({ state: 'anonymous' });
  runner('two');
  expect(uploads.value).toEqual([]);
  open();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(uploads.value).toEqual([]);
  // and the next one is not kept waiting
  server.put = async () => 400;
  addFiles([file('ee')]);
  await settled();
  expect(uploads.value[0]).toMatchObject({ phase: 'failed', name: 'ee.fit' });
});

test('names as the API takes them', () => {
  expect(plainName('GARMIN/Activity/2026-04-05.fit')).toBe('2026-04-05.fit');
  expect(plainName('a\u0000b\u200d\n.fit')).toBe('ab.fit');
  expect(plainName('\u0007')).toBe('recording.fit');
  const long = plainName(`${'ü'.repeat(200)}.fit`);
  expect(new TextEncoder().encode(long).length).toBeLessThanOrEqual(255);
  expect(long.endsWith('ü.fit')).toBe(true);
});

test('progress grows with the phases', () => {
  const base = { key: 0, name: '', size: 1, sessions: [], receipts: [] };
  const shares = ([['queued', 0], ['sending', 0.5], ['reading', 1], ['failed', 0]] as const).map(([phase, sent]) => progress({ ...base, phase, sent }));
  expect(shares).toEqual([0, 0.45, 0.9, 1]);
});
