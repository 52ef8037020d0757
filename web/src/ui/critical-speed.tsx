import type { CriticalSpeed, Note } from '../api/types';
import { clock, paceNumber } from '../format';
import { unit } from '../state/unit';
import { Notes } from './notes';
import { SpeedPlot } from './speed-plot';

const ratings = {
  good: 'Well known: your results lie close to one line.',
  fair: 'Fairly well known. Another result would help.',
  poor: 'Only a rough guess. The results do not fit one line well.',
  unknown: 'Two results always fit a line, so nothing can be said about how sure this is. A third tells.',
} as const;

const distances: ReadonlyArray<readonly [m: number, name: string]> = [
  [1609.344, '1 mile'],
  [21_097.5, 'Half marathon'],
  [42_195, 'Marathon'],
];

interface CriticalSpeedProps {
  cs: CriticalSpeed;
  vdot?: number | undefined;
  /** What else to keep in mind. */
  warnings?: readonly Note[];
}

/** Critical speed, with how sure it is, what it rests on and what it left out. */
export function CriticalSpeedFacts({ cs, vdot, warnings = [] }: CriticalSpeedProps) {
  const ci = cs.quality.critical_speed_ci95_m_per_s;
  const dci = cs.quality.d_prime_ci95_m;
  return (
    <>
      <p class="about">The fastest you can go without tiring minute by minute. What you have beyond it, D′, is used up like a battery.</p>
      <dl class="numbers">
        <div>
          <dt>Critical pace</dt>
          <dd>
            {paceNumber(cs.critical_pace_s_per_km)} <small>/{unit.value}</small>
            {ci && <small class="below">{ci[0] > 0 ? `${paceNumber(1000 / ci[1])} to ${paceNumber(1000 / ci[0])}` : `${paceNumber(1000 / ci[1])} or slower`}</small>}
          </dd>
        </div>
        <div>
          <dt>D′</dt>
          <dd>
            {Math.round(cs.d_prime_m)} m{dci && <small class="below">{`${Math.max(0, Math.round(dci[0]))} to ${Math.round(dci[1])} m`}</small>}
          </dd>
        </div>
        {vdot !== undefined && (
          <div>
            <dt>VDOT</dt>
            <dd>{vdot.toFixed(1)}</dd>
          </div>
        )}
      </dl>
      <p>
        <b class={`rating ${cs.quality.rating}`}>{cs.quality.rating}</b> {ratings[cs.quality.rating]}
      </p>
      <SpeedPlot cs={cs} />
      {cs.efforts.some((e) => !e.used) && (
        <ul class="fine">
          {cs.efforts.filter((e) => !e.used).map((e, i) => (
            <li key={i}>
              {distances.find(([m]) => m === e.distance_m)?.[1] ?? (e.distance_m % 1000 === 0 ? `${e.distance_m / 1000} km` : `${e.distance_m.toLocaleString('en')} m`)} in {clock(e.time_s)} was not used.{' '}
              {e.message}
            </li>
          ))}
        </ul>
      )}
      <Notes title="Keep in mind" notes={[...cs.warnings, ...warnings]} />
    </>
  );
}
