import type { FieldError, Problem } from './types';

/** What kept an answer from coming: the server said no, or was not heard. */
export type FaultKind = 'problem' | 'offline' | 'timeout';

/** Why a call to the API failed. It is the only error that calls throw, but for an AbortError. */
export class Fault extends Error {
  readonly kind: FaultKind;
  /** The HTTP status, 0 when there was no answer. */
  readonly status: number;
  /** What the server said, when it said it in its own form. */
  readonly problem: Problem | undefined;
  /** After how many seconds to try again, where the server says so. */
  readonly retryAfter: number | undefined;

  constructor(kind: FaultKind, status = 0, problem?: Problem, retryAfter?: number) {
    super(problem?.detail ?? problem?.title ?? said(kind, status, retryAfter));
    this.name = 'Fault';
    this.kind = kind;
    this.status = status;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  /** What is wrong field by field; empty when it is not about fields. */
  get errors(): FieldError[] {
    return this.problem?.errors ?? [];
  }

  /** The type of problem without its path: `validation`, `stale`, `email-taken`. */
  get slug(): string {
    return this.problem?.type.split('/').pop() ?? '';
  }

  /** The id to name when reporting the fault. */
  get requestId(): string | undefined {
    return this.problem?.instance;
  }
}

function said(kind: FaultKind, status: number, retryAfter?: number): string {
  if (kind === 'offline') return 'Stride cannot be reached. Check your connection; what you have entered stays here.';
  if (kind === 'timeout') return 'Stride took too long to answer. Try again.';
  if (status === 401) return 'Sign in again.';
  if (status === 429) return `Too many requests. Try again ${retryAfter ? `in ${retryAfter} seconds` : 'in a moment'}.`;
  return 'Stride cannot answer right now. Try again in a moment.';
}

/** What a form says of a field before it asks the server. */
export const wrong = (field: string, message: string): Fault =>
  new Fault('problem', 422, {
    type: '/problems/validation',
    title: '',
    status: 422,
    instance: '',
    errors: [{ pointer: `/${field}`, code: 'invalid_format', message }],
  });

/** The fault in an unknown error; anything else is a mistake of ours and is thrown on. */
export function asFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  throw error;
}

/** Whether an error says that the caller itself gave up. */
export const isAbort = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
