import { useState } from 'preact/hooks';
import { send } from '../api/http';
import type { PerformanceMetrics, RacePrediction } from '../api/types';
import { clock } from '../format';
import { useCell } from '../state/cell';
import { go, place } from '../state/place';
import { CriticalSpeedFacts } from '../ui/critical-speed';
import { FormAlert, messagesOf, useFaultFocus } from '../ui/field';
import { Notes } from '../ui/notes';
import { PaceTable } from '../ui/paces';
import { raceNames } from '../ui/race-names';
import { Page } from '../ui/page';
import { useResource } from '../ui/resource';
import { Failed } from '../ui/failed';
import { Loading } from '../ui/states';
import '../style/plan.css';
import '../style/calendar.css';
import '../style/tools.css';

const distances: ReadonlyArray<readonly [m: string, name: string]> = [
  ['400', '400 m'],
  ['800', '800 m'],
  ['1000', '1 km'],
  ['1500', '1,500 m'],
  ['1609.344', '1 mile'],
  ['3000', '3,000 m'],
  ['5000', '5 km'],
  ['10000', '10 km'],
  ['21097.5', 'Half marathon'],
  ['42195', 'Marathon'],
];

interface Best {
  key: number;
  distance: string;
  time: string;
}

let lastKey = 0;
const best = (distance: string, time = ''): Best => ({ key: ++lastKey, distance, time });

/** Bests as the address has them: pb=5000,19:57. */
const fromQuery = (query: string): Best[] =>
  new URLSearchParams(query)
    .getAll('pb')
    .slice(0, 50)
    .map((pb) => best(pb.split(',')[0] ?? '', pb.split(',')[1]?.slice(0, 20) ?? ''));
const toQuery = (bests: readonly Best[]): string => bests.map((b) => `pb=${encodeURIComponent(b.distance)},${encodeURIComponent(b.time).replaceAll('%3A', ':')}`).join('&');

/** Personal bests, and all that can be known from them. They are in the address. */
export default function RaceTimes() {
  const { query } = useCell(place);
  const asked = fromQuery(query);
  const [bests, setBests] = useState<Best[]>(() => (asked.length ? asked : [best('1500'), best('5000')]));
  const metrics = useResource(query, async (signal) =>
    asked.length === 0
      ? undefined
      : (
          await send<PerformanceMetrics>('/api/calculate_performance_metrics', {
            body: { personal_bests: asked.map((b) => ({ distance_m: Number(b.distance), time: b.time })) },
            signal,
          })
        ).data,
  );
  const { form, sent } = useFaultFocus(metrics.fault);
  const paths = bests.flatMap((_, i) => [`/personal_bests/${i}/time`, `/personal_bests/${i}/distance_m`]);
  const messages = metrics.fault?.errors.length ? messagesOf(metrics.fault, paths) : {};
  // The address has the rows with a time only, so positions are theirs.
  const filled = bests.filter((b) => b.time.trim());
  const wrong = (b: Best) => {
    const i = filled.indexOf(b);
    return i < 0 ? [] : [...(messages[`/personal_bests/${i}/time`] ?? []), ...(messages[`/personal_bests/${i}/distance_m`] ?? [])];
  };
  const set = (key: number, change: Partial<Best>) => {
    const next = bests.map((b) => (b.key === key ? { ...b, ...change } : b));
    setBests(next);
    return next;
  };
  const show = (next: readonly Best[], replace: boolean) => {
    const given = next.filter((b) => b.time.trim());
    go(`/tools/race-times${given.length ? `?${toQuery(given.map((b) => ({ ...b, time: b.time.trim() })))}` : ''}`, replace);
  };
  const settled = asked.length > 0;

  return (
    <Page title="Race times and paces" lead="Enter your best times of the last months, run as hard as you could. Three or more over different distances, from about 1 to 10 km, say the most.">
      <form
        ref={form}
        class="bests"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          sent();
          if (metrics.fault) metrics.reload();
          show(bests, settled);
        }}
      >
        <ul>
          {bests.map((b, i) => (
            <li key={b.key}>
              <label>
                <span class={i ? 'visually-hidden' : undefined}>Distance</span>
                <select value={b.distance} onChange={(event) => { const next = set(b.key, { distance: (event.target as HTMLSelectElement).value }); if (settled) show(next, true); }}>
                  {(distances.some(([m]) => m === b.distance) ? distances : [...distances, [b.distance, `${b.distance} m`] as const]).map(([m, name]) => (
                    <option key={m} value={m} selected={m === b.distance}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
              <label>
                <span class={i ? 'visually-hidden' : undefined}>Time</span>
                <input
                  value={b.time}
                  placeholder="19:57"
                  autocomplete="off"
                  aria-invalid={wrong(b).length ? 'true' : undefined}
                  aria-describedby={wrong(b).length ? `pb-${b.key}-error` : undefined}
                  onInput={(event) => set(b.key, { time: (event.target as HTMLInputElement).value })}
                  onChange={(event) => { const next = set(b.key, { time: (event.target as HTMLInputElement).value }); if (settled) show(next, true); }}
                />
              </label>
              {bests.length > 1 && (
                <button type="button" class="icon" aria-label={`Remove result ${i + 1}`}
                  onClick={() => { const next = bests.filter((other) => other !== b); setBests(next); if (settled) show(next, true); }}>
                  ×
                </button>
              )}
              <p class="error" id={`pb-${b.key}-error`} role="alert">
                {wrong(b).join(' ')}
              </p>
            </li>
          ))}
        </ul>
        <FormAlert messages={messages} />
        <div class="actions">
          <button type="submit" class="primary">
            Show what they say
          </button>
          {bests.length < 50 && (
            <button type="button" onClick={() => setBests([...bests, best(distances.find(([m]) => !bests.some((b) => b.distance === m) && Number(m) >= 1000)?.[0] ?? '10000')])}>
              Add a result
            </button>
          )}
        </div>
      </form>
      <div aria-live="polite">
        {metrics.loading && settled && !metrics.data && <Loading what="Working it out" />}
        {metrics.fault && !metrics.fault.errors.length && <Failed fault={metrics.fault} retry={metrics.reload} />}
        {metrics.data && <Metrics metrics={metrics.data} />}
      </div>
    </Page>
  );
}

function Metrics({ metrics: { critical_speed: cs, critical_speed_unavailable_reason: reason, vdot, training_paces, race_predictions, warnings } }: { metrics: PerformanceMetrics }) {
  return (
    <div class="metrics">
      <section>
        <h2>Critical speed</h2>
        {cs ? (
          <CriticalSpeedFacts cs={cs} vdot={vdot.best} warnings={warnings} />
        ) : (
          <>
            <p>{reason}</p>
            <p>
              VDOT <b>{vdot.best.toFixed(1)}</b>
            </p>
            <Notes title="Keep in mind" notes={warnings} />
          </>
        )}
      </section>
      <section>
        <Predictions races={race_predictions} />
      </section>
      <section>
        <PaceTable paces={training_paces} caption="Paces to train at" />
      </section>
    </div>
  );
}

/** Race times to expect, each with its range. */
function Predictions({ races }: { races: readonly RacePrediction[] }) {
  // Ranges are drawn in per cent of the time expected.
  const widest = Math.max(0.05, ...races.flatMap((r) => r.range_s.map((s) => Math.abs(s / r.time_s - 1))));
  const at = (share: number) => 50 + (share / widest) * 48;
  return (
    <table class="predictions">
      <caption>What to expect in races</caption>
      <thead>
        <tr>
          <th scope="col">Race</th>
          <th scope="col">Time</th>
          <th scope="col">From – to</th>
          <td class="range" />
        </tr>
      </thead>
      <tbody>
        {races.map((race) => (
          <tr key={race.name}>
            <th scope="row">
              {raceNames[race.name]}
              {race.warnings.length > 0 && <small>{race.warnings.map((w) => w.message).join(' ')}</small>}
            </th>
            <td>
              <b>{clock(race.time_s)}</b>
            </td>
            <td>
              {clock(race.range_s[0])} – {clock(race.range_s[1])}
            </td>
            <td class="range">
              <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect class="track" y="4" width="100" height="2" />
                <rect x={at(race.range_s[0] / race.time_s - 1)} width={at(race.range_s[1] / race.time_s - 1) - at(race.range_s[0] / race.time_s - 1)} y="2" height="6" rx="1" />
                <rect class="mark" x="49.5" width="1" height="10" />
              </svg>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
