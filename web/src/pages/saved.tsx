import { useState } from 'preact/hooks';
import { planPath, readPlan, runPath, type Versioned } from '../api/training';
import type { SavedPlan, SavedWorkout } from '../api/types';
import { addDays, count, daysBetween, dayName, distance, longDate, paceNumber } from '../format';
import { useCell } from '../state/cell';
import { useToday } from '../state/day';
import { go, place } from '../state/place';
import { removed } from '../state/removal';
import { unit } from '../state/unit';
import { AddRun } from '../ui/add-run';
import { Dialog } from '../ui/dialog';
import { Fridge } from '../ui/fridge';
import { Months } from '../ui/months';
import { Notes } from '../ui/notes';
import { PaceTable } from '../ui/paces';
import { Page } from '../ui/page';
import { RaceDateDialog, RenameDialog, usePlanEdit } from '../ui/plan-edit';
import { Profile } from '../ui/profile';
import { useResource } from '../ui/resource';
import { RunEdit } from '../ui/run-edit';
import { whenOf } from '../ui/spot';
import { Failed } from '../ui/failed';
import { Loading } from '../ui/states';
import { ViewSwitch, type View } from '../ui/view-switch';
import { Weeks } from '../ui/weeks';
import { WorkoutDetail } from '../ui/workout';
import type { MemberProps } from './more';
import '../style/plan.css';
import '../style/calendar.css';

/** A saved plan. */
export default function Saved({ params, runner }: MemberProps) {
  const id = params['id'] ?? '';
  const plan = useResource(id, (signal) => readPlan(id, signal));
  const gone = useCell(removed).has(planPath(id));
  const today = useToday(runner.time_zone);

  if (!plan.data || gone) {
    return (
      <Page title="Your plan">
        {gone || plan.fault?.status === 404 ? (
          <div class="state">
            <h2>{gone ? 'This plan is deleted' : 'You have no such plan'}</h2>
            <p>{gone ? 'Undo brings it back, for as long as the note below is there.' : 'It may be deleted, or belong to another account.'}</p>
            <a class="button primary" href="/plans">
              My plans
            </a>
          </div>
        ) : plan.fault ? (
          <Failed fault={plan.fault} retry={plan.reload} />
        ) : (
          <Loading what="Opening your plan" />
        )}
      </Page>
    );
  }
  return <Shown plan={plan.data} today={today} reload={plan.reload} />;
}

function Shown({ plan, today, reload }: { plan: Versioned<SavedPlan>; today: string; reload: () => void }) {
  const { inputs, summary, id } = plan;
  const params = new URLSearchParams(useCell(place).query);
  const hidden = useCell(removed);
  const weeks = plan.weeks.map((week) => ({ ...week, workouts: week.workouts.filter((w) => !hidden.has(runPath(id, w.id))) }));
  const race = inputs.race_date;
  const dated = race !== undefined;
  const [view, setView] = useState<View>();
  const shown = dated ? (view ?? 'months') : 'weeks';
  const [open, setOpen] = useState<'rename' | 'add'>();
  const { run, mark, takeAway, fault, busy, dialog } = usePlanEdit(plan, plan.version, reload);

  const here = `/plans/${id}`;
  const workouts = weeks.flatMap((week) => week.workouts);
  const opened = workouts.find((w) => w.id === params.get('open'));
  const close = () => (history.state === 'opened' ? history.back() : go(here, true));
  const visit = (query: string) => {
    const y = scrollY;
    go(`${here}?${query}`);
    history.replaceState('opened', '');
    scrollTo(0, y);
  };
  const of = (status: SavedWorkout['status']) => workouts.filter((w) => w.status === status);
  const current = weeks.find(({ start_date }) => start_date && start_date <= today && today < addDays(start_date, 7));
  const [done, skipped] = [of('done'), of('skipped')];

  return (
    <Page
      title={plan.name}
      class="plan"
      lead={
        <>
          {summary.weeks} weeks to a {inputs.target_time} marathon, {count(inputs.runs_per_week, 'run')} a week, the long one on {dayName(inputs.long_run_day)}.{' '}
          {race && (race >= today ? <>Race on {longDate(race)}, in {count(daysBetween(today, race), 'day')}.</> : <>The race was on {longDate(race)}.</>)}
        </>
      }
    >
      <div class="actions screen-only">
        {!dated && (
          <button type="button" class="primary" onClick={() => visit('date')}>
            Give it a race date
          </button>
        )}
        <button type="button" aria-disabled={busy || undefined} onClick={() => void mark(!plan.active)}>
          {plan.active ? 'Stop following' : 'Follow'}
        </button>
        <button type="button" onClick={() => setOpen('rename')}>
          Rename
        </button>
        {dated && (
          <button type="button" onClick={() => visit('date')}>
            Change the race date
          </button>
        )}
        <button type="button" onClick={() => print()}>
          Print
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            takeAway(reload);
            go('/plans');
          }}
        >
          Delete
        </button>
      </div>
      <div role="alert" class="form-alert">
        {fault && <p>{fault.message}</p>}
      </div>

      <p class="progress screen-only">
        <span>
          <b>{done.length}</b> of {count(workouts.length, 'run')} done
          {skipped.length > 0 && `, ${skipped.length} skipped`}, <b>{distance(done.reduce((sum, w) => sum + w.distance_m, 0))}</b> of{' '}
          {distance(summary.total_distance_m, 0)}
        </span>
        <progress max={workouts.length} value={done.length} aria-label="Runs done" />
        {!plan.active && <span class="fine">You do not follow this plan, so Today leaves it out.</span>}
      </p>

      <dl class="numbers">
        <div>
          <dt>Race pace</dt>
          <dd>
            {paceNumber(summary.race_pace_s_per_km)} <small>/{unit.value}</small>
          </dd>
        </div>
        <div>
          <dt>Biggest week</dt>
          <dd>
            {distance(summary.peak_week_distance_m)} <small>week {summary.peak_week}</small>
          </dd>
        </div>
        <div>
          <dt>Longest run</dt>
          <dd>{distance(summary.peak_long_run_m)}</dd>
        </div>
        <div>
          <dt>In all</dt>
          <dd>
            {distance(summary.total_distance_m, 0)} <small>{summary.runs} runs</small>
          </dd>
        </div>
      </dl>

      <Notes title="What we changed" notes={plan.adjustments} />
      <Notes title="Keep in mind" notes={plan.warnings} />

      <section class="screen-only">
        <h2>How it builds up</h2>
        <Profile weeks={weeks} />
      </section>

      <section class="screen-only">
        <div class="section-head">
          <h2>Every run</h2>
          <div class="actions">
            {shown === 'weeks' && current && (
              <a class="button" href={`#week-${current.week}`}>
                This week
              </a>
            )}
            <button type="button" onClick={() => setOpen('add')}>
              Add a run
            </button>
            {dated && <ViewSwitch view={shown} onView={setView} />}
          </div>
        </div>
        {shown === 'months' ? (
          <Months weeks={weeks} now={today} onOpen={(w) => visit(`open=${w.id}`)} />
        ) : (
          <Weeks weeks={weeks} actions={(w) => 'status' in w && <RunEdit plan={id} workout={w as SavedWorkout} onChange={reload} />} />
        )}
      </section>

      <section class="screen-only">
        <PaceTable paces={plan.paces} />
      </section>

      <Fridge plan={plan} />
      {opened && (
        <Dialog title={opened.title} onClose={close}>
          <p class="hint">{whenOf(opened)}</p>
          <WorkoutDetail workout={opened}>
            <RunEdit plan={id} workout={opened} onChange={reload} onGone={close} />
          </WorkoutDetail>
        </Dialog>
      )}
      {params.has('date') && <RaceDateDialog plan={plan} run={run} onBack={reload} onClose={close} />}
      {open === 'rename' && <RenameDialog name={plan.name} run={run} onClose={() => setOpen(undefined)} />}
      {open === 'add' && <AddRun plans={[plan]} date={today} onAdded={reload} onClose={() => setOpen(undefined)} />}
      {dialog}
    </Page>
  );
}
