// Files that are being imported. They go on while the runner looks at other
// pages; only leaving the site ends them.
//
// A file is hashed, announced in a batch of up to fifty, sent to the signed
// address that the announcement is answered with, and then read by the server,
// which is asked for its verdict.
import { digest, put } from '../api/file';
import { Fault, isAbort } from '../api/fault';
import { newKey } from '../api/http';
import { call } from '../api/session';
import type { Import, ImportedFile, Receipt } from '../api/types';
import { mayHelp, reasonText } from '../ui/run-words';
import { cell } from './cell';
import { session } from './session';

export type Phase = 'queued' | 'sending' | 'reading' | 'imported' | 'duplicate' | 'skipped' | 'failed';

/** A file on its way, as pages show it. */
export interface Upload {
  key: number;
  name: string;
  size: number;
  phase: Phase;
  /** How much of it was sent, from 0 to 1. */
  sent: number;
  /** Why it failed or was skipped, in words. */
  why?: string;
  /** Whether trying again may help. */
  again?: boolean;
  /** The sessions that were made of it, or that the runner has of it. */
  sessions: readonly string[];
  /** Of a file that is in the list twice, the key of the other. */
  of?: number;
  receipts: readonly Receipt[];
}

/** What sending a file needs, and nobody sees. */
interface Job {
  file: File;
  sha256?: string;
  /** Where it was announced: the import, and its place there. */
  place?: { id: string; n: number };
}

const BATCH = 50;
const AT_ONCE = 3;
const MAX_BYTES = 20 * 1024 * 1024;
/** Signed addresses are good for five minutes; what is older than this is renewed first. */
const FRESH_MS = 4 * 60_000;
const TURNS = 4;

export const uploads = cell<readonly Upload[]>([]);

const jobs = new Map<number, Job>();
let last = 0;
let working = false;
let stop = new AbortController();

const ended: readonly Phase[] = ['imported', 'duplicate', 'skipped', 'failed'];
export const isOver = (upload: Upload): boolean => ended.includes(upload.phase);

/** How much of the work for a file is done, from 0 to 1. Reading takes about as long as a tenth of sending. */
export const progress = (upload: Upload): number => (isOver(upload) ? 1 : upload.phase === 'reading' ? 0.9 : upload.sent * 0.9);

function change(key: number, to: Partial<Upload>): void {
  uploads.value = uploads.value.map((u) => (u.key === key ? { ...u, ...to } : u));
}

const fail = (key: number, why: string, again = false): void => change(key, { phase: 'failed', sent: 0, why, again });
const phaseOf = (key: number): Phase | undefined => uploads.value.find((u) => u.key === key)?.phase;

/** Begins to import files. */
export function addFiles(files: Iterable<File>): void {
  const added: Upload[] = [];
  for (const file of files) {
    const upload: Upload = { key: ++last, name: file.name, size: file.size, phase: 'queued', sent: 0, sessions: [], receipts: [] };
    jobs.set(upload.key, { file });
    if (file.size === 0) Object.assign(upload, { phase: 'failed', why: reasonText('empty') });
    else if (file.size > MAX_BYTES) Object.assign(upload, { phase: 'failed', why: reasonText('too_many_bytes') });
    added.push(upload);
  }
  uploads.value = [...uploads.value, ...added];
  void work();
}

/** Tries once more what failed and may yet succeed. */
export function retry(keys: readonly number[]): void {
  for (const { key, phase, again } of uploads.value) {
    if (keys.includes(key) && phase === 'failed' && again) change(key, { phase: 'queued', sent: 0, again: false });
  }
  void work();
}

/** Takes away what is over. */
export function clear(): void {
  for (const u of uploads.value) if (isOver(u)) jobs.delete(u.key);
  uploads.value = uploads.value.filter((u) => !isOver(u));
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  const { signal } = stop;
  try {
    for (;;) {
      const waiting = uploads.value.filter((u) => u.phase === 'queued').map((u) => u.key);
      if (waiting.length === 0 || signal.aborted) break;
      // What was announced and not sent goes to its old place.
      const id = jobs.get(waiting[0] as number)?.place?.id;
      const batch = waiting.filter((key) => jobs.get(key)?.place?.id === id).slice(0, BATCH);
      await (id ? resend(id, batch, signal) : announce(batch, signal));
    }
  } catch (error) {
    if (!isAbort(error)) throw error; // the runner has signed out
  } finally {
    if (signal === stop.signal) working = false;
  }
}

/** Hashes files, announces them, and sends those that the server has not. */
async function announce(keys: readonly number[], signal: AbortSignal): Promise<void> {
  const known = new Map([...jobs].flatMap(([key, job]) => (job.sha256 && !keys.includes(key) && phaseOf(key) !== 'failed' ? [[job.sha256, key] as const] : [])));
  const batch: number[] = [];
  for (const key of keys) {
    signal.throwIfAborted();
    const job = jobs.get(key) as Job;
    try {
      job.sha256 = await digest(job.file);
    } catch {
      fail(key, 'It cannot be read any more: it was moved, or is no file. Choose it once more.');
      continue;
    }
    const other = known.get(job.sha256);
    if (other !== undefined) {
      change(key, { phase: 'duplicate', why: 'The same file is in this list already.', of: other });
    } else {
      known.set(job.sha256, key);
      batch.push(key);
    }
  }
  signal.throwIfAborted();
  if (batch.length === 0) return;

  const idempotencyKey = newKey();
  const body = { files: batch.map((key) => ({ name: plainName((jobs.get(key) as Job).file.name), size: (jobs.get(key) as Job).file.size, sha256: (jobs.get(key) as Job).sha256 })) };
  let made: Import;
  try {
    made = await patiently(signal, () => call<Import>('/api/imports', { body, idempotencyKey, signal, timeout: 30_000 }));
  } catch (error) {
    refuse(batch, error);
    return;
  }
  signal.throwIfAborted();
  batch.forEach((key, n) => ((jobs.get(key) as Job).place = { id: made.id, n }));
  await send(made, batch, signal);
}

/** Sends what was announced before and has not arrived. */
async function resend(id: string, keys: readonly number[], signal: AbortSignal): Promise<void> {
  try {
    await send(await patiently(signal, () => call<Import>(`/api/imports/${id}/urls`, { method: 'POST', signal })), keys, signal);
  } catch (error) {
    if (error instanceof Fault && error.status === 404) {
      for (const key of keys) delete (jobs.get(key) as Job).place; // the import is gone; they are announced anew
    } else {
      refuse(keys, error);
    }
  }
}

/** Says of files why the server does not take them. */
function refuse(keys: readonly number[], error: unknown): void {
  if (!(error instanceof Fault)) throw error;
  const named = new Map<number, string>();
  for (const { pointer = '', message } of error.errors) {
    const n = /^\/files\/(\d+)\//.exec(pointer)?.[1];
    if (n !== undefined) named.set(Number(n), message);
  }
  keys.forEach((key, n) => {
    const own = named.get(n);
    fail(key, own ?? (named.size > 0 ? 'It was not sent, since another file of its batch was refused.' : error.message), own === undefined && error.status !== 409);
  });
}

async function send(from: Import, keys: readonly number[], signal: AbortSignal): Promise<void> {
  const batch = { from, since: performance.now() };
  const waiting = [...keys];
  const next = async (): Promise<void> => {
    for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) await sendOne(batch, key, signal);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  if (keys.some((key) => phaseOf(key) === 'reading')) void follow(from.id, keys, signal);
}

async function sendOne(batch: { from: Import; since: number }, key: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { file, place } = jobs.get(key) as Job;
  const n = place?.n ?? 0;
  for (let turn = 0; turn < TURNS; turn++) {
    try {
      if (turn > 0 || performance.now() - batch.since > FRESH_MS) {
        batch.from = (await call<Import>(`/api/imports/${batch.from.id}/urls`, { method: 'POST', signal })).data;
        batch.since = performance.now();
      }
      const announced = batch.from.files[n];
      if (announced?.verdict !== 'upload' || !announced.url) {
        judge(key, announced); // known before, or arrived in an attempt whose answer was lost
        return;
      }
      change(key, { phase: 'sending', sent: 0 });
      const status = await put(announced.url, announced.headers ?? {}, file, (bytes) => sending(key, bytes / file.size), signal);
      if ((status >= 200 && status < 300) || status === 412) {
        change(key, { phase: 'reading', sent: 1 });
        return;
      }
      if (status === 400) {
        fail(key, 'It was changed while it was on its way. Choose it once more.');
        return;
      }
    } catch (error) {
      if (!(error instanceof Fault)) {
        if (isAbort(error)) throw error;
        fail(key, 'It cannot be read any more: it was moved or changed. Choose it once more.');
        return;
      }
    }
    if (turn < TURNS - 1) await pause(1000 * 2 ** turn, signal);
  }
  fail(key, 'The connection broke off. What was sent before is safe.', true);
}

/** Notes how far a file is, in steps that are worth drawing. */
function sending(key: number, share: number): void {
  const now = uploads.value.find((u) => u.key === key);
  if (now && (share - now.sent > 0.02 || share >= 1)) change(key, { sent: Math.min(1, share) });
}

/** Asks what became of files until each has its verdict. */
async function follow(id: string, keys: readonly number[], signal: AbortSignal): Promise<void> {
  let wait = 300;
  try {
    while (keys.some((key) => phaseOf(key) === 'reading')) {
      await pause(wait, signal);
      wait = Math.min(wait * 1.4, 5000);
      try {
        const { data } = await call<Import>(`/api/imports/${id}`, { signal });
        for (const key of keys) if (phaseOf(key) === 'reading') judge(key, data.files[jobs.get(key)?.place?.n ?? -1]);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        if (error.status === 404) for (const key of keys) if (phaseOf(key) === 'reading') fail(key, 'This import was deleted.');
        // otherwise it is asked for again
      }
    }
  } catch (error) {
    if (!isAbort(error)) throw error;
  }
}

/** Takes over the verdict on a file, if there is one. */
function judge(key: number, file: ImportedFile | undefined): void {
  if (!file || file.verdict === 'upload' || file.verdict === 'pending') {
    if (phaseOf(key) !== 'reading') change(key, { phase: 'reading', sent: 1 });
    return;
  }
  if (!jobs.has(key)) return;
  const { verdict, reason } = file;
  const sessions = file.session_ids ?? (file.session_id ? [file.session_id] : []);
  const again = verdict === 'failed' && mayHelp(reason);
  if (again) delete (jobs.get(key) as Job).place; // a verdict never changes, so it is announced anew
  change(key, {
    phase: verdict,
    sessions,
    receipts: file.receipts ?? [],
    again,
    ...((verdict === 'failed' || verdict === 'skipped') && { why: reasonText(verdict === 'skipped' ? 'no_activity' : reason) }),
  });
}

/** Makes a call, again when the server is away or busy. */
async function patiently<T>(signal: AbortSignal, make: () => Promise<{ data: T }>): Promise<T> {
  for (let turn = 0; ; turn++) {
    try {
      return (await make()).data;
    } catch (error) {
      const passing = error instanceof Fault && (error.kind !== 'problem' || error.status >= 500 || error.status === 429);
      if (!passing || turn === TURNS - 1) throw error;
      await pause((error.retryAfter ?? 2 ** turn) * 1000, signal);
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const given = () => {
      clearTimeout(timer);
      reject(new DOMException('The caller gave up.', 'AbortError'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', given);
      resolve();
    }, ms);
    signal.addEventListener('abort', given);
  });

/** The name of a file as the API takes it: without control characters, in 255 bytes. */
export function plainName(name: string): string {
  let plain = name.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '').split(/[\\/]/).pop() as string;
  while (new TextEncoder().encode(plain).length > 255) plain = [...plain].slice(1).join(''); // as the API shortens names: the end says the kind
  return plain === '' || plain === '.' ? 'recording.fit' : plain;
}

// Whoever signs out takes their files along; nothing of them goes to the next.
let owner: string | undefined;
session.subscribe((now) => {
  const runner = now.state === 'signed_in' ? now.runner.id : now.state === 'anonymous' ? now.was?.id : owner;
  if (runner === owner) return;
  if (owner !== undefined) {
    stop.abort();
    stop = new AbortController();
    working = false;
    jobs.clear();
    uploads.value = [];
  }
  owner = runner;
});
owner = session.value.state === 'signed_in' ? session.value.runner.id : undefined;

// Browsers ask before they leave what is under way.
addEventListener('beforeunload', (event) => {
  if (uploads.value.some((u) => u.phase === 'queued' || u.phase === 'sending')) event.preventDefault();
});
