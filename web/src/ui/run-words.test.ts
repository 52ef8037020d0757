import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { FileReason, SessionFlag } from '../api/types';
import { unit } from '../state/unit';
import { byMonth } from '../pages/runs';
import type { SessionItem } from '../api/types';
import { flagTexts, height, mayHelp, nameOf, onePace, reasonText, size, sportName, timeOf, whenRun } from './run-words';

afterEach(() => (unit.value = 'km'));
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const words = (name: string): string[] => {
  const { components } = parse(readFileSync('../openapi.yaml', 'utf8')) as { components: { schemas: Record<string, { oneOf: { const: string }[] }> } };
  return components.schemas[name]?.oneOf.map((option) => option.const) ?? [];
};

test('every reason has words of its own, and a newer one has some too', () => {
  const reasons = words('FileReason') as FileReason[];
  expect(reasons.length).toBeGreaterThan(10);
  expect(new Set(reasons.map(reasonText)).size).toBe(reasons.length);
  expect(reasonText('melted' as FileReason)).toBe(reasonText(undefined));
  expect(reasons.filter(mayHelp)).toEqual(['read_failed', 'wrong_digest', 'internal_error']);
});

test('every flag that says something to runners has words', () => {
  const silent: SessionFlag[] = ['trailing_bytes', 'chained', 'no_activity'];
  expect(words('SessionFlag').filter((flag) => !(flag in flagTexts))).toEqual(silent);
});

test('names, times and sizes', () => {
  expect(sportName({ sport: 'running' })).toBe('Run');
  expect(sportName({ sport: 'running', sub_sport: 'treadmill' })).toBe('Treadmill run');
  expect(sportName({ sport: 'cross_country_skiing', sub_sport: 'skate' })).toBe('Cross country skiing');
  expect(nameOf({ sport: 'running', name: 'Round the lake' })).toBe('Round the lake');
  expect(timeOf('2026-04-05T06:30:00Z', 'Europe/Berlin')).toBe('08:30');
  expect(timeOf('2026-04-05T06:30:00Z', 'America/New_York')).toBe('02:30');
  expect(timeOf('2026-04-05T06:30:00Z', 'No/Where')).toMatch(/^\d\d:\d\d$/);
  expect(whenRun({ started_at: '1989-12-31T00:00:10Z' }, undefined)).toMatch(/did not know/);
  expect([10, 84_400, 1_250_000].map((n) => plain(size(n)))).toEqual(['1 kB', '84 kB', '1.3 MB']);
});

test('heights and paces in both units', () => {
  expect([plain(height(100)), plain(onePace(300))]).toEqual(['100 m', '5:00 /km']);
  unit.value = 'mi';
  expect([plain(height(100)), plain(onePace(300))]).toEqual(['328 ft', '8:03 /mi']);
});

test('sessions by month, those without a date together', () => {
  const of = (id: string, date?: string) => ({ id, ...(date && { date }) }) as SessionItem;
  const months = byMonth([of('a', '2026-04-30'), of('b', '2026-04-01'), of('c', '2026-03-31'), of('d'), of('e')]);
  expect(months.map(([month, items]) => [month, items.map((s) => s.id)])).toEqual([
    ['2026-04', ['a', 'b']],
    ['2026-03', ['c']],
    ['', ['d', 'e']],
  ]);
});
