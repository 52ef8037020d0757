// Days of a plan on which there is no run.
import type { SavedPlan, SavedWorkout, Weekday } from '../api/types';
import { addDays, dayMonth, dayName, longDate, shortDate, weekdayOf } from '../format';
import { weekdays } from '../state/answers';
import { Field } from './field';

export interface Spot {
  key: string;
  week: number;
  day: Weekday;
  /** Absent in a plan without dates. */
  date?: string;
}

/** The days of a plan without a run, in order. */
export function freeDays(plan: SavedPlan): Spot[] {
  return plan.weeks.flatMap(({ week, start_date, workouts }) => {
    const taken = new Set(workouts.map((w) => w.day));
    return days(plan, start_date)
      .map((day, i): Spot => ({ key: `${week}-${day}`, week, day, ...(start_date && { date: addDays(start_date, i) }) }))
      .filter(({ day }) => !taken.has(day));
  });
}

/** The weekdays of a plan's weeks: they end on race day, or on the day of the long run. */
function days({ inputs }: SavedPlan, start: string | undefined): Weekday[] {
  const first = start ? weekdays.indexOf(weekdayOf(start)) : (weekdays.indexOf(inputs.long_run_day) + 1) % 7;
  return [...weekdays.slice(first), ...weekdays.slice(0, first)];
}

/** A day as requests name it. */
export const spotOf = ({ week, day, date }: Spot): { date: string } | { week: number; day: Weekday } => (date ? { date } : { week, day });

/** The day of a run, for people. */
export const whenOf = ({ date, day, week }: Pick<SavedWorkout, 'date' | 'day' | 'week'>): string =>
  date ? longDate(date) : `${dayName(day)} of week ${week}`;

interface SpotSelectProps {
  days: readonly Spot[];
  value: string;
  onChoose: (key: string) => void;
  label: string;
  messages?: string[] | undefined;
}

/** A choice of days, week by week. */
export function SpotSelect({ days, value, onChoose, label, messages }: SpotSelectProps) {
  const weeks = [...new Set(days.map((day) => day.week))];
  return (
    <Field name="day" id="spot" label={label} messages={messages}>
      {(w) => (
        <select {...w} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
          {weeks.map((week) => {
            const of = days.filter((day) => day.week === week);
            const [from, to] = [of[0]?.date, of[of.length - 1]?.date];
            return (
              <optgroup key={week} label={`Week ${week}${from && to ? `, ${dayMonth(from)} to ${dayMonth(to)}` : ''}`}>
                {of.map((day) => (
                  <option key={day.key} value={day.key}>
                    {day.date ? shortDate(day.date) : dayName(day.day)}
                  </option>
                ))}
              </optgroup>
            );
          })}
        </select>
      )}
    </Field>
  );
}
