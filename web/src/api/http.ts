import { Fault } from './fault';
import { reached } from '../state/online';
import type { Problem } from './types';

export interface Options {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  /** An access token. */
  token?: string | undefined;
  /** The ETag that a change is based on. */
  ifMatch?: string;
  /** Makes a repeat of a POST safe; see newKey. */
  idempotencyKey?: string;
  signal?: AbortSignal;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
  /** After how many milliseconds to give up. */
  timeout?: number;
}

export interface Answer<T> {
  data: T;
  status: number;
  /** Version of what was answered, for ifMatch. */
  etag: string | undefined;
  /** The server had answered the same Idempotency-Key before. */
  replayed: boolean;
}

/** A key for one intention; repeats of it use the same key. */
export const newKey = (): string => crypto.randomUUID();

/**
 * Sends one request to the API and returns its answer. It throws a Fault for
 * whatever is no success, and an AbortError when `signal` ends it.
 */
export async function send<T>(path: string, options: Options = {}): Promise<Answer<T>> {
  const { method = options.body === undefined ? 'GET' : 'POST', body, token, ifMatch, idempotencyKey, signal, keepalive = false, timeout = 15_000 } = options;
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (token) headers['Authorization'] = `Bearer ${token}`;
  if (ifMatch) headers['If-Match'] = ifMatch;
  if (idempotencyKey) headers['Idempotency-Key'] = idempotencyKey;

  const limit = AbortSignal.timeout(timeout);
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      cache: 'no-store',
      keepalive,
    });
    text = await response.text();
  } catch (error) {
    if (signal?.aborted) throw new DOMException('The caller gave up.', 'AbortError');
    reached.value = false;
    throw new Fault(limit.aborted ? 'timeout' : 'offline');
  }
  reached.value = true;
  const data = parsed(response, text);
  if (!response.ok) {
    const wait = Number(response.headers.get('Retry-After'));
    throw new Fault('problem', response.status, isProblem(data) ? data : undefined, wait > 0 ? wait : undefined);
  }
  // A page of a hotel's network, say, instead of our answer.
  if (data === undefined && response.status !== 204) throw new Fault('problem', 502);
  return {
    data: data as T, // the contract tests of the server hold it to openapi.yaml
    status: response.status,
    etag: response.headers.get('ETag') ?? undefined,
    replayed: response.headers.get('Idempotency-Replayed') === 'true',
  };
}

function parsed(response: Response, text: string): unknown {
  if (!/^application\/(problem\+)?json/.test(response.headers.get('Content-Type') ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isProblem = (data: unknown): data is Problem =>
  typeof data === 'object' && data !== null && 'type' in data && 'title' in data && 'status' in data;
