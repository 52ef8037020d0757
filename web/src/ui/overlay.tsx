import type { Plan } from '../api/types';
import { distance } from '../format';
import { metres, unit } from '../state/unit';
import { useWidth } from './width';

const HEIGHT = 240;
const TOP = 16;
const BOTTOM = 40;
const LEFT = 34;

/** The weeks of two plans as two lines that end on the same race day. */
export function Overlay({ plans }: { plans: readonly [Plan, Plan] }) {
  const [figure, width] = useWidth();
  const lines = plans.map((plan) => plan.weeks.map((w) => w.workouts.reduce((sum, run) => sum + (run.type === 'race' ? 0 : run.distance_m), 0)));
  const length = Math.max(...lines.map((l) => l.length));
  const top = Math.max(...lines.flat());
  const per = metres[unit.value];
  const step = [5, 10, 20, 25, 50].find((s) => top / per / s <= 5) ?? 100;
  const x = (toRace: number) => LEFT + 6 + ((length - 1 - toRace) / (length - 1)) * (width - LEFT - 18);
  const y = (m: number) => HEIGHT - BOTTOM - (m / top) * (HEIGHT - TOP - BOTTOM);
  const every = length > 16 || width < 500 ? 4 : 2;
  return (
    <figure class="overlay" ref={figure}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} role="img"
        aria-label={`Distance of each week up to the race. Plan A has at most ${distance(Math.max(...(lines[0] ?? [])))}, plan B ${distance(Math.max(...(lines[1] ?? [])))}.`}>
        {Array.from({ length: Math.floor(top / per / step) + 1 }, (_, i) => i * step).map((value) => (
          <g key={value}>
            <line class="grid" x1={LEFT} x2={width} y1={y(value * per)} y2={y(value * per)} />
            <text class="axis" x={LEFT - 6} y={y(value * per) + 4} text-anchor="end">
              {value || unit.value}
            </text>
          </g>
        ))}
        {Array.from({ length }, (_, i) => i)
          .filter((i) => i % every === 0)
          .map((i) => (
            <text key={i} class="axis" x={x(i)} y={HEIGHT - BOTTOM + 18} text-anchor={i === 0 ? 'end' : 'middle'}>
              {i === 0 ? 'race' : i}
            </text>
          ))}
        <text class="axis" x={LEFT + 6} y={HEIGHT - 2}>
          weeks to the race
        </text>
        {lines.map((line, n) => {
          const points = line.map((m, i) => [x(line.length - 1 - i), y(m)] as const);
          return (
            <g key={n} class={n === 0 ? 'a' : 'b'}>
              <path d={`M${points.map((p) => p.join(' ')).join('L')}`} />
              {points.map(([cx, cy], i) => (
                <circle key={i} cx={cx} cy={cy} r="3" />
              ))}
            </g>
          );
        })}
      </svg>
      <figcaption class="legend">
        <span class="key line a">Plan A</span>
        <span class="key line b">Plan B</span>
      </figcaption>
    </figure>
  );
}
