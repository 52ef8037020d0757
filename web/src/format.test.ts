import { afterEach, expect, test } from 'vitest';
import { addDays, clock, count, dayName, daysBetween, distance, duration, longDate, pace, percent, spokenTime, stretch, today, weekdayOf } from './format';
import { unit } from './state/unit';

afterEach(() => (unit.value = 'km'));
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

test('in kilometres', () => {
  expect([42195, 10000, 12345].map((m) => plain(distance(m)))).toEqual(['42.2 km', '10 km', '12.3 km']);
  expect([100, 400, 1200].map((m) => plain(stretch(m)))).toEqual(['100 m', '400 m', '1.2 km']);
  expect(plain(pace({ fast_s_per_km: 341.3, slow_s_per_km: 341.3 }))).toBe('5:41 /km');
  expect(plain(pace({ fast_s_per_km: 369.8, slow_s_per_km: 415.1 }))).toBe('6:10–6:55 /km');
});

test('in miles', () => {
  unit.value = 'mi';
  expect([42195, 10000].map((m) => plain(distance(m)))).toEqual(['26.2 mi', '6.2 mi']);
  expect(plain(stretch(400))).toBe('0.25 mi');
  expect(plain(pace({ fast_s_per_km: 341.3, slow_s_per_km: 341.3 }))).toBe('9:09 /mi');
});

test('times', () => {
  expect([0, 59.6, 3599.6, 3661].map(clock)).toEqual(['0:00', '1:00', '1:00:00', '1:01:01']);
  expect([25, 60, 3599, 7500].map((s) => plain(duration(s)))).toEqual(['25 s', '1 min', '1 h 00', '2 h 05']);
  expect(['3:45:00', '3:45:30', '10:00:00'].map(spokenTime)).toEqual(['3:45', '3:45:30', '10:00']);
});

test('dates, whatever the time zone', () => {
  expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
  expect(daysBetween('2030-03-30', '2030-04-01')).toBe(2); // across the change of clocks
  expect(daysBetween('2030-04-01', '2030-03-30')).toBe(-2);
  expect(weekdayOf('2030-04-28')).toBe('sunday');
  expect(longDate('2030-04-28')).toMatch(/^Sunday,? 28 April 2030$/);
  expect(today(new Date(2030, 0, 5, 23, 59))).toBe('2030-01-05');
  expect(dayName('monday', true)).toBe('Mon');
});

test('counts', () => {
  expect([plain(count(1, 'week')), plain(count(2, 'week')), plain(percent(0.155))]).toEqual(['1 week', '2 weeks', '16 %']);
});
