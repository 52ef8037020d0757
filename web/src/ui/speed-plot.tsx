import type { CriticalSpeed } from '../api/types';
import { clock, inUnit, paceNumber } from '../format';
import { metres, unit } from '../state/unit';
import { useWidth } from './width';

const HEIGHT = 300;
const TOP = 14;
const BOTTOM = 42;
const LEFT = 46;

/** A point of the fitted line: distance in metres, speed in m/s, and how far speed may be off, if known. */
export interface FitPoint {
  d: number;
  v: number;
  off: number | undefined;
}

/**
 * The fitted line of distance over time as speed over distance, with its 95 %
 * confidence band. The band follows from the efforts used and the standard
 * error of the estimate, as for any straight line; the quantile is the one
 * that the interval of critical speed was made with.
 */
export function fitted(cs: CriticalSpeed, from_s = 120, to_s = 2400, points = 60): FitPoint[] {
  const times = cs.efforts.filter((e) => e.used).map((e) => e.time_s);
  const mean = times.reduce((sum, t) => sum + t, 0) / times.length;
  const spread = times.reduce((sum, t) => sum + (t - mean) ** 2, 0);
  const { standard_error_of_estimate_m: see, critical_speed_ci95_m_per_s: ci, critical_speed_standard_error_m_per_s: se } = cs.quality;
  const quantile = ci && se ? (ci[1] - ci[0]) / 2 / se : undefined;
  return Array.from({ length: points }, (_, i) => {
    const t = from_s * (to_s / from_s) ** (i / (points - 1));
    const d = cs.critical_speed_m_per_s * t + cs.d_prime_m;
    const off = see !== null && quantile !== undefined ? (quantile * see * Math.sqrt(1 / times.length + (t - mean) ** 2 / spread)) / t : undefined;
    return { d, v: d / t, off };
  });
}

/** Speed over distance: the results, the line through them, and how sure it is. */
export function SpeedPlot({ cs }: { cs: CriticalSpeed }) {
  const [figure, width] = useWidth();
  const line = fitted(cs);
  const banded = line.every((p) => p.off !== undefined);
  const efforts = cs.efforts.map((e) => ({ ...e, v: e.distance_m / e.time_s }));

  const ds = [...line.map((p) => p.d), ...efforts.map((e) => e.distance_m)];
  const [d0, d1] = [Math.min(...ds) * 0.9, Math.max(...ds) * 1.1];
  // The band may be wide at the ends; the picture is not.
  const vs = [...line.map((p) => p.v), ...efforts.map((e) => e.v), cs.critical_speed_m_per_s];
  const [v0, v1] = [Math.min(...vs) * 0.95, Math.max(...vs) * 1.05];
  const x = (d: number) => LEFT + (Math.log(d / d0) / Math.log(d1 / d0)) * (width - LEFT - 8);
  const y = (v: number) => HEIGHT - BOTTOM - ((Math.min(Math.max(v, v0), v1) - v0) / (v1 - v0)) * (HEIGHT - TOP - BOTTOM);
  const path = (points: readonly (readonly [number, number])[]) => `M${points.map(([d, v]) => `${x(d).toFixed(1)} ${y(v).toFixed(1)}`).join('L')}`;

  const per = metres[unit.value];
  const [slow, fast] = [per / v0, per / v1]; // seconds per unit
  const step = [10, 15, 20, 30, 60].find((s) => (slow - fast) / s <= 6) ?? 120;
  const paces = Array.from({ length: Math.floor(slow / step) - Math.ceil(fast / step) + 1 }, (_, i) => (Math.ceil(fast / step) + i) * step);
  const marks = [400, 800, 1000, 1609.344, 3000, 5000, 10_000, 21_097.5, 42_195].filter((d) => d >= d0 && d <= d1);
  const shown = marks.filter((d, i) => i === 0 || x(d) - x(marks[i - 1] as number) > 30 || d === 5000);
  const ci = cs.quality.critical_speed_ci95_m_per_s;

  return (
    <figure class="speed" ref={figure}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} role="img"
        aria-label={`Pace over distance. The line flattens towards the critical pace of ${paceNumber(cs.critical_pace_s_per_km)} per ${unit.value}${ci ? `, which lies with 95 % confidence between ${paceNumber(1000 / ci[1])} and ${paceNumber(1000 / ci[0])}` : ''}.`}>
        {paces.map((s) => (
          <g key={s}>
            <line class="grid" x1={LEFT} x2={width} y1={y(per / s)} y2={y(per / s)} />
            <text class="axis" x={LEFT - 6} y={y(per / s) + 4} text-anchor="end">
              {clock(s)}
            </text>
          </g>
        ))}
        {shown.map((d) => (
          <text key={d} class="axis" x={x(d)} y={HEIGHT - BOTTOM + 18} text-anchor="middle">
            {inUnit(d, 1)}
          </text>
        ))}
        <text class="axis" x={LEFT} y={HEIGHT - 4}>
          distance in {unit.value}, pace per {unit.value}
        </text>
        {banded && <path class="band" d={`${path(line.map((p) => [p.d, p.v + (p.off ?? 0)]))}L${path([...line].reverse().map((p) => [p.d, p.v - (p.off ?? 0)])).slice(1)}Z`} />}
        <line class="critical" x1={LEFT} x2={width} y1={y(cs.critical_speed_m_per_s)} y2={y(cs.critical_speed_m_per_s)} />
        <path class="fit" d={path(line.map((p) => [p.d, p.v]))} />
        {efforts.map((e, i) => (
          <circle key={i} class={e.used ? 'used' : 'unused'} cx={x(e.distance_m)} cy={y(e.v)} r="5" />
        ))}
      </svg>
      <figcaption class="legend">
        <span class="key dot">Your results</span>
        {efforts.some((e) => !e.used) && <span class="key ring">Not used for the line</span>}
        <span class="key line">Fitted line</span>
        {banded && <span class="key band">95 % confidence</span>}
        <span class="key dash">Critical pace</span>
      </figcaption>
    </figure>
  );
}
