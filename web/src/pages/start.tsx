import { addDays, count, daysBetween, longDate, shortDate, today } from '../format';
import type { Answers } from '../state/answers';

/** When a plan for a date starts, and what to do if that has passed. */
export default function Start({ answers: { race_date, weeks }, onWeeks }: { answers: Answers; onWeeks: (weeks: number) => void }) {
  const n = Number(weeks);
  if (!/^\d{4}-\d\d-\d\d$/.test(race_date) || !Number.isInteger(n) || n < 8 || n > 30) return null;
  const now = today();
  const start = addDays(race_date, 1 - 7 * n);
  const late = daysBetween(start, now);
  const left = Math.min(30, Math.floor((daysBetween(now, race_date) + 1) / 7));
  return (
    <p class="hint" role="status">
      {daysBetween(now, race_date) < 0 ? (
        <>{longDate(race_date)} has passed.</>
      ) : late > 0 ? (
        <>
          Training would have started on {shortDate(start)}, {count(late, 'day')} ago.{' '}
          {left >= 8 ? (
            <button type="button" class="link" onClick={() => onWeeks(left)}>
              Train {left} weeks instead
            </button>
          ) : (
            'There are fewer than 8 weeks left.'
          )}
        </>
      ) : (
        <>Training starts on {longDate(start)}{late === 0 ? ', today' : `, in ${count(-late, 'day')}`}.</>
      )}
    </p>
  );
}
