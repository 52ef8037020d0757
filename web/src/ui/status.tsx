import type { SavedWorkout } from '../api/types';
import type { AnyWorkout } from './workout';

export const statusNames: Record<SavedWorkout['status'], string> = { planned: 'Planned', done: 'Done', skipped: 'Skipped' };

/** What became of a run; undefined while nothing did, and for runs of plans that are not saved. */
export const statusOf = (workout: AnyWorkout): 'done' | 'skipped' | undefined =>
  'status' in workout && workout.status !== 'planned' ? workout.status : undefined;

/** A sign for what became of a run, with a word for those who do not see it. */
export function StatusMark({ workout }: { workout: AnyWorkout }) {
  const status = statusOf(workout);
  if (!status) return null;
  return (
    <span class={`status ${status}`}>
      <svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
        <circle cx="8" cy="8" r="8" />
        <path d={status === 'done' ? 'M4 8.5 7 11l5-6' : 'M4.5 8h7'} />
      </svg>
      <span class="visually-hidden">{statusNames[status]}</span>
    </span>
  );
}
