import { useEffect, useState } from 'preact/hooks';
import { readAllPlans, readRuns, runPath } from '../api/training';
import type { CalendarDay, SavedPlanItem } from '../api/types';
import { addDays, count, dayMonth, dayName, daysBetween, distance, inUnit, longDate, weekdayOf } from '../format';
import { answered, answers, toQuery } from '../state/answers';
import { useCell } from '../state/cell';
import { useToday } from '../state/day';
import { go, place } from '../state/place';
import { removed } from '../state/removal';
import { unit } from '../state/unit';
import { AddRun } from '../ui/add-run';
import { Dialog } from '../ui/dialog';
import { Page } from '../ui/page';
import { useResource } from '../ui/resource';
import { RunEdit } from '../ui/run-edit';
import { Empty, Failed } from '../ui/failed';
import { Loading } from '../ui/states';
import { StatusMark, statusOf } from '../ui/status';
import { kinds, WorkoutDetail } from '../ui/workout';
import type { MemberProps } from './more';
import '../style/plan.css';
import '../style/calendar.css';

const monday = (date: string): string => addDays(date, -['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].indexOf(weekdayOf(date)));
const isDate = (text: string | null): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? '') && !Number.isNaN(Date.parse(text ?? ''));
const keyOf = (run: CalendarDay): string => `${run.plan_id}.${run.id}`;

/** What is to be run today, in the runner's time zone, and the week around it. */
export default function Today({ runner }: MemberProps) {
  const today = useToday(runner.time_zone);
  const params = new URLSearchParams(useCell(place).query);
  const asked = params.get('week');
  const week = monday(isDate(asked) ? asked : today);
  const here = week === monday(today);
  const hidden = useCell(removed);

  const plans = useResource('plans', readAllPlans);
  const due = useResource(today, (signal) => readRuns(today, addDays(today, 13), signal));
  const shown = useResource(week, (signal) => readRuns(week, addDays(week, 6), signal));
  const reload = () => {
    due.reload();
    shown.reload();
  };
  // Another device may have been at work while this one slept.
  useEffect(() => {
    const look = () => document.visibilityState === 'visible' && reload();
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [today, week]);

  const [adding, setAdding] = useState<string>();
  const lead = longDate(today);
  const fault = plans.fault ?? due.fault ?? shown.fault;

  if (!plans.data || !due.data) {
    return (
      <Page title="Today" lead={lead}>
        {fault ? <Failed fault={fault} retry={() => (plans.reload(), reload())} /> : <Loading what="Looking up today" />}
      </Page>
    );
  }

  const followed = plans.data.filter((plan) => plan.active && !hidden.has(`/api/plans/${plan.id}`));
  const dated = followed.filter((plan) => plan.inputs.race_date);
  if (dated.length === 0) {
    return (
      <Page title="Today" lead={lead}>
        <Nothing plans={plans.data.filter((plan) => !hidden.has(`/api/plans/${plan.id}`))} followed={followed} />
      </Page>
    );
  }

  const there = (run: CalendarDay) => !hidden.has(runPath(run.plan_id, run.id)) && !hidden.has(`/api/plans/${run.plan_id}`);
  const coming = due.data.filter(there);
  const now = coming.filter((run) => run.date === today);
  const next = coming.find((run) => run.date > today && run.status === 'planned');
  const runs = shown.data?.filter(there);
  const opened = [...(runs ?? []), ...coming].find((run) => keyOf(run) === params.get('run'));
  const address = (w: string, run?: CalendarDay) => {
    const query = new URLSearchParams({ ...(w !== monday(today) && { week: w }), ...(run && { run: keyOf(run) }) }).toString();
    return `/today${query && `?${query}`}`;
  };
  const close = () => (history.state === 'opened' ? history.back() : go(address(week), true));
  const show = (run: CalendarDay) => {
    const y = scrollY;
    go(address(week, run));
    history.replaceState('opened', '');
    scrollTo(0, y);
  };
  const several = dated.length > 1;

  return (
    <Page title="Today" lead={lead} class="today-page">
      <div class="today-top">
        <Countdown plans={dated} today={today} />
        <div class="todays">
          {now.map((run) => (
            <section key={keyOf(run)} class={`card run-card ${kinds[run.type].family} ${statusOf(run) ?? ''}`}>
              <h2>
                {run.title} <StatusMark workout={run} />
              </h2>
              {several && <p class="fine">{run.plan_name}</p>}
              <WorkoutDetail workout={run}>
                <RunEdit plan={run.plan_id} workout={run} onChange={reload} />
              </WorkoutDetail>
            </section>
          ))}
          {now.length === 0 && <Rest plans={dated} today={today} next={next} onOpen={show} onAdd={() => setAdding(today)} />}
        </div>
      </div>

      <section class="week-section">
        <div class="section-head">
          <h2>{here ? 'This week' : `${dayMonth(week)} to ${dayMonth(addDays(week, 6))}`}</h2>
          <nav class="actions" aria-label="Weeks">
            <a class="button" href={address(addDays(week, -7))}>
              <span aria-hidden="true">‹</span> Before
            </a>
            {!here && (
              <a class="button" href="/today">
                This week
              </a>
            )}
            <a class="button" href={address(addDays(week, 7))}>
              After <span aria-hidden="true">›</span>
            </a>
          </nav>
        </div>
        {shown.fault && !runs ? (
          <Failed fault={shown.fault} retry={shown.reload} />
        ) : !runs ? (
          <Loading what="Looking up the week" />
        ) : (
          <>
            <Sum runs={runs} />
            <ol class="days">
              {Array.from({ length: 7 }, (_, i) => addDays(week, i)).map((date) => (
                <li key={date} class={date === today ? 'now' : ''} aria-current={date === today ? 'date' : undefined}>
                  <span class="on">
                    <b>{dayName(weekdayOf(date), true)}</b> {dayMonth(date)}
                    {date === today && <span class="visually-hidden"> today</span>}
                  </span>
                  {runs
                    .filter((run) => run.date === date)
                    .map((run) => (
                      <button key={keyOf(run)} type="button" class={`slot ${kinds[run.type].family} ${statusOf(run) ?? ''}`} onClick={() => show(run)}>
                        <span class="type">{kinds[run.type].name}</span>
                        <b>
                          {inUnit(run.distance_m)} <small>{unit.value}</small>
                        </b>
                        <StatusMark workout={run} />
                        {several && <span class="fine">{run.plan_name}</span>}
                      </button>
                    ))}
                  {!runs.some((run) => run.date === date) && <span class="rest">{within(dated, date) ? 'Rest' : 'No run'}</span>}
                </li>
              ))}
            </ol>
            <div class="actions">
              <button type="button" onClick={() => setAdding(here ? today : week)}>
                Add a run
              </button>
              {dated.map((plan) => (
                <a key={plan.id} class="button" href={`/plans/${plan.id}`}>
                  {several ? plan.name : 'The whole plan'}
                </a>
              ))}
            </div>
          </>
        )}
      </section>

      {opened && (
        <Dialog title={opened.title} onClose={close}>
          <p class="hint">
            {longDate(opened.date)}
            {several && `, ${opened.plan_name}`}
          </p>
          <WorkoutDetail workout={opened}>
            <RunEdit plan={opened.plan_id} workout={opened} onChange={reload} onGone={close} />
          </WorkoutDetail>
        </Dialog>
      )}
      {adding && <AddRun plans={dated} date={adding} onAdded={reload} onClose={() => setAdding(undefined)} />}
    </Page>
  );
}

/** The first day of a plan with dates. */
const startOf = ({ inputs }: SavedPlanItem): string => addDays(inputs.race_date ?? '', 1 - 7 * inputs.weeks);

/** Whether a date is one of the days of any plan. */
const within = (plans: readonly SavedPlanItem[], date: string): boolean => plans.some((plan) => startOf(plan) <= date && date <= (plan.inputs.race_date ?? ''));

/** The days to the next race of the plans that are followed. */
function Countdown({ plans, today }: { plans: readonly SavedPlanItem[]; today: string }) {
  const races = plans
    .map((plan) => ({ plan, date: plan.inputs.race_date ?? '' }))
    .filter(({ date }) => date >= today)
    .sort((a, b) => a.date.localeCompare(b.date));
  const race = races[0];
  if (!race) return null;
  const days = daysBetween(today, race.date);
  return (
    <p class="countdown">
      {days === 0 ? (
        <b class="big">Race day</b>
      ) : (
        <>
          <b class="big">{days}</b>{' '}
        </>
      )}
      <span>
        {days > 0 && `${days === 1 ? 'day' : 'days'} to `}
        <a href={`/plans/${race.plan.id}`}>{race.plan.name}</a>
      </span>
      <span class="fine">{longDate(race.date)}</span>
    </p>
  );
}

interface RestProps {
  plans: readonly SavedPlanItem[];
  today: string;
  next: CalendarDay | undefined;
  onOpen: (run: CalendarDay) => void;
  onAdd: () => void;
}

/** A day without a run: before, within or after the plans. */
function Rest({ plans, today, next, onOpen, onAdd }: RestProps) {
  const starts = plans.map(startOf).sort();
  const start = starts[0] ?? today;
  const over = plans.every(({ inputs }) => (inputs.race_date ?? '') < today);
  if (over) {
    return (
      <section class="card">
        <h2>The race is behind you</h2>
        <p>Rest well. When you feel like it again, make the next plan; this one stays among your plans.</p>
        <div class="actions">
          <a class="button primary" href="/">
            Make a plan
          </a>
          <a class="button" href="/plans">
            My plans
          </a>
        </div>
      </section>
    );
  }
  return (
    <section class="card">
      {start > today ? (
        <>
          <h2>Training starts in {count(daysBetween(today, start), 'day')}</h2>
          <p>On {longDate(start)}. Until then run as you like.</p>
        </>
      ) : (
        <>
          <h2>Rest day</h2>
          <p>Nothing to run today. Getting rested is part of the plan.</p>
        </>
      )}
      <div class="actions">
        {next && (
          <button type="button" onClick={() => onOpen(next)}>
            Next: {next.title}, {distance(next.distance_m)}, {dayName(next.day)}
          </button>
        )}
        {start <= today && (
          <button type="button" onClick={onAdd}>
            Add a run
          </button>
        )}
      </div>
    </section>
  );
}

/** How much of a week is run. */
function Sum({ runs }: { runs: readonly CalendarDay[] }) {
  const all = runs.reduce((sum, run) => sum + run.distance_m, 0);
  const done = runs.filter((run) => run.status === 'done').reduce((sum, run) => sum + run.distance_m, 0);
  if (all === 0) return null;
  return (
    <p class="week-sum">
      <progress max={all} value={done} aria-label="Distance run" />
      <span>
        <b>{inUnit(done)}</b> of {distance(all)}
      </span>
    </p>
  );
}

/** No plan says what to run today. */
function Nothing({ plans, followed }: { plans: readonly SavedPlanItem[]; followed: readonly SavedPlanItem[] }) {
  if (plans.length === 0) {
    return (
      <Empty title="You have no plan yet">
        <p>Five answers make one. Save it, and this page says each day what is due.</p>
        <div class="actions">
          {answered.value && (
            <a class="button primary" href={`/plan?${toQuery(answers.value)}`}>
              Open the plan that you made
            </a>
          )}
          <a class={`button ${answered.value ? '' : 'primary'}`} href="/">
            Make a plan
          </a>
        </div>
      </Empty>
    );
  }
  if (followed.length === 0) {
    return (
      <Empty title="You follow no plan">
        <p>None of your {count(plans.length, 'plan')} is active. Follow one, and its runs are here.</p>
        <a class="button primary" href="/plans">
          Choose a plan
        </a>
      </Empty>
    );
  }
  return (
    <Empty title="Your plan has no dates">
      <p>Say when the race is, and every run gets its day.</p>
      {followed.map((plan) => (
        <p key={plan.id}>
          <a class="button primary" href={`/plans/${plan.id}?date`}>
            Date “{plan.name}”
          </a>
        </p>
      ))}
    </Empty>
  );
}
