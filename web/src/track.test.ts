import { expect, test } from 'vitest';
import { range, route, rowAt, speedCurve, valueAt } from './track';

test('rows and values at a time', () => {
  const t = [0, 10, 20, 40];
  expect([-5, 0, 9.9, 10, 39, 40, 99].map((at) => rowAt(t, at))).toEqual([0, 0, 0, 1, 2, 3, 3]);
  const v = [1, 3, 3, 5];
  expect([-5, 0, 5, 15, 30, 99].map((at) => valueAt(t, v, at))).toEqual([1, 1, 2, 3, 4, 5]);
  expect(valueAt([], [], 3)).toBeNaN();
  expect(valueAt([5, 5], [1, 2], 5)).toBe(2); // two rows at one instant
});

test('pace is taken over half a minute, from the distance', () => {
  const t = Array.from({ length: 121 }, (_, i) => i);
  // 3 m/s for a minute, then standing; the watch claims 9 m/s for one second.
  const d = t.map((s) => Math.min(s, 60) * 3);
  const speed = t.map((s) => (s === 30 ? 9 : 3));
  const made = speedCurve({ distance_m: { elapsed_s: t, values: d }, speed_m_per_s: { elapsed_s: t, values: speed } });
  expect(made?.v[30]).toBeCloseTo(3);
  expect(made?.v[0]).toBeCloseTo(3); // no less for want of a row before
  expect(made?.v[60]).toBeCloseTo(1.5);
  expect(made?.v[100]).toBeCloseTo(0);
  expect(speedCurve({ speed_m_per_s: { elapsed_s: [0, 1], values: [2, 4] } })?.v).toEqual([2, 4]);
  expect(speedCurve({})).toBeUndefined();
});

test('a route is as wide as it is on the ground, over the date line too', () => {
  const stream = (values: number[]) => ({ elapsed_s: values.map((_, i) => i), distance_m: values.map(() => null), values });
  const [first, second] = route({ latitude_degrees: stream([60, 60.001]), longitude_degrees: stream([179.9995, -179.9995]) });
  expect(first).toEqual({ x: 0, y: 0, t: 0, d: null });
  expect(second?.x).toBeCloseTo(55.6, 0); // a thousandth of a degree at 60° north
  expect(second?.y).toBeCloseTo(-111.2, 0); // to the north is up
  expect(route({ latitude_degrees: stream([60]), longitude_degrees: stream([10]) })).toEqual([]);
  expect(route({})).toEqual([]);
});

test('single spikes do not set the range', () => {
  const values = Array.from({ length: 200 }, (_, i) => 3 + (i % 5) / 10);
  values[100] = 40;
  expect(range(values)).toEqual([3, 3.4]);
  expect(range(values, 0)).toEqual([3, 40]);
  expect(range([])).toEqual([0, 0]);
});
