// The five answers and the race date, as they are typed, in the address and
// in a request.
import { cell } from './cell';
import type { Weekday } from '../api/types';
import { load, store } from './stored';
import { metres, type Unit } from './unit';

export const weekdays: readonly Weekday[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export interface Answers {
  weeks: string;
  runs_per_week: string;
  target_time: string;
  first_long_run: string;
  unit: Unit;
  long_run_day: string;
  /** Empty without a date. */
  race_date: string;
}

export const names = ['target_time', 'first_long_run', 'runs_per_week', 'long_run_day', 'weeks', 'race_date'] as const;
export type Name = (typeof names)[number];

/** The questions as a person would ask them, in their order. */
export const questions: Record<Name, string> = {
  target_time: 'What time are you aiming for?',
  first_long_run: 'How far can you run comfortably today?',
  runs_per_week: 'How many days a week do you want to run?',
  long_run_day: 'Which day suits your long run?',
  weeks: 'How many weeks do you want to train?',
  race_date: 'When is the race?',
};

/** The names of the fields in the server's messages, as the page calls them. */
const spoken: Record<string, string> = {
  target_time: 'the time',
  first_long_run: 'the distance',
  long_run_day: 'the day',
  race_date: 'the date',
  runs_per_week: 'the runs',
};
/** A message of the server about an answer, with people's words for the names of fields. */
export const say = (message: string): string => message.replace(/\b[a-z]+(_[a-z]+)+\b/g, (name) => spoken[name] ?? name);

export const defaults: Readonly<Answers> = {
  weeks: '16',
  runs_per_week: '4',
  target_time: '4:00:00',
  first_long_run: '10',
  unit: 'km',
  long_run_day: 'sunday',
  race_date: '',
};

/** Reads answers from the query of an address. What is absent stays as in `base`. */
export function fromQuery(query: string, base: Answers = defaults, prefix = ''): Answers {
  const params = new URLSearchParams(query);
  const answers = { ...base };
  for (const name of names) {
    const value = params.get(prefix + name);
    if (value !== null) answers[name] = value.slice(0, 40);
  }
  const u = params.get(`${prefix}unit`);
  if (u === 'km' || u === 'mi') answers.unit = u;
  return answers;
}

/** Whether a query holds any answer. */
export const hasAnswers = (query: string): boolean => names.some((name) => new URLSearchParams(query).has(name));

/** Writes answers as the query of an address, without a question mark. */
export function toQuery(answers: Answers, prefix = ''): string {
  const params = new URLSearchParams();
  for (const name of [...names, 'unit'] as const) {
    if (answers[name] !== '') params.set(prefix + name, answers[name]);
  }
  return params.toString().replaceAll('%3A', ':'); // readable, and allowed
}

/** Answers as a request. What is no number goes as it was typed, for the server to say what is wrong. */
export function toRequest(answers: Answers): Record<string, unknown> {
  return {
    weeks: number(answers.weeks),
    runs_per_week: number(answers.runs_per_week),
    target_time: answers.target_time,
    first_long_run: number(answers.first_long_run),
    unit: answers.unit,
    long_run_day: answers.long_run_day,
    ...(answers.race_date && { race_date: answers.race_date }),
  };
}

const number = (text: string): number | string | null => {
  const plain = text.trim().replace(',', '.');
  return plain === '' ? null : /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : text;
};

/** The same answers in the other unit: the first long run stays as far as it is. */
export function inUnitOf(answers: Answers, u: Unit, digits = 4): Answers {
  const value = number(answers.first_long_run);
  if (u === answers.unit || typeof value !== 'number') return { ...answers, unit: u };
  const converted = (value * metres[answers.unit]) / metres[u];
  return { ...answers, unit: u, first_long_run: String(Number(converted.toFixed(digits))) };
}

/** A time as people say it, as the API wants it: 4 and 4:00 become 4:00:00. */
export function fullTime(text: string): string {
  const t = text.trim();
  if (/^\d{1,2}$/.test(t)) return `${t}:00:00`;
  if (/^\d{1,2}:[0-5]\d$/.test(t)) return `${t}:00`;
  return t;
}

const kept = load('answers');

/**
 * The answers that were given last, here or in an earlier visit. Whoever
 * signs in after making a plan saves it from these.
 */
export const answers = cell<Answers>(kept ? fromQuery(kept) : defaults);

/** Whether the runner has made a plan from these answers. */
export const answered = cell(kept !== null);

/** Keeps answers as the last ones given. */
export function keepAnswers(given: Answers): void {
  answers.value = given;
  answered.value = true;
  store('answers', toQuery(given));
}
