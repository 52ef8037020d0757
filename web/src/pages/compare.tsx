import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { generate } from '../api/generate';
import { Fault } from '../api/fault';
import type { Plan } from '../api/types';
import { clock, count, dayName, distance, duration, paceNumber, percent } from '../format';
import { measure, type Measures } from '../measure';
import { answers as kept, fromQuery, fullTime, hasAnswers, inUnitOf, names, questions, say, toQuery, weekdays, type Answers, type Name } from '../state/answers';
import { useCell } from '../state/cell';
import { go, place } from '../state/place';
import { metres, unit } from '../state/unit';
import { messagesOf, type Messages } from '../ui/field';
import { Overlay } from '../ui/overlay';
import { Page } from '../ui/page';
import { useResource } from '../ui/resource';
import { Failed } from '../ui/failed';
import { Loading } from '../ui/states';
import '../style/plan.css';
import '../style/compare.css';

type Side = 'a' | 'b';

/** A plan, or what is wrong with its answers. */
type Made = { plan: Plan } | { messages: Messages };

async function make(answers: Answers, signal: AbortSignal): Promise<Made> {
  try {
    return { plan: await generate(answers, signal) };
  } catch (error) {
    if (error instanceof Fault && error.errors.length > 0) return { messages: messagesOf(error, names.map((n) => `/${n}`)) };
    throw error;
  }
}

/** Two plans side by side. The answers of the first are in the address, and those that differ in the second. */
export default function Compare() {
  const u = useCell(unit);
  const { query } = useCell(place);
  const first = hasAnswers(query) ? fromQuery(query) : kept.value;
  const a = inUnitOf(first, u, 1);
  const b = inUnitOf(fromQuery(query, first, 'b_'), u, 1);
  const changed = names.filter((name) => a[name] !== b[name]);
  const made = useResource(`${toQuery(a)} ${toQuery(b)}`, (signal) => Promise.all([make(a, signal), make(b, signal)]));

  const change = (side: Side, name: Name, value: string) => {
    const [nextA, nextB] = side === 'a' ? [{ ...a, [name]: value }, a[name] === b[name] ? { ...b, [name]: value } : b] : [a, { ...b, [name]: value }];
    const differing = names.filter((n) => nextA[n] !== nextB[n]);
    const second = toQuery(nextB, 'b_').split('&').filter((pair) => differing.some((n) => pair.startsWith(`b_${n}=`)));
    // An answer that B takes back is empty there.
    for (const n of differing) if (nextB[n] === '') second.push(`b_${n}=`);
    go(`/compare?${[toQuery(nextA), ...second].join('&')}`, true);
  };

  const messages = (side: Side): Messages => {
    const half = made.data?.[side === 'a' ? 0 : 1];
    return half && 'messages' in half ? half.messages : {};
  };
  const plans = made.data?.map((half) => ('plan' in half ? half.plan : undefined));

  return (
    <Page title="Two plans side by side" class="compare" lead="Change an answer in plan B and see what it does to your weeks.">
      <div class="pair-head" aria-hidden="true">
        <span class="key line a">Plan A</span>
        <span class="key line b">Plan B</span>
      </div>
      <form noValidate onSubmit={(event) => event.preventDefault()}>
        {names.map((name) => (
          <fieldset key={name} class={`pair${changed.includes(name) ? ' differs' : ''}`}>
            <legend>{questions[name]}</legend>
            {(['a', 'b'] as const).map((side) => (
              <Entry key={side} side={side} name={name} value={(side === 'a' ? a : b)[name]} wrong={messages(side)[`/${name}`]} onChange={(v) => change(side, name, v)} />
            ))}
          </fieldset>
        ))}
      </form>
      {changed.length === 0 && <Ideas answers={a} onChoose={(name, value) => change('b', name, value)} />}
      {made.fault && <Failed fault={made.fault} retry={made.reload} />}
      {!made.data && !made.fault && <Loading what="Making both plans" />}
      {plans?.[0] && plans[1] && <Result plans={[plans[0], plans[1]]} a={a} b={b} />}
    </Page>
  );
}

interface EntryProps {
  side: Side;
  name: Name;
  value: string;
  wrong: string[] | undefined;
  onChange: (value: string) => void;
}

function Entry({ side, name, value, wrong, onChange }: EntryProps) {
  const id = `${side}-${name}`;
  const common = {
    id,
    value,
    'aria-invalid': wrong ? ('true' as const) : undefined,
    'aria-describedby': wrong ? `${id}-error` : undefined,
    onChange: (event: Event) => {
      const typed = (event.target as HTMLInputElement).value;
      onChange(name === 'target_time' ? fullTime(typed) : typed);
    },
  };
  return (
    <div>
      <label class="visually-hidden" for={id}>
        Plan {side.toUpperCase()}
      </label>
      {name === 'runs_per_week' || name === 'long_run_day' ? (
        <select {...common}>
          {(name === 'long_run_day' ? weekdays : ['2', '3', '4', '5', '6', '7']).map((option) => (
            <option key={option} value={option} selected={option === value}>
              {name === 'long_run_day' ? dayName(option as (typeof weekdays)[number]) : option}
            </option>
          ))}
        </select>
      ) : name === 'weeks' ? (
        <input {...common} type="number" min="8" max="30" />
      ) : name === 'race_date' ? (
        <input {...common} type="date" />
      ) : (
        <input {...common} autocomplete="off" inputMode={name === 'first_long_run' ? 'decimal' : 'text'} />
      )}
      <p class="error" id={`${id}-error`} role="alert">
        {wrong?.map(say).join(' ')}
      </p>
    </div>
  );
}

/** Changes that people wonder about. */
function Ideas({ answers, onChoose }: { answers: Answers; onChoose: (name: Name, value: string) => void }) {
  const runs = Number(answers.runs_per_week);
  const weeks = Number(answers.weeks);
  const seconds = answers.target_time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  const ideas: [string, Name, string][] = [];
  if (runs < 7) ideas.push(['One more run a week', 'runs_per_week', String(runs + 1)]);
  if (runs > 2) ideas.push(['One run less', 'runs_per_week', String(runs - 1)]);
  if (weeks <= 26) ideas.push(['Four weeks more', 'weeks', String(weeks + 4)]);
  if (seconds >= 2.5 * 3600) ideas.push(['15 minutes faster', 'target_time', clock(seconds - 900)]);
  return (
    <section class="ideas">
      <h2>What if?</h2>
      <div class="actions">
        {ideas.map(([label, name, value]) => (
          <button key={label} type="button" onClick={() => onChoose(name, value)}>
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}

function Result({ plans, a, b }: { plans: readonly [Plan, Plan]; a: Answers; b: Answers }) {
  const [over, setOver] = useState<string>();
  const threshold = over ?? (unit.value === 'km' ? '60' : '40');
  const per = metres[unit.value];
  const [one, two] = plans.map((plan) => measure(plan, Number(threshold.replace(',', '.')) * per)) as [Measures, Measures];

  const rows: { key: string; label: ComponentChildren; show: (m: Measures) => string; of: (m: Measures) => number; gap?: (d: number) => string }[] = [
    { key: 'peak', label: 'Biggest week', show: (m) => distance(m.peak_week_m), of: (m) => m.peak_week_m, gap: (d) => distance(d) },
    { key: 'time', label: 'Time in that week', show: (m) => duration(m.peak_week_s), of: (m) => m.peak_week_s, gap: (d) => duration(d) },
    { key: 'long', label: 'Longest run', show: (m) => distance(m.peak_long_run_m), of: (m) => m.peak_long_run_m, gap: (d) => distance(d) },
    { key: 'step', label: 'Steepest step from week to week', show: (m) => percent(m.steepest), of: (m) => Math.round(m.steepest * 100), gap: (d) => count(d, 'point') },
    { key: 'share', label: 'Long run’s share of a week, at most', show: (m) => percent(m.long_run_share), of: (m) => Math.round(m.long_run_share * 100), gap: (d) => count(d, 'point') },
    {
      key: 'above',
      label: (
        <label>
          Weeks above{' '}
          <input class="inline" inputMode="decimal" value={threshold} onInput={(event) => setOver((event.target as HTMLInputElement).value)} /> {unit.value}
        </label>
      ),
      show: (m) => String(m.weeks_above),
      of: (m) => m.weeks_above,
      gap: (d) => count(d, 'week'),
    },
    { key: 'total', label: 'In all', show: (m) => distance(m.total_m, 0), of: (m) => m.total_m, gap: (d) => distance(d, 0) },
    { key: 'runs', label: 'Runs', show: (m) => String(m.runs), of: (m) => m.runs, gap: String },
    { key: 'pace', label: 'Race pace', show: (m) => `${paceNumber(m.race_pace_s_per_km)} /${unit.value}`, of: (m) => m.race_pace_s_per_km, gap: (d) => paceNumber(d) },
  ];

  return (
    <>
      <table class="measures">
        <caption>What differs</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">Plan A</th>
            <th scope="col">Plan B</th>
            <th scope="col">B against A</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, label, show, of, gap }) => {
            const d = of(two) - of(one);
            return (
              <tr key={key}>
                <th scope="row">{label}</th>
                <td data-plan="A">{show(one)}</td>
                <td data-plan="B">{show(two)}</td>
                <td class="gap">{d === 0 ? 'same' : `${d > 0 ? '+' : '−'}${(gap ?? String)(Math.abs(d))}`}</td>
              </tr>
            );
          })}
          <tr>
            <th scope="row">To keep in mind</th>
            {plans.map((plan, i) => (
              <td key={i} data-plan={i ? 'B' : 'A'}>
                {count(plan.warnings.length + plan.adjustments.length, 'note')}
              </td>
            ))}
            <td class="gap" />
          </tr>
        </tbody>
      </table>
      <section>
        <h2>Week by week</h2>
        <Overlay plans={plans} />
      </section>
      <p class="actions">
        <a class="button" href={`/plan?${toQuery(a)}`}>
          Open plan A
        </a>
        <a class="button" href={`/plan?${toQuery(b)}`}>
          Open plan B
        </a>
      </p>
    </>
  );
}
