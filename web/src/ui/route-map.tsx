import { distance, inUnit } from '../format';
import { metres, unit } from '../state/unit';
import { rowAt, type Spot } from '../track';
import { useWidth } from './width';

const EDGE = 18;

/** The route as a line, without a map below it: nobody is told where somebody runs. */
export function RouteMap({ spots, at }: { spots: readonly Spot[]; at: number | undefined }) {
  const [figure, width] = useWidth();
  const first = spots[0] as Spot;
  const last = spots[spots.length - 1] as Spot;
  const [x0, x1] = [Math.min(...spots.map((s) => s.x)), Math.max(...spots.map((s) => s.x))];
  const [y0, y1] = [Math.min(...spots.map((s) => s.y)), Math.max(...spots.map((s) => s.y))];
  const [w, h] = [Math.max(x1 - x0, 1), Math.max(y1 - y0, 1)];
  const height = Math.min(460, Math.max(180, ((width - 2 * EDGE) * h) / w + 2 * EDGE + 24));
  const scale = Math.min((width - 2 * EDGE) / w, (height - 2 * EDGE - 24) / h);
  const left = (width - w * scale) / 2;
  const top = (height - 24 - h * scale) / 2;
  const place = (s: Spot): [number, number] => [left + (s.x - x0) * scale, top + (s.y - y0) * scale];
  const line = spots.map((s) => place(s).map((n) => n.toFixed(1)).join(' ')).join('L');

  // A mark for each kilometre or mile, or for each few of them.
  const per = metres[unit.value];
  const total = last.d ?? 0;
  const step = [1, 2, 5, 10, 20, 50].find((n) => total / per / n <= 14) ?? 100;
  const marks: { n: number; spot: Spot }[] = [];
  for (const spot of spots) {
    const n = (marks.length + 1) * step;
    if (spot.d !== null && spot.d >= n * per) marks.push({ n, spot });
  }
  const bar = [0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10, 20, 50].findLast((n) => n * per * scale <= width / 3) ?? 0.05;
  const here = at === undefined ? undefined : place(spots[rowAt(spots.map((s) => s.t), at)] as Spot);
  const away = Math.hypot(first.x - last.x, first.y - last.y);
  return (
    <figure class="route" ref={figure}>
      <svg viewBox={`0 0 ${width} ${height}`} role="img"
        aria-label={`The route. It ends ${away < 150 ? 'where it began' : `${distance(away)} from where it began`}, and reaches over ${distance(Math.hypot(w, h))}. North is up.`}>
        <path class="way" d={`M${line}`} />
        {marks.map(({ n, spot }) => {
          const [x, y] = place(spot);
          return (
            <g key={n} class="mark">
              <circle cx={x} cy={y} r="8.5" />
              <text x={x} y={y + 3.5} text-anchor="middle">
                {n}
              </text>
            </g>
          );
        })}
        <circle class="start" cx={place(first)[0]} cy={place(first)[1]} r="6" />
        <rect class="end" x={place(last)[0] - 5} y={place(last)[1] - 5} width="10" height="10" />
        {here && <circle class="here" cx={here[0]} cy={here[1]} r="7" />}
        <path class="bar" d={`M${EDGE} ${height - 8}v4h${(bar * per * scale).toFixed(1)}v-4`} />
        <text class="axis" x={EDGE + bar * per * scale + 8} y={height - 4}>
          {inUnit(bar * per, 2)} {unit.value}
        </text>
      </svg>
      <figcaption class="legend">
        <span class="key start">Start</span>
        <span class="key end">End</span>
        {here && <span class="key here">Where the cursor is</span>}
      </figcaption>
    </figure>
  );
}
