// What recorded runs are, in plain words.
import type { FileReason, SessionFlag, SessionItem } from '../api/types';
import { dayMonth, longDate, NBSP, paceNumber, shortDate } from '../format';
import { metres, unit } from '../state/unit';

const sports: Record<string, string> = {
  running: 'Run',
  walking: 'Walk',
  hiking: 'Hike',
  cycling: 'Ride',
  swimming: 'Swim',
  generic: 'Activity',
};

/** The sports to choose from; others stay as they were recorded. */
export const sportChoices: ReadonlyArray<readonly [sport: string, name: string]> = [
  ['running', 'Running'],
  ['walking', 'Walking'],
  ['hiking', 'Hiking'],
  ['cycling', 'Cycling'],
  ['swimming', 'Swimming'],
];

/** A word of the API for people: cross_country_skiing is Cross country skiing. */
export const worded = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).replaceAll('_', ' ');

/** What something that was done is called: Run, Treadmill run, Cross country skiing. */
export function sportName({ sport, sub_sport }: Pick<SessionItem, 'sport' | 'sub_sport'>): string {
  const name = sports[sport] ?? worded(sport);
  return sub_sport === 'treadmill' || sub_sport === 'trail' ? `${worded(sub_sport)} ${name.toLowerCase()}` : name;
}

/** The name that the runner gave, or else what it was. */
export const nameOf = (s: Pick<SessionItem, 'sport' | 'sub_sport' | 'name'>): string => s.name ?? sportName(s);

/** The name, and the day, for where several are spoken of. */
export const nameAndDay = (s: SessionItem): string => `${nameOf(s)}, ${s.date ? shortDate(s.date) : 'no date'}`;

/** Sunday 25 April 2027, 08:14. The time is of the zone of the profile, or else of the device. */
export function whenRun(s: Pick<SessionItem, 'date' | 'started_at'>, zone: string | undefined): string {
  return s.date ? `${longDate(s.date)}, ${timeOf(s.started_at, zone)}` : 'The watch did not know the date';
}

/** The time of day of an instant: 08:14. */
export function timeOf(instant: string, zone: string | undefined): string {
  const options = { hour: '2-digit', minute: '2-digit' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone }).format(new Date(instant));
  } catch {
    return new Intl.DateTimeFormat('en-GB', options).format(new Date(instant)); // a zone that the browser does not know
  }
}

/** The standard distances in metres, as results are entered. */
export const standard: ReadonlyArray<readonly [m: number, name: string]> = [
  [400, '400 m'],
  [1000, '1 km'],
  [1609.344, '1 mile'],
  [5000, '5 km'],
  [10_000, '10 km'],
  [21_097.5, 'Half marathon'],
  [42_195, 'Marathon'],
];

/** A height in metres, or for those who think in miles, in feet. */
export const height = (m: number): string => `${Math.round(heightNumber(m)).toLocaleString('en')}${NBSP}${heightUnit()}`;
export const heightNumber = (m: number): number => (unit.value === 'km' ? m : m / 0.3048);
export const heightUnit = (): string => (unit.value === 'km' ? 'm' : 'ft');

/** One pace with its unit: 5:41 /km. */
export const onePace = (sPerKm: number): string => `${paceNumber(sPerKm)}${NBSP}/${unit.value}`;

/** The pace of a speed: 5:41. */
export const paceOf = (mPerS: number): string => paceNumber(1000 / mPerS);

/** Seconds for one of the unit, of a speed in m/s. */
export const perUnit = (mPerS: number): number => metres[unit.value] / mPerS;

/** The size of a file: 84 kB. */
export const size = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))}${NBSP}kB` : `${(bytes / 1_000_000).toFixed(1)}${NBSP}MB`;

/** Why nothing was made of a file, and what to do. */
const reasons: Record<FileReason, string> = {
  empty: 'It is empty.',
  not_fit: 'It is no FIT file. Fetch the original file from your watch or its app.',
  bad_header: 'It is damaged at its beginning. Fetch it once more from the watch.',
  bad_checksum: 'It is damaged: its checksum is wrong. Fetch it once more from the watch.',
  corrupt: 'It is damaged. Fetch it once more from the watch.',
  truncated: 'It ends before anything was recorded. Fetch it once more from the watch.',
  bad_gzip: 'It is packed, and cannot be unpacked. Fetch it once more.',
  too_many_bytes: 'It is larger than 20 MB, which no recording of a run is.',
  too_many_parts: 'It holds more than any recording does.',
  too_much_time: 'It takes too long to read.',
  read_failed: 'It could not be fetched from where it was kept. Try again.',
  no_activity: 'There is nothing in it that was done: it holds settings, a workout or a course.',
  wrong_digest: 'It was changed on the way. Try again.',
  quota_exceeded: 'There is no room left: an account keeps 20,000 runs and 1 GB of files. Delete some first.',
  internal_error: 'Something went wrong here, and it is not the fault of the file. Try again later.',
};

/** Reasons may be added by a newer server. */
export const reasonText = (reason: FileReason | undefined): string => (reason && reasons[reason]) ?? 'It could not be read.';

/** Whether trying again may help. */
export const mayHelp = (reason: FileReason | undefined): boolean => reason === 'read_failed' || reason === 'wrong_digest' || reason === 'internal_error';

/** What was unusual about a recording. */
export const flagTexts: Partial<Record<SessionFlag, string>> = {
  no_clock: 'The watch did not know the date, so it counts for bests only if you say so.',
  future_date: 'It lies in the future by the clock of the watch, so it counts for bests only if you say so.',
  no_position: 'No position was recorded: a treadmill, or GPS was off.',
  no_heart_rate: 'No heart rate was recorded.',
  no_distance: 'No distance was recorded.',
  no_samples: 'The watch kept a summary only, so there are no curves.',
  no_summary: 'The watch kept no summary; it was made from the curves.',
  time_backwards: 'The clock of the watch jumped back; what came twice is left out.',
  doubled_times: 'Some moments were recorded twice; they count once.',
  truncated: 'The file ends too early; what was there is kept.',
  broken_tail: 'A damaged part at the end of the file is left out.',
};

/** 25 Apr 2027 */
export const dayAndYear = (date: string): string => `${dayMonth(date)} ${date.slice(0, 4)}`;
