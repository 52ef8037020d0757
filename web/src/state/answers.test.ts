import { expect, test } from 'vitest';
import { defaults, fromQuery, fullTime, hasAnswers, inUnitOf, say, toQuery, toRequest } from './answers';

test('answers survive the address', () => {
  const given = { weeks: '18', runs_per_week: '5', target_time: '3:45:00', first_long_run: '12,5', unit: 'mi', long_run_day: 'friday', race_date: '2030-04-26' } as const;
  expect(fromQuery(toQuery(given))).toEqual(given);
  expect(fromQuery(toQuery(given, 'b_'), defaults, 'b_')).toEqual(given);
  expect(toQuery(given)).toContain('target_time=3:45:00');
  expect(fromQuery('?weeks=12')).toEqual({ ...defaults, weeks: '12' });
  expect([hasAnswers('?open=w01-1'), hasAnswers('?weeks=')]).toEqual([false, true]);
});

test('numbers are sent as numbers, all else as it was typed', () => {
  expect(toRequest({ ...defaults, first_long_run: ' 10,5 ' })).toEqual({
    weeks: 16, runs_per_week: 4, target_time: '4:00:00', first_long_run: 10.5, unit: 'km', long_run_day: 'sunday',
  });
  expect(toRequest({ ...defaults, weeks: '', first_long_run: 'far', race_date: '2030-04-26' })).toMatchObject({ weeks: null, first_long_run: 'far', race_date: '2030-04-26' });
  for (const weeks of ['1e3', '0x10', 'Infinity', '12 weeks']) expect(toRequest({ ...defaults, weeks })['weeks']).toBe(weeks);
});

test('the other unit means the same distance', () => {
  const miles = inUnitOf(defaults, 'mi');
  expect(miles).toMatchObject({ unit: 'mi', first_long_run: '6.2137' });
  expect(Math.round((Number(miles.first_long_run) * 1609.344) / 100)).toBe(100); // on the grid of 100 m it is 10 km
  expect(inUnitOf({ ...defaults, first_long_run: 'x' }, 'mi')).toMatchObject({ unit: 'mi', first_long_run: 'x' });
});

test('times as people say them', () => {
  expect(['4', '4:00', '3:45', '3:45:30', '', 'soon', '4:70'].map(fullTime)).toEqual(['4:00:00', '4:00:00', '3:45:00', '3:45:30', '', 'soon', '4:70']);
  expect(say('Write target_time as H:MM:SS.')).toBe('Write the time as H:MM:SS.');
});
