// Calls about runs that were done, and what follows from them.
import { call } from './session';
import type { Versioned } from './training';
import type { Session, Sessions, StandingBests, Streams, StreamsByName } from './types';

export const sessionPath = (id: string): string => `/api/sessions/${encodeURIComponent(id)}`;
export const resultPath = (id: string): string => `/api/personal_bests/${encodeURIComponent(id)}`;

/** Days that a list is limited to; empty is unlimited. */
export interface Period {
  from: string;
  to: string;
}

/** One page of sessions, newest first. */
export async function readSessions({ from, to }: Period, cursor: string | undefined, limit: number, signal?: AbortSignal): Promise<Sessions> {
  const query = new URLSearchParams({ limit: String(limit), ...(from && { from }), ...(to && { to }), ...(cursor && { cursor }) });
  return (await call<Sessions>(`/api/sessions?${query}`, signal && { signal })).data;
}

export async function readSession(id: string, signal?: AbortSignal): Promise<Versioned<Session>> {
  const { data, etag } = await call<Session>(sessionPath(id), signal && { signal });
  return { ...data, version: etag ?? '' };
}

/** The streams of a session, thinned out to so many rows. */
export async function readStreams(id: string, points: number, signal?: AbortSignal): Promise<StreamsByName> {
  return (await call<Streams>(`${sessionPath(id)}/streams?points=${points}`, signal && { signal })).data.streams;
}

export const readBests = async (signal?: AbortSignal): Promise<StandingBests> => (await call<StandingBests>('/api/personal_bests', signal && { signal })).data;
