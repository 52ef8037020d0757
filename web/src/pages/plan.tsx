import { useEffect, useMemo, useState } from 'preact/hooks';
import { generate } from '../api/generate';
import type { Plan } from '../api/types';
import { addDays, count, daysBetween, dayName, distance, duration, longDate, paceNumber, shortDate, spokenTime as spoken, today } from '../format';
import { SavePlan } from '../slots/save-plan';
import { fromQuery, inUnitOf, keepAnswers, toQuery, type Answers } from '../state/answers';
import { useCell } from '../state/cell';
import { go, place } from '../state/place';
import { toast } from '../state/toasts';
import { suggestUnit, unit } from '../state/unit';
import { Dialog } from '../ui/dialog';
import { Fridge } from '../ui/fridge';
import { Months } from '../ui/months';
import { Notes } from '../ui/notes';
import { PaceTable } from '../ui/paces';
import { Page } from '../ui/page';
import { Profile } from '../ui/profile';
import { useResource } from '../ui/resource';
import { Failed } from '../ui/failed';
import { Loading } from '../ui/states';
import { ViewSwitch, type View } from '../ui/view-switch';
import { Weeks } from '../ui/weeks';
import { WorkoutDetail } from '../ui/workout';
import '../style/plan.css';
import '../style/calendar.css';

/** A plan that is not saved. Its answers are in the address, and with `open` the run that is looked at. */
export default function PlanPage() {
  const { query } = useCell(place);
  const params = new URLSearchParams(query);
  const open = params.get('open');
  params.delete('open');
  const given = useMemo(() => fromQuery(params.toString()), [params.toString()]);
  useEffect(() => suggestUnit(given.unit), [given]);
  const asked = inUnitOf(given, useCell(unit));
  const back = `/?${toQuery(given)}`;
  const plan = useResource(toQuery(asked), (signal) => generate(asked, signal));

  useEffect(() => {
    if (plan.data) keepAnswers(given);
  }, [plan.data]);

  if (!plan.data) {
    const wrong = plan.fault?.errors.length;
    return (
      <Page title="Your plan">
        {plan.fault ? (
          <Failed fault={plan.fault} retry={wrong ? undefined : plan.reload}>
            <p>
              <a class={`button ${wrong ? 'primary' : ''}`} href={back}>
                Change the answers
              </a>
            </p>
          </Failed>
        ) : (
          <Loading what="Making your plan" />
        )}
      </Page>
    );
  }
  return <Made plan={plan.data} answers={given} back={back} open={open} />;
}

function Made({ plan, answers, back, open }: { plan: Plan; answers: Answers; back: string; open: string | null }) {
  const { inputs, summary, weeks } = plan;
  const dated = inputs.race_date !== undefined;
  const [view, setView] = useState<View>(dated ? 'months' : 'weeks');
  const workouts = weeks.flatMap((week) => week.workouts);
  const opened = workouts.find((w) => w.id === open);
  const here = `/plan?${toQuery(answers)}`;
  const peak = weeks[summary.peak_week - 1];
  const close = () => (history.state === 'opened' ? history.back() : go(here, true));
  const show = (id: string) => {
    go(`${here}&open=${id}`);
    history.replaceState('opened', '');
  };

  return (
    <Page
      title={`${summary.weeks} weeks to a ${spoken(inputs.target_time)} marathon`}
      class="plan"
      lead={
        <>
          {count(inputs.runs_per_week, 'run')} a week, the long one on {dayName(inputs.long_run_day)}
          {inputs.race_date && <>. Race on {longDate(inputs.race_date)}</>}.
        </>
      }
    >
      <div class="actions screen-only">
        <a class="button" href={back}>
          Change answers
        </a>
        <a class="button" href={`/compare?${toQuery(answers)}`}>
          Compare
        </a>
        <button type="button" onClick={() => void share(here)}>
          Share
        </button>
        <button type="button" onClick={() => print()}>
          Print
        </button>
      </div>
      <SavePlan answers={answers} />

      <dl class="numbers">
        <div>
          <dt>Race pace</dt>
          <dd>
            {paceNumber(summary.race_pace_s_per_km)} <small>/{inputs.unit}</small>
          </dd>
        </div>
        <div>
          <dt>Biggest week</dt>
          <dd>
            {distance(summary.peak_week_distance_m)}
            <small class="below">
              week {summary.peak_week}
              {peak && <>, about {duration(peak.workouts.reduce((sum, w) => sum + w.duration_s, 0))}</>}
            </small>
          </dd>
        </div>
        <div>
          <dt>Longest run</dt>
          <dd>{distance(summary.peak_long_run_m)}</dd>
        </div>
        <div>
          <dt>In all</dt>
          <dd>
            {distance(summary.total_distance_m, 0)}
            <small class="below">{summary.runs} runs</small>
          </dd>
        </div>
      </dl>

      <Notes title="What we changed" notes={plan.adjustments} />
      <Notes title="Keep in mind" notes={plan.warnings}>
        {late(plan, answers)}
      </Notes>

      <section class="screen-only">
        <h2>How it builds up</h2>
        <Profile weeks={weeks} />
      </section>

      <section class="screen-only">
        <div class="section-head">
          <h2>Every run</h2>
          {dated && <ViewSwitch view={view} onView={setView} />}
        </div>
        {dated && view === 'months' ? <Months weeks={weeks} onOpen={(w) => show(w.id)} /> : <Weeks weeks={weeks} />}
      </section>

      <section class="screen-only">
        <PaceTable paces={plan.paces} />
      </section>

      <Fridge plan={plan} />
      {opened && (
        <Dialog title={opened.title} onClose={close}>
          <p class="hint">{opened.date ? longDate(opened.date) : `${dayName(opened.day)}, week ${Number(opened.id.slice(1, 3))}`}</p>
          <WorkoutDetail workout={opened} />
        </Dialog>
      )}
    </Page>
  );
}

/** Says that the first day of a plan has passed, with a shorter plan to change to. */
function late({ inputs, weeks }: Plan, answers: Answers) {
  const start = weeks[0]?.start_date;
  const now = today();
  if (!start || !inputs.race_date || start >= now) return null;
  const left = Math.floor((daysBetween(now, inputs.race_date) + 1) / 7);
  return (
    <li>
      {inputs.race_date < now ? 'The race has passed.' : `The first week started on ${shortDate(start)}, ${count(daysBetween(start, now), 'day')} ago.`}{' '}
      {left >= 8 && (
        <a href={`/plan?${toQuery({ ...answers, weeks: String(left) })}`}>
          Train {left} weeks instead, from {shortDate(addDays(inputs.race_date, 1 - 7 * left))}
        </a>
      )}
    </li>
  );
}

/** Hands the link on by the means of the device, or copies it. */
async function share(path: string): Promise<void> {
  const url = location.origin + path;
  try {
    if ('share' in navigator && matchMedia('(pointer: coarse)').matches) {
      await navigator.share({ title: document.title, url });
    } else {
      await navigator.clipboard.writeText(url);
      toast('The link is copied. Whoever opens it sees this plan.');
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return; // thought better of it
    toast('The link could not be copied. The address of this page is the link.');
  }
}
