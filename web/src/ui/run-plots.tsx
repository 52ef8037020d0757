// The curves of a run, one above the other, with one cursor for all.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { StreamsByName } from '../api/types';
import { clock, inUnit } from '../format';
import { useCell } from '../state/cell';
import { theme } from '../state/theme';
import { metres, unit, type Unit } from '../state/unit';
import { curve, range, rowAt, speedCurve, type Curve } from '../track';
import { heightNumber, heightUnit, paceOf } from './run-words';
import { useWidth } from './width';

/** What a curve is drawn over. */
type Base = 'distance' | 'time';

interface Plot {
  key: string;
  title: string;
  /** The colour, a custom property. */
  colour: string;
  curve: Curve;
  /** The limits of the picture, in the unit of the values. */
  limits: [number, number];
  /** A value at the side, or at the cursor. */
  write: (value: number) => string;
  /** Marks at the side, where not every value is a good one. */
  marks?: (low: number, high: number) => number[];
  fill?: boolean;
}

/** The plots that a run has the streams for. */
export function plotsOf(streams: StreamsByName, foot: boolean): Plot[] {
  const plots: Plot[] = [];
  const speed = speedCurve(streams);
  if (speed) {
    const [low, high] = range(speed.v, 0.02);
    const [middle] = range(speed.v, 0.5);
    // Standing still is at the bottom, and does not flatten the rest.
    const limits: [number, number] = [Math.max(low * 0.92, middle * 0.55, 0.3), Math.max(high * 1.05, 0.6)];
    plots.push(
      foot
        ? { key: 'pace', title: `Pace, per ${unit.value}`, colour: '--long', curve: speed, limits, write: (v) => (v > 0.2 ? paceOf(v) : '–'), marks: paceMarks }
        : { key: 'speed', title: `Speed, ${unit.value}/h`, colour: '--long', curve: speed, limits: [0, limits[1]], write: (v) => ((v * 3600) / metres[unit.value]).toFixed(1), marks: speedMarks },
    );
  }
  if (streams.heart_rate_bpm) {
    const c = curve(streams.heart_rate_bpm);
    const [low, high] = range(c.v, 0.005);
    plots.push({ key: 'heart', title: 'Heart rate, bpm', colour: '--hard', curve: c, limits: [low - 5, high + 5], write: (v) => String(Math.round(v)) });
  }
  if (streams.altitude_m) {
    const c = curve(streams.altitude_m);
    const [low, high] = range(c.v, 0);
    const spread = Math.max(high - low, 20); // a flat run looks flat
    plots.push({
      key: 'height',
      title: `Elevation, ${heightUnit()}`,
      colour: '--easy',
      curve: c,
      limits: [(low + high - spread) / 2 - spread * 0.05, (low + high + spread) / 2 + spread * 0.1],
      write: (v) => String(Math.round(heightNumber(v))),
      fill: true,
    });
  }
  return plots;
}

/** Speeds whose paces are round numbers. */
function paceMarks(low: number, high: number): number[] {
  const per = metres[unit.value];
  const [fast, slow] = [per / high, per / low];
  const step = [5, 10, 15, 30, 60, 120, 300].find((s) => (slow - fast) / s <= 6) ?? 600;
  const marks: number[] = [];
  for (let s = Math.ceil(fast / step) * step; s <= slow; s += step) marks.push(per / s);
  return marks.reverse();
}

function speedMarks(_: number, high: number): number[] {
  const per = metres[unit.value] / 3600;
  const step = [1, 2, 5, 10, 20].find((s) => high / per / s <= 5) ?? 50;
  return Array.from({ length: Math.floor(high / per / step) + 1 }, (_, i) => i * step * per);
}

interface PlotsProps {
  streams: StreamsByName;
  foot: boolean;
  /** Where the cursor is, in seconds from the start. */
  at: number | undefined;
  onAt: (t: number) => void;
}

export default function RunPlots({ streams, foot, at, onAt }: PlotsProps) {
  const far = streams.distance_m !== undefined && streams.distance_m.values.length > 1;
  const [wanted, setWanted] = useState<Base>('distance');
  const base = far ? wanted : 'time';
  const plots = useMemo(() => plotsOf(streams, foot), [streams, foot, unit.value]);
  return (
    <div class="plots">
      {far && (
        <fieldset class="choice small">
          <legend class="visually-hidden">Drawn over</legend>
          {(['distance', 'time'] as const).map((b) => (
            <label key={b}>
              <input type="radio" name="base" checked={base === b} onChange={() => setWanted(b)} />
              <span>{b === 'distance' ? 'Distance' : 'Time'}</span>
            </label>
          ))}
        </fieldset>
      )}
      {plots.map((plot, i) => (
        <Panel key={plot.key} plot={plot} base={base} last={i === plots.length - 1} at={at} onAt={onAt} u={unit.value} />
      ))}
    </div>
  );
}

/** What is between the curves' lowest and highest values, in words. */
function summary({ curve: { v }, write, key }: Plot): string {
  const [low, high] = range(v, 0.02);
  return key === 'pace' ? `between ${write(high)} and ${low > 0.5 ? write(low) : 'standing'}` : `between ${write(low)} and ${write(high)}`;
}

interface PanelProps {
  plot: Plot;
  base: Base;
  last: boolean;
  at: number | undefined;
  onAt: (t: number) => void;
  u: Unit;
}

const LEFT = 52;

function Panel({ plot, base, last, at, onAt, u }: PanelProps) {
  const [figure, width] = useWidth();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const rows = useRef<number[]>([]);
  const told = useRef(onAt);
  told.current = onAt;
  /** Puts the cursor where it is to be. */
  const show = useRef(() => {});
  show.current = () => {
    const value = at === undefined ? undefined : chart.current?.data[0]?.[rowAt(rows.current, at)];
    if (chart.current && value !== undefined) chart.current.setCursor({ left: chart.current.valToPos(value, 'x'), top: 10 }, false); // and tells nobody
  };
  const shown = useCell(theme);

  useEffect(() => {
    if (!box.current) return;
    const { curve: c } = plot;
    const keep = c.t.map((_, i) => i).filter((i) => base === 'time' || c.d[i] !== null);
    rows.current = keep.map((i) => c.t[i] as number);
    const x = keep.map((i) => (base === 'time' ? (c.t[i] as number) : (c.d[i] as number) / metres[u]));
    const y = keep.map((i) => Math.min(Math.max(c.v[i] as number, plot.limits[0]), plot.limits[1]));
    const [ink, line, muted] = [colour(box.current, plot.colour), colour(box.current, '--line'), colour(box.current, '--muted')];
    const font = `${Math.round(0.8 * parseFloat(getComputedStyle(document.documentElement).fontSize))}px system-ui, sans-serif`;
    const axis = { stroke: muted, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
    const made = new uPlot(
      {
        width,
        height: last ? 168 : 140,
        padding: [8, 20, last ? 0 : 8, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 9, fill: ink, stroke: colour(box.current, '--surface'), width: 2 } },
        scales: { x: { time: false }, y: { range: () => plot.limits } },
        axes: [
          { ...axis, show: last, size: 28, space: 60, values: (_, splits) => splits.map((s) => (base === 'time' ? clock(s) : `${inUnit(s * metres[u])} ${u}`)) },
          {
            ...axis,
            size: LEFT,
            space: 26,
            values: (_, splits) => splits.map(plot.write),
            ...(plot.marks && { splits: () => plot.marks?.(...plot.limits) ?? [] }),
          },
        ],
        series: [{}, { stroke: ink, width: 1.75, points: { show: false }, ...(plot.fill && { fill: `color-mix(in srgb, ${ink} 22%, transparent)` }) }],
        hooks: {
          ready: [() => show.current()],
          setCursor: [
            (self) => {
              // The picture sets its cursor as well when it is drawn anew.
              if (self.cursor.idx != null && self.over.matches(':hover')) told.current(rows.current[self.cursor.idx] ?? 0);
            },
          ],
        },
      },
      [x, y],
      box.current,
    );
    chart.current = made;
    return () => {
      chart.current = undefined;
      made.destroy();
    };
  }, [plot.curve.v, base, width, u, shown, last]);

  useEffect(() => {
    if (chart.current?.status === 1) show.current(); // else when it is ready
  }, [at]);

  const value = at === undefined ? undefined : plot.curve.v[rowAt(plot.curve.t, at)];
  return (
    <figure class="panel" ref={figure}>
      <figcaption>
        {plot.title} {value !== undefined && <b aria-hidden="true">{plot.write(value)}</b>}
      </figcaption>
      <div ref={box} role="img" aria-label={`${plot.title}: ${summary(plot)} most of the time.`} />
    </figure>
  );
}

/** The present value of a custom property, as a canvas can use it. */
function colour(element: HTMLElement, property: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${property})`;
  element.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
