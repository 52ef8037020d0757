import type { Week, SavedWeek } from '../api/types';
import { distance, inUnit } from '../format';
import { useWidth } from './width';
import { metres, unit } from '../state/unit';

const HEIGHT = 220;
const TOP = 18;
const BOTTOM = 24;
const LEFT = 34;

/** The weeks of a plan as bars: all runs, and in them the long run. Cut-back weeks and the taper look lighter. */
export function Profile({ weeks }: { weeks: ReadonlyArray<Week | SavedWeek> }) {
  const bars = weeks.map((week) => {
    const race = week.workouts.find((w) => w.type === 'race');
    const long = week.workouts.find((w) => w.type === 'long');
    return { week, race: race?.distance_m ?? 0, long: long?.distance_m ?? 0 };
  });
  const top = Math.max(...weeks.map((w) => w.distance_m)) / metres[unit.value];
  const step = [5, 10, 20, 25, 50, 100].find((s) => top / s <= 4) ?? 200;
  const y = (m: number) => HEIGHT - BOTTOM - (m / metres[unit.value] / top) * (HEIGHT - TOP - BOTTOM);
  const [figure, WIDTH] = useWidth();
  const slot = (WIDTH - LEFT) / bars.length;
  const width = Math.min(slot * 0.72, 40);
  const every = Math.ceil(20 / slot);
  const lines = Array.from({ length: Math.floor(top / step) }, (_, i) => (i + 1) * step);
  const peak = bars.filter((b) => b.race === 0).reduce((a, b) => (b.week.distance_m > a.week.distance_m ? b : a));
  const taper = weeks.filter((w) => w.kind === 'taper');
  const cuts = weeks.filter((w) => w.kind === 'cut_back').map((w) => w.week);

  return (
    <figure class="profile" ref={figure}>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Distance of each week. It grows from ${distance(weeks[0]?.distance_m ?? 0)} to ${distance(peak.week.distance_m)} in week ${peak.week.week}${cuts.length ? `, with lighter weeks ${cuts.join(', ')}` : ''}, and falls in the weeks before the race.`}
      >
        {lines.map((value) => (
          <g key={value}>
            <line class="grid" x1={LEFT} x2={WIDTH} y1={y(value * metres[unit.value])} y2={y(value * metres[unit.value])} />
            <text class="axis" x={LEFT - 6} y={y(value * metres[unit.value]) + 4} text-anchor="end">
              {value}
            </text>
          </g>
        ))}
        <text class="axis" x={LEFT - 6} y={HEIGHT - BOTTOM + 4} text-anchor="end">
          {unit.value}
        </text>
        {bars.map(({ week, race, long }, i) => {
          const x = LEFT + slot * (i + 0.5) - width / 2;
          const part = (kind: string, from: number, to: number) =>
            to > from && <rect class={kind} x={x} y={y(to)} width={width} height={y(from) - y(to)} rx="1.5" />;
          return (
            <g key={week.week} class={`bar ${week.kind}`}>
              {part('long', 0, long)}
              {part('race', 0, race)}
              {part('rest', long + race, week.distance_m)}
              {(race > 0 || (i % every === 0 && (bars.length - 1 - i) * slot > 34)) && (
                <text class="axis" x={x + width / 2} y={HEIGHT - 6} text-anchor="middle">
                  {race > 0 ? 'race' : week.week}
                </text>
              )}
              {week === peak.week && (
                <text class="peak" x={x + width / 2} y={y(week.distance_m) - 6} text-anchor="middle">
                  {inUnit(week.distance_m)}
                </text>
              )}
            </g>
          );
        })}
        {taper[0] && (
          <text class="axis" x={LEFT + slot * (weeks.length - 1 - taper.length / 2)} y={y(taper[0].distance_m) - 6} text-anchor="middle">
            taper
          </text>
        )}
      </svg>
      <figcaption class="legend">
        <span class="key long">Long run</span>
        <span class="key rest">Other runs</span>
        {cuts.length > 0 && <span class="key cut">Lighter week</span>}
        <span class="key race">Race</span>
      </figcaption>
    </figure>
  );
}
