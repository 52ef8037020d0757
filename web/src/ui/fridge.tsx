import type { Plan, SavedPlan } from '../api/types';
import { dayMonth, dayName, inUnit, longDate, pace, spokenTime, weekdayOf } from '../format';
import { weekdays } from '../state/answers';
import { unit } from '../state/unit';
import { weekNames } from './weeks';
import { kinds } from './workout';

const legend = [
  ['easy', 'Easy'],
  ['recovery', 'Recovery (Rec)'],
  ['long', 'Long'],
  ['marathon', 'Marathon pace (MP)'],
  ['tempo', 'Tempo'],
  ['interval', 'Intervals (Int)'],
] as const;

/** A whole plan on one sheet of paper. Screens do not show it. */
export function Fridge({ plan }: { plan: Plan | SavedPlan }) {
  const { inputs, weeks, paces } = plan;
  const start = weeks[0]?.start_date;
  // Weeks end on race day, or on the day of the long run.
  const first = start ? weekdays.indexOf(weekdayOf(start)) : (weekdays.indexOf(inputs.long_run_day) + 1) % 7;
  const days = [...weekdays.slice(first), ...weekdays.slice(0, first)];
  return (
    <section class="fridge">
      <header>
        <b>Marathon in {spokenTime(inputs.target_time)}</b>
        {inputs.race_date && <span>{longDate(inputs.race_date)}</span>}
        <span>distances in {unit.value === 'km' ? 'kilometres' : 'miles'}</span>
      </header>
      <table>
        <thead>
          <tr>
            <th>Week</th>
            {days.map((day) => (
              <th key={day}>{dayName(day, true)}</th>
            ))}
            <th>Sum</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week.week} class={week.kind}>
              <th>
                {week.week}
                <small>{week.start_date ? dayMonth(week.start_date) : weekNames[week.kind]}</small>
              </th>
              {days.map((day) => {
                const run = week.workouts.find((w) => w.day === day);
                return (
                  <td key={day} class={run && kinds[run.type].family}>
                    {run && (
                      <>
                        <b>{inUnit(run.distance_m)}</b> {kinds[run.type].short}
                        {run.title.includes(':') && run.type !== 'race' && <small>{run.title.split(':')[1]}</small>}
                      </>
                    )}
                  </td>
                );
              })}
              <td class="sum">{inUnit(week.distance_m, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {legend.map(([key, name]) => (
          <span key={key}>
            {name} <b>{pace(paces[key])}</b>
          </span>
        ))}
      </p>
    </section>
  );
}
