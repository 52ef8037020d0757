// Numbers as runners read them. What comes from the API is in metres and
// seconds; it becomes kilometres or miles here and nowhere else.
import { weekdays } from './state/answers';
import { metres, unit, type Unit } from './state/unit';
import type { Pace, Weekday } from './api/types';

/** The space that does not break, between a number and its unit. */
export const NBSP = '\u00a0';

/** A distance as a number of the unit, with at most `digits` decimals: 12.4. */
export function inUnit(m: number, digits = 1, u: Unit = unit.value): string {
  return (m / metres[u]).toLocaleString('en', { maximumFractionDigits: digits, useGrouping: m >= 10_000_000 });
}

/** A distance: 12.4 km. */
export const distance = (m: number, digits = 1): string => `${inUnit(m, digits)}${NBSP}${unit.value}`;

/** The distance of a step: 400 m below one of the unit in kilometres, 0.25 mi in miles. */
export const stretch = (m: number): string =>
  m < 1000 && unit.value === 'km' ? `${Math.round(m)}${NBSP}m` : distance(m, m < 1600 ? 2 : 1);

/** Seconds as M:SS or H:MM:SS. */
export function clock(seconds: number): string {
  const s = Math.round(seconds);
  const [h, m, rest] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  return h > 0 ? `${h}:${two(m)}:${two(rest)}` : `${m}:${two(rest)}`;
}

/** About how long something takes: 45 min, 2 h 05. */
export function duration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes === 0) return `${Math.round(seconds)}${NBSP}s`;
  return minutes < 60 ? `${minutes}${NBSP}min` : `${Math.floor(minutes / 60)}${NBSP}h${NBSP}${two(minutes % 60)}`;
}

/** A target as people say it: 3:45 for 3:45:00. */
export const spokenTime = (time: string): string => time.replace(/^(\d+:\d\d):00$/, '$1');

/** A pace without its unit: 5:41. */
export const paceNumber = (sPerKm: number, u: Unit = unit.value): string => clock((sPerKm * metres[u]) / 1000);

/** A band of paces: 6:10–6:55 /km, or 5:41 /km where both ends are the same. */
export function pace(p: Pace): string {
  const [fast, slow] = [paceNumber(p.fast_s_per_km), paceNumber(p.slow_s_per_km)];
  return `${fast === slow ? fast : `${fast}–${slow}`}${NBSP}/${unit.value}`;
}

/** Monday; or, short, Mon. */
export const dayName = (day: Weekday, short = false): string => day.charAt(0).toUpperCase() + day.slice(1, short ? 3 : undefined);

/** A date of the API as one that Intl can write, whatever the time zone. */
const utc = (date: string): Date => new Date(`${date}T00:00:00Z`);

const written = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  return (date: string): string => format.format(utc(date));
};

/** Sun 25 Apr */
export const shortDate = written({ weekday: 'short', day: 'numeric', month: 'short' });
/** 25 Apr */
export const dayMonth = written({ day: 'numeric', month: 'short' });
/** Sunday 25 April 2027 */
export const longDate = written({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
/** April 2027 */
export const monthName = written({ month: 'long', year: 'numeric' });

/** Today here, as the API writes dates. */
export function today(now: Date = new Date()): string {
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The date some days after another. */
export const addDays = (date: string, days: number): string =>
  new Date(utc(date).getTime() + days * 86_400_000).toISOString().slice(0, 10);

/** Days from one date to another; negative when the other is earlier. */
export const daysBetween = (from: string, to: string): number => Math.round((utc(to).getTime() - utc(from).getTime()) / 86_400_000);

/** The weekday of a date. */
export const weekdayOf = (date: string): Weekday => weekdays[(utc(date).getUTCDay() + 6) % 7] as Weekday;

/** 11 %: a fraction as people read it. */
export const percent = (fraction: number): string => `${Math.round(fraction * 100)}${NBSP}%`;

/** 3 weeks, 1 week */
export const count = (n: number, one: string, many = `${one}s`): string => `${n.toLocaleString('en')}${NBSP}${n === 1 ? one : many}`;

const two = (n: number): string => String(n).padStart(2, '0');
