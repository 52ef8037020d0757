// What tests of accounts do over and over.
import { expect, type Page } from '@playwright/test';

export const password = 'four unrelated words here';
let last = 0;

/** An address that nobody has. */
export const fresh = (): string => `runner-${process.pid}-${Date.now()}-${++last}@example.com`;

/** Makes an account, and comes out at `next`. */
export async function register(page: Page, next = '/today', email = fresh()): Promise<string> {
  await page.goto(`/register?next=${encodeURIComponent(next)}`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Make an account' }).click();
  await page.waitForURL(`**${next}`);
  // What a test does next, by another device too, comes after the page has read what there is.
  await page.locator('main h1').waitFor();
  await expect(page.locator('main .loading')).toHaveCount(0);
  return email;
}

export async function signIn(page: Page, email: string, next = '/today', secret = password): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`**${next}`);
}

/** The date some days from today, where the browser is. */
export function dateIn(days: number): string {
  const at = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin' }).format(Date.now());
  return new Date(Date.parse(`${at}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** The weekday of a date, as the API writes it. */
export const weekday = (date: string): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString('en', { weekday: 'long', timeZone: 'UTC' }).toLowerCase();

interface Wanted {
  weeks?: number;
  runs_per_week?: number;
  unit?: 'km' | 'mi';
  long_run_day?: string;
  race_date?: string | undefined;
  name?: string;
}

/** Saves a plan by the API, as somebody else's program would. It answers the plan. */
export async function savedPlan(page: Page, email: string, wanted: Wanted = {}): Promise<{ id: string; weeks: { week: number; workouts: { id: string; date?: string; day: string; title: string; etag: string }[] }[] }> {
  const { api } = await client(page, email);
  return api('POST', '/api/plans', { weeks: 12, runs_per_week: 4, target_time: '4:00:00', first_long_run: 10, long_run_day: 'sunday', ...wanted });
}

/** Another device of the same runner: a client of the API with a sign-in of its own. */
export async function client(page: Page, email: string, secret = password) {
  const base = new URL(page.url()).origin;
  const signedIn = (await (
    await fetch(`${base}/api/login`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email, password: secret }) })
  ).json()) as { access_token: string };
  /* eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests know what they ask for */
  const api = async (method: string, path: string, body?: unknown, etag?: string): Promise<any> => {
    const response = await fetch(base + path, {
      method,
      headers: { Authorization: `Bearer ${signedIn.access_token}`, 'Content-Type': 'application/json', ...(etag && { 'If-Match': etag }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    expect(response.ok, `${method} ${path}: ${text}`).toBe(true);
    return text ? { ...JSON.parse(text), version: response.headers.get('ETag') } : undefined;
  };
  return { api };
}
