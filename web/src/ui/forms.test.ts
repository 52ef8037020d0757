import { expect, test } from 'vitest';
import { Fault } from '../api/fault';
import type { MeasuredHeartRates, Runner, SavedPlan } from '../api/types';
import { about, withEntry } from './heart-form';
import { movedRuns } from './moved-runs';
import { inForce } from './my-zones';
import { changeOf } from './profile-form';
import { deviceOf } from './sign-ins';
import { freeDays } from './spot';

const runner: Runner = { id: 'r', email: 'a@example.com', first_name: 'Ada', birth_year: 1988, heart_rates: [], unit: 'km', created_at: '', updated_at: '' };
const draft = { first_name: 'Ada', last_name: '', birth_year: '1988', sex: '', time_zone: '', unit: 'km' };

test('a profile sends what was changed and no more', () => {
  expect(changeOf(draft, runner)).toEqual({});
  expect(changeOf({ ...draft, first_name: ' ', birth_year: '1990', unit: 'mi' }, runner)).toEqual({ first_name: null, birth_year: 1990, unit: 'mi' });
  expect(changeOf({ ...draft, birth_year: 'long ago' }, runner)).toEqual({ birth_year: 'long ago' });
});

const rates: MeasuredHeartRates[] = [
  { valid_from: '2026-01-01', resting_heart_rate_bpm: 55, max_heart_rate_bpm: 190 },
  { valid_from: '2026-06-01', resting_heart_rate_bpm: 50 },
];

test('of each kind of heart rate the latest is in force', () => {
  expect(inForce(rates)).toEqual({ resting_heart_rate_bpm: 50, max_heart_rate_bpm: 190 });
  expect(inForce([])).toEqual({});
});

test('a measurement is put in by its date, in place of the one that was changed', () => {
  expect(withEntry(rates, undefined, { valid_from: '2026-03-01' }).map((e) => e['valid_from'])).toEqual(['2026-01-01', '2026-03-01', '2026-06-01']);
  expect(withEntry(rates, rates[0], { valid_from: '2026-07-01' }).map((e) => e['valid_from'])).toEqual(['2026-06-01', '2026-07-01']);
  expect(withEntry(rates, rates[1], undefined)).toEqual([rates[0]]);
});

test('a fault of one measurement is told at its fields', () => {
  const fault = new Fault('problem', 422, {
    type: '/problems/validation', title: '', status: 422, instance: '',
    errors: [
      { pointer: '/heart_rates/1/max_heart_rate_bpm', code: 'out_of_range', message: 'a' },
      { pointer: '/heart_rates/1', code: 'required', message: 'b' },
      { pointer: '/heart_rates/0', code: 'required', message: 'c' },
      { pointer: '/heart_rates/10/valid_from', code: 'required', message: 'd' },
    ],
  });
  expect((about(fault, 1) as Fault).errors.map((e) => e.pointer)).toEqual(['/max_heart_rate_bpm', '', '/heart_rates/0', '/heart_rates/10/valid_from']);
});

test('devices in words', () => {
  expect(deviceOf('Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1')).toBe('Safari on iPhone');
  expect(deviceOf('Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36')).toBe('Chrome on Android');
  expect(deviceOf('Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0')).toBe('Edge on Windows');
  expect(deviceOf('curl/8.0')).toBeUndefined();
  expect(deviceOf(undefined)).toBeUndefined();
});

const at = (id: string, day: string, date?: string, rule = 'easy') => ({ id, day, ...(date && { date }), rationale: { rule } });
const dated = {
  inputs: { long_run_day: 'sunday', race_date: '2027-01-05' },
  weeks: [
    { week: 1, start_date: '2026-12-23', workouts: [at('w01-1', 'wednesday', '2026-12-23'), at('w01-2', 'tuesday', '2026-12-29')] },
    { week: 2, start_date: '2026-12-30', workouts: [at('w02-1', 'tuesday', '2027-01-05')] },
  ],
} as unknown as SavedPlan;

test('free days are those of the plan’s own weeks, across the turn of the year', () => {
  const free = freeDays(dated);
  expect(free.filter((d) => d.week === 1).map((d) => d.date)).toEqual(['2026-12-24', '2026-12-25', '2026-12-26', '2026-12-27', '2026-12-28']);
  expect(free.filter((d) => d.week === 2)).toHaveLength(6);
  expect(free[0]).toEqual({ key: '1-thursday', week: 1, day: 'thursday', date: '2026-12-24' });
});

test('free days without dates end on the day of the long run', () => {
  const plan = { inputs: { long_run_day: 'wednesday' }, weeks: [{ week: 1, workouts: [at('w01-1', 'wednesday')] }] } as unknown as SavedPlan;
  expect(freeDays(plan).map((d) => d.day)).toEqual(['thursday', 'friday', 'saturday', 'sunday', 'monday', 'tuesday']);
});

test('moved runs are those elsewhere than the plan had them, and no own ones', () => {
  const made = {
    weeks: [
      { week: 1, workouts: [at('w01-1', 'thursday', '2026-12-24'), at('w01-2', 'tuesday', '2026-12-29')] },
      { week: 2, workouts: [at('w02-1', 'tuesday', '2027-01-05')] },
    ],
  } as unknown as SavedPlan;
  expect(movedRuns(dated, made)).toMatchObject([{ run: { id: 'w01-1' }, home: { week: 1, day: 'thursday', date: '2026-12-24' } }]);
  const own = { ...dated, weeks: [{ ...dated.weeks[0], workouts: [at('w01-9', 'friday', '2026-12-25', 'own')] }] } as unknown as SavedPlan;
  expect(movedRuns(own, made)).toEqual([]);
});
