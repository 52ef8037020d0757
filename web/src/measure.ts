// Numbers by which two plans are compared.
import type { Plan } from './api/types';

export interface Measures {
  peak_week_m: number;
  peak_week_s: number;
  peak_long_run_m: number;
  total_m: number;
  runs: number;
  /** The largest step over the largest week before, as a fraction. */
  steepest: number;
  /** What the long run is of its week, at most, race week apart. */
  long_run_share: number;
  /** Weeks above the threshold, the race not counted. */
  weeks_above: number;
  race_pace_s_per_km: number;
}

/** Measures a plan; the threshold is a week's distance in metres. */
export function measure(plan: Plan, threshold_m: number): Measures {
  const weeks = plan.weeks.map((week) => {
    const runs = week.workouts.filter((w) => w.type !== 'race');
    return {
      week: week.week,
      m: runs.reduce((sum, w) => sum + w.distance_m, 0),
      s: runs.reduce((sum, w) => sum + w.duration_s, 0),
      long: Math.max(0, ...runs.filter((w) => w.type === 'long').map((w) => w.distance_m)),
    };
  });
  let steepest = 0;
  let largest = weeks[0]?.m ?? 0;
  for (const week of weeks.slice(1)) {
    steepest = Math.max(steepest, week.m / largest - 1);
    largest = Math.max(largest, week.m);
  }
  const peak = weeks[plan.summary.peak_week - 1];
  return {
    peak_week_m: plan.summary.peak_week_distance_m,
    peak_week_s: peak?.s ?? 0,
    peak_long_run_m: plan.summary.peak_long_run_m,
    total_m: plan.summary.total_distance_m,
    runs: plan.summary.runs,
    steepest,
    long_run_share: Math.max(0, ...weeks.map((w) => (w.m > 0 ? w.long / w.m : 0))),
    weeks_above: weeks.filter((w) => w.m > threshold_m).length,
    race_pace_s_per_km: plan.summary.race_pace_s_per_km,
  };
}
