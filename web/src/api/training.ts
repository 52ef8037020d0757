// Calls about saved plans and their runs.
import { call } from './session';
import type { Calendar, CalendarDay, SavedPlan, SavedPlanItem, SavedPlans } from './types';

/** The largest page of a list. */
const PAGE = 100;

export const planPath = (id: string): string => `/api/plans/${encodeURIComponent(id)}`;
export const runPath = (plan: string, id: string): string => `${planPath(plan)}/workouts/${encodeURIComponent(id)}`;

/** A plan and its version. */
export type Versioned<T> = T & { version: string };

export async function readPlan(id: string, signal?: AbortSignal): Promise<Versioned<SavedPlan>> {
  const { data, etag } = await call<SavedPlan>(planPath(id), signal && { signal });
  return { ...data, version: etag ?? '' };
}

/** One page of plans, newest first. */
export async function readPlans(cursor: string | undefined, limit: number, signal?: AbortSignal): Promise<SavedPlans> {
  const query = new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }) });
  return (await call<SavedPlans>(`/api/plans?${query}`, signal && { signal })).data;
}

/** All plans, newest first. */
export async function readAllPlans(signal?: AbortSignal): Promise<SavedPlanItem[]> {
  const all: SavedPlanItem[] = [];
  for (let cursor: string | undefined, first = true; first || cursor; first = false) {
    const page = await readPlans(cursor, PAGE, signal);
    all.push(...page.items);
    cursor = page.next_cursor;
  }
  return all;
}

/** The runs of the plans that are followed, from one day to another. */
export async function readRuns(from: string, to: string, signal?: AbortSignal): Promise<CalendarDay[]> {
  return (await call<Calendar>(`/api/workouts?from=${from}&to=${to}`, signal && { signal })).data.items;
}
