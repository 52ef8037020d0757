import type { ComponentChildren } from 'preact';
import type { SavedWeek, Week } from '../api/types';
import { dayMonth, dayName, distance, pace, shortDate, addDays } from '../format';
import { StatusMark, statusOf } from './status';
import { kinds, WorkoutDetail, type AnyWorkout } from './workout';

/** The place of a week in a plan, for people; ordinary weeks need no word. */
export const weekNames: Record<Week['kind'], string> = { build: '', cut_back: 'Lighter week', taper: 'Taper', race: 'Race week' };

interface WeeksProps {
  weeks: ReadonlyArray<Week | SavedWeek>;
  /** What may be done with a run, below what is said of it. */
  actions?: (workout: AnyWorkout) => ComponentChildren;
}

/** A plan week by week. Every run opens to its steps and its reason. */
export function Weeks({ weeks, actions }: WeeksProps) {
  return (
    <ol class="weeks">
      {weeks.map((week) => (
        <li key={week.week} id={`week-${week.week}`} class={`week ${week.kind}`}>
          <h3>
            Week {week.week}
            {week.start_date && (
              <span class="span">
                {dayMonth(week.start_date)} – {dayMonth(addDays(week.start_date, 6))}
              </span>
            )}
            {weekNames[week.kind] && <span class="badge">{weekNames[week.kind]}</span>}
            <span class="sum">{distance(week.distance_m)}</span>
          </h3>
          {week.workouts.map((workout) => (
            <details key={workout.id} class={`run ${kinds[workout.type].family} ${statusOf(workout) ?? ''}`} name="run">
              <summary>
                <span class="when">{workout.date ? shortDate(workout.date) : dayName(workout.day)}</span>
                <span class="what">
                  {workout.title} <StatusMark workout={workout} />
                </span>
                <span class="far">{distance(workout.distance_m)}</span>
                <span class="fast">{pace(workout.pace)}</span>
              </summary>
              <WorkoutDetail workout={workout}>{actions?.(workout)}</WorkoutDetail>
            </details>
          ))}
        </li>
      ))}
    </ol>
  );
}
