import type { SavedWeek, Week } from '../api/types';
import { addDays, dayName, inUnit, longDate, monthName, today } from '../format';
import { weekdays } from '../state/answers';
import { unit } from '../state/unit';
import { weekNames } from './weeks';
import { StatusMark, statusOf } from './status';
import { kinds, type AnyWorkout } from './workout';

interface MonthsProps {
  /** Weeks with dates. */
  weeks: ReadonlyArray<Week | SavedWeek>;
  onOpen: (workout: AnyWorkout) => void;
  /** Today, where the runner is. */
  now?: string;
}

/** A plan with dates as a calendar, month by month, Monday first. */
export function Months({ weeks, onOpen, now = today() }: MonthsProps) {
  const runs = new Map<string, AnyWorkout>();
  const kindOf = new Map<string, Week['kind']>();
  for (const week of weeks) {
    for (let i = 0; i < 7; i++) if (week.start_date) kindOf.set(addDays(week.start_date, i), week.kind);
    for (const workout of week.workouts) if (workout.date) runs.set(workout.date, workout);
  }
  const first = weeks[0]?.start_date ?? '';
  const last = [...kindOf.keys()].pop() ?? '';
  return (
    <div class="months">
      {monthsBetween(first, last).map((month) => (
        <table key={month} class="month">
          <caption>{monthName(`${month}-01`)}</caption>
          <thead>
            <tr>
              {weekdays.map((day) => (
                <th key={day} scope="col">
                  <abbr title={dayName(day)}>{dayName(day, true)}</abbr>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rowsOf(month).map((row, i) => (
              <tr key={i}>
                {row.map((date, j) => {
                  if (!date) return <td key={j} class="out" />;
                  const run = runs.get(date);
                  const kind = kindOf.get(date);
                  return (
                    <td key={j} class={`${kind ?? 'out'}${date === now ? ' today' : ''}`}>
                      <span class="date" aria-hidden={run ? 'true' : undefined}>
                        {Number(date.slice(8))}
                        {date === now && <span class="visually-hidden"> today</span>}
                      </span>
                      {run && (
                        <button type="button" class={`cell ${kinds[run.type].family} ${statusOf(run) ?? ''}`} onClick={() => onOpen(run)}>
                          <span class="visually-hidden">{longDate(date)}: </span>
                          <span class="type">{kinds[run.type].name} </span>
                          <span class="short" aria-hidden="true">
                            {kinds[run.type].short}
                          </span>
                          <b>{inUnit(run.distance_m)}</b>
                          <span class="visually-hidden">
                            {` ${unit.value}${kind && weekNames[kind] ? `, ${weekNames[kind].toLowerCase()}` : ''}`}
                          </span>
                          <StatusMark workout={run} />
                        </button>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

/** The months, as 2027-04, from one date to another. */
function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from.slice(0, 7); month && month <= to.slice(0, 7); month = addDays(`${month}-28`, 4).slice(0, 7)) months.push(month);
  return months;
}

/** The days of a month in rows from Monday to Sunday; undefined where another month is. */
function rowsOf(month: string): (string | undefined)[][] {
  const before = (new Date(`${month}-01T00:00:00Z`).getUTCDay() + 6) % 7;
  const cells: (string | undefined)[] = Array<undefined>(before).fill(undefined);
  for (let date = `${month}-01`; date.startsWith(month); date = addDays(date, 1)) cells.push(date);
  while (cells.length % 7 > 0) cells.push(undefined);
  return Array.from({ length: cells.length / 7 }, (_, i) => cells.slice(i * 7, i * 7 + 7));
}
