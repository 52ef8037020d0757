// Runs that are not where the plan had put them.
import { useState } from 'preact/hooks';
import { asFault, Fault } from '../api/fault';
import { send } from '../api/http';
import { call } from '../api/session';
import { readPlan, runPath } from '../api/training';
import type { Plan, SavedPlan, SavedWorkout, Workout } from '../api/types';
import { useResource } from './resource';
import { whenOf } from './spot';

export interface Moved {
  run: SavedWorkout;
  /** Where the plan had put it. */
  home: { week: number; day: Workout['day']; date?: string };
}

/** The runs of a saved plan that are elsewhere than in the plan as it was made. */
export function movedRuns(plan: Pick<SavedPlan, 'weeks'>, made: Pick<Plan | SavedPlan, 'weeks'>): Moved[] {
  const homes = new Map(made.weeks.flatMap(({ week, workouts }) => workouts.map((w) => [w.id, { week, day: w.day, ...(w.date && { date: w.date }) }] as const)));
  return plan.weeks.flatMap(({ week, workouts }) =>
    workouts.flatMap((run) => {
      const home = run.rationale.rule === 'own' ? undefined : homes.get(run.id);
      return home && (home.week !== week || home.day !== run.day) ? [{ run, home }] : [];
    }),
  );
}

/** What the plan was, made anew from its answers; undefined when other rules make plans by now. */
async function asMade({ inputs, engine_version }: SavedPlan, signal?: AbortSignal): Promise<Plan | undefined> {
  const { first_long_run_m: _, ...body } = inputs;
  const { data } = await send<Plan>('/api/generate', { body, ...(signal && { signal }) });
  return data.engine_version === engine_version ? data : undefined;
}

/** Names the runs that were moved, and offers to put them back. */
export function MovedRuns({ plan, onBack }: { plan: SavedPlan; onBack: () => void }) {
  const moved = useResource(plan.id, async (signal) => {
    // Another device may have moved them, so what the page has is not asked.
    const now = await readPlan(plan.id, signal);
    const made = await asMade(now, signal);
    return made ? movedRuns(now, made) : [];
  });
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  if (!moved.data || (moved.data.length === 0 && !said)) return null;

  const putBack = async () => {
    if (busy) return;
    setBusy(true);
    setSaid('');
    try {
      const left = await backHome(plan.id, moved.data ?? []);
      setSaid(left.length === 0 ? 'They are back. Now save the date.' : `On the way back something was on the day of “${left[0]?.run.title}”. Move that first.`);
    } catch (error) {
      setSaid(asFault(error).message);
    } finally {
      setBusy(false);
      moved.reload();
      onBack();
    }
  };
  return (
    <div class="moved">
      <ul>
        {moved.data.map(({ run, home }) => (
          <li key={run.id}>
            “{run.title}” is on {whenOf(run)}; the plan has it on {whenOf(home)}.
          </li>
        ))}
      </ul>
      {moved.data.length > 0 && (
        <button type="button" aria-disabled={busy || undefined} onClick={() => void putBack()}>
          {busy ? 'Putting back…' : 'Put them back'}
        </button>
      )}
      <p role="status">{said}</p>
    </div>
  );
}

/** Moves runs home, those first whose day is free. It returns those that could not. */
async function backHome(plan: string, moved: readonly Moved[]): Promise<Moved[]> {
  let left = [...moved];
  for (let went = true; went && left.length > 0; ) {
    went = false;
    for (const one of left) {
      const { week, day, date } = one.home;
      try {
        await call(runPath(plan, one.run.id), { method: 'PATCH', body: date ? { date } : { week, day }, ifMatch: one.run.etag });
        left = left.filter((other) => other !== one);
        went = true;
      } catch (error) {
        if (!(error instanceof Fault) || error.slug !== 'day_taken') throw error;
      }
    }
  }
  return left;
}
