// The route and the curves of a run, with one place on both.
import { useMemo, useState } from 'preact/hooks';
import { readStreams } from '../api/recorded';
import type { StreamsByName } from '../api/types';
import { clock, distance } from '../format';
import { metres, unit } from '../state/unit';
import { route, rowAt, speedCurve, valueAt } from '../track';
import { Failed } from './failed';
import { lazy } from './lazy';
import { useResource } from './resource';
import { RouteMap } from './route-map';
import { height, onePace } from './run-words';
import { Loading } from './states';
import { TableBox } from './table-box';

const Plots = lazy(() => import('./run-plots'));

/** Enough for a line as wide as a screen. */
const POINTS = 1500;
/** Places that the keys can go to. */
const STEPS = 240;
/** Rows of the table that says the same as the curves. */
const ROWS = 20;

export function Along({ id, foot }: { id: string; foot: boolean }) {
  const streams = useResource(`streams ${id}`, (signal) => readStreams(id, POINTS, signal));
  if (streams.fault && !streams.data) return <Failed fault={streams.fault} retry={streams.reload} />;
  if (!streams.data) return <Loading what="Drawing the run" />;
  return <Shown streams={streams.data} foot={foot} />;
}

/** What there is at a moment of the run, in words. */
type Sample = (t: number) => Array<[name: string, value: string]>;

export function sampler(streams: StreamsByName, foot: boolean): Sample {
  const speed = speedCurve(streams);
  const { distance_m, heart_rate_bpm: heart, altitude_m: altitude } = streams;
  return (t) => [
    ['Time', clock(t)],
    ...(distance_m ? [['Distance', distance(valueAt(distance_m.elapsed_s, distance_m.values, t), 2)] as [string, string]] : []),
    ...(speed ? [[foot ? 'Pace' : 'Speed', (foot ? paceText : speedText)(valueAt(speed.t, speed.v, t))] as [string, string]] : []),
    ...(heart ? [['Heart rate', `${heart.values[rowAt(heart.elapsed_s, t)] ?? '–'} bpm`] as [string, string]] : []),
    ...(altitude ? [['Elevation', height(valueAt(altitude.elapsed_s, altitude.values, t))] as [string, string]] : []),
  ];
}

const speedText = (mPerS: number): string => `${((mPerS * 3600) / metres[unit.value]).toFixed(1)} ${unit.value}/h`;
const paceText = (mPerS: number): string => (mPerS > 0.3 ? onePace(1000 / mPerS) : 'standing');

function Shown({ streams, foot }: { streams: StreamsByName; foot: boolean }) {
  const [at, setAt] = useState<number>();
  const spots = useMemo(() => route(streams), [streams]);
  const sample = useMemo(() => sampler(streams, foot), [streams, foot, unit.value]);
  const curves = Boolean(streams.distance_m ?? streams.speed_m_per_s ?? streams.heart_rate_bpm ?? streams.altitude_m);
  const end = Math.max(0, ...Object.values(streams).map((s) => s?.elapsed_s[s.elapsed_s.length - 1] ?? 0));
  if (spots.length === 0 && !curves) return null;
  const now = at ?? 0;
  const rows = Array.from({ length: ROWS + 1 }, (_, i) => sample((end * i) / ROWS));
  return (
    <section class="along">
      <h2>Along the way</h2>
      <div class={spots.length > 0 && curves ? 'beside' : undefined}>
        {spots.length > 0 && <RouteMap spots={spots} at={at} />}
        {curves && (
          <div>
            <div class="cursor">
              <label for="cursor">Look at a moment</label>
              <input
                id="cursor"
                type="range"
                min={0}
                max={STEPS}
                value={end > 0 ? Math.round((now / end) * STEPS) : 0}
                aria-valuetext={sample(now)
                  .map(([name, value]) => `${name} ${value}`)
                  .join(', ')}
                onInput={(event) => setAt((Number(event.currentTarget.value) / STEPS) * end)}
              />
              <p class="sample" aria-hidden="true">
                {sample(now).map(([name, value]) => (
                  <span key={name}>
                    {name} <b>{value}</b>
                  </span>
                ))}
              </p>
            </div>
            <Plots streams={streams} foot={foot} at={at} onAt={setAt} />
          </div>
        )}
      </div>
      {curves && (
        <details class="more">
          <summary>The curves as a table</summary>
          <TableBox label="The curves as a table">
            <table class="list">
              <caption class="visually-hidden">The run at {ROWS + 1} moments</caption>
              <thead>
                <tr>
                  {rows[0]?.map(([name]) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rows.map((row, i) => (
                  <tr key={i}>
                    {row.map(([name, value]) => (
                      <td key={name}>{value}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </TableBox>
        </details>
      )}
    </section>
  );
}
