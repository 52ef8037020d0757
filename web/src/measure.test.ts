import { expect, test } from 'vitest';
import { measure } from './measure';
import type { Plan, Week, Workout } from './api/types';
import { fitted } from './ui/speed-plot';
import type { CriticalSpeed } from './api/types';

const run = (type: Workout['type'], distance_m: number) => ({ type, distance_m, duration_s: distance_m / 3 }) as Workout;
const week = (n: number, ...workouts: Workout[]) => ({ week: n, kind: 'build', workouts, distance_m: workouts.reduce((s, w) => s + w.distance_m, 0) }) as Week;

test('measure', () => {
  const plan = {
    summary: { peak_week: 4, peak_week_distance_m: 30_000, peak_long_run_m: 15_000, total_distance_m: 1, runs: 9, race_pace_s_per_km: 300 },
    weeks: [
      week(1, run('easy', 10_000), run('long', 10_000)),
      week(2, run('easy', 12_000), run('long', 12_000)), // + 20 %
      week(3, run('easy', 5_000), run('long', 10_000)), // lighter; two thirds of it long
      week(4, run('easy', 15_000), run('long', 15_000)), // + 25 % over week 2, not + 100 % over week 3
      week(5, run('easy', 5_000), run('race', 42_195)),
    ],
  } as Plan;
  expect(measure(plan, 20_000)).toMatchObject({ steepest: 0.25, long_run_share: 2 / 3, weeks_above: 2, peak_week_s: 10_000, peak_week_m: 30_000 });
});

test('the confidence band follows from the fit', () => {
  // Three efforts on the line d = 4 t + 200, each 10 m off: the sums by hand.
  const cs = {
    critical_speed_m_per_s: 4,
    d_prime_m: 200,
    efforts: [200, 500, 800].map((time_s) => ({ time_s, used: true, distance_m: 4 * time_s + 200 })).concat([{ time_s: 60, used: false, distance_m: 400 }]),
    quality: { standard_error_of_estimate_m: 10, critical_speed_standard_error_m_per_s: 0.05, critical_speed_ci95_m_per_s: [3.5, 4.5] },
  } as unknown as CriticalSpeed;
  const line = fitted(cs, 500, 2000, 2);
  expect(line[0]).toMatchObject({ d: 2200, v: 4.4 });
  // At the mean: quantile × s / √n / t, and the quantile is 0.5 / 0.05.
  expect(line[0]?.off).toBeCloseTo((10 * 10 * Math.sqrt(1 / 3)) / 500, 9);
  expect(line[1]?.off).toBeCloseTo((10 * 10 * Math.sqrt(1 / 3 + 1500 ** 2 / 180_000)) / 2000, 9);
  const two = { ...cs, quality: { ...cs.quality, standard_error_of_estimate_m: null, critical_speed_ci95_m_per_s: null } } as CriticalSpeed;
  expect(fitted(two)[0]?.off).toBeUndefined();
});
