// The way of a run in time and distance, for drawing. All lists of a stream
// have the same length and their rows are in the order of time.
import type { Stream, StreamsByName } from './api/types';

/** A curve over time: the distance is null where it is not known. */
export interface Curve {
  t: number[];
  d: (number | null)[];
  v: number[];
}

/** Half of the time over which pace is taken, in seconds: shorter, and it shows GPS and not the runner. */
const HALF_WINDOW = 15;

/** A stream as a curve. */
export const curve = (s: Stream): Curve => ({ t: s.elapsed_s, d: s.distance_m ?? s.elapsed_s.map(() => null), v: s.values });

/** The index of the row at a time, or of the last one before it; 0 before the first. */
export function rowAt(times: readonly number[], t: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((times[middle] as number) <= t) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The value at a time, on the line between the rows around it. NaN without any row. */
export function valueAt(times: readonly number[], values: readonly number[], t: number): number {
  const i = rowAt(times, t);
  const [t0, v0] = [times[i], values[i]];
  const [t1, v1] = [times[i + 1], values[i + 1]];
  if (t0 === undefined || v0 === undefined) return NaN;
  if (t1 === undefined || v1 === undefined || t <= t0 || t1 === t0) return v0;
  return v0 + ((v1 - v0) * (t - t0)) / (t1 - t0);
}

/**
 * Speed in m/s, smooth enough to look at: the distance gone in half a minute.
 * Where no distance was recorded it is the speed as it was recorded.
 * Undefined without either.
 */
export function speedCurve({ distance_m, speed_m_per_s }: StreamsByName): Curve | undefined {
  if (!distance_m || distance_m.values.length < 2) return speed_m_per_s && curve(speed_m_per_s);
  const { elapsed_s: t, values: d } = distance_m;
  const [first, last] = [t[0] as number, t[t.length - 1] as number];
  const v = t.map((at) => {
    const from = Math.max(first, at - HALF_WINDOW);
    const to = Math.min(last, at + HALF_WINDOW);
    return to > from ? (valueAt(t, d, to) - valueAt(t, d, from)) / (to - from) : 0;
  });
  return { t, d, v };
}

/** A position on the plane, in metres: x to the east, y to the south. */
export interface Spot {
  x: number;
  y: number;
  t: number;
  d: number | null;
}

const METRES_PER_DEGREE = 111_195;

/** The route on a plane. Without positions it is empty. */
export function route({ latitude_degrees: lat, longitude_degrees: lon }: StreamsByName): Spot[] {
  if (!lat || !lon || lat.values.length < 2) return [];
  const [lat0, lon0] = [lat.values[0] as number, lon.values[0] as number];
  const shrink = Math.cos((lat0 * Math.PI) / 180);
  return lat.values.map((value, i) => {
    let east = (lon.values[i] ?? lon0) - lon0;
    if (east > 180) east -= 360; // over the date line
    if (east < -180) east += 360;
    return { x: east * METRES_PER_DEGREE * shrink, y: (lat0 - value) * METRES_PER_DEGREE, t: lat.elapsed_s[i] ?? 0, d: lat.distance_m?.[i] ?? null };
  });
}

/** The range of a curve without its outermost hundredths, so that single spikes do not flatten the rest. */
export function range(values: readonly number[], cut = 0.01): [low: number, high: number] {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return [at(cut), at(1 - cut)];
}
