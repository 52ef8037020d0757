// Recorded runs and bests: looking at them, changing them, by pointer and keys.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { fit } from './fit';
import { client, register } from './runner';
import { file, upload } from './runs';
import { everywhere, expect, fits, test } from './stride';

const steady = file('steady.fit', fit({ start: '2026-03-01T09:00:00Z', paces: [300, 298, 296, 294, 292, 295], rest: 600 }));
const fast = file('fast.fit', fit({ start: '2026-04-05T09:00:00Z', paces: [270, 268, 266, 264, 262] }));

/** Uploads a run and opens its page. It answers its path. */
async function opened(page: Page, recording = steady): Promise<string> {
  await upload(page, [recording]);
  await page.getByRole('link', { name: 'See the run' }).click();
  await page.getByRole('slider').waitFor();
  return new URL(page.url()).pathname;
}

test('a run is named, noted, told to be a walk, and taken out of bests and back', async ({ page }) => {
  await register(page, '/runs');
  const path = await opened(page);
  await page.getByRole('button', { name: 'Name, note, sport' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('x'.repeat(101));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.locator('.error').first()).not.toBeEmpty();
  await expect(dialog.getByLabel('Name')).toBeFocused();
  await dialog.getByLabel('Name').fill('Round the lake');
  await dialog.getByLabel('Note').fill('Windy.\nNew shoes.');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Round the lake', level: 1 })).toBeVisible();
  await expect(page.getByText('New shoes.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Name, note, sport' })).toBeFocused();

  await page.getByRole('button', { name: 'Leave it out of my bests' }).click();
  await expect(page.getByRole('button', { name: 'Count it for my bests' })).toBeVisible();
  await page.goto('/runs/bests');
  await expect(page.getByRole('heading', { name: 'No best yet' })).toBeVisible();
  await page.goto('/runs');
  await expect(page.getByText('not for bests')).toBeVisible();
  await page.getByRole('link', { name: /Round the lake/ }).click();
  await expect(page).toHaveURL(path);
  await page.getByRole('button', { name: 'Count it for my bests' }).click();
  await expect(page.getByRole('button', { name: 'Leave it out of my bests' })).toBeVisible();

  await page.getByRole('button', { name: 'Name, note, sport' }).click();
  await dialog.getByLabel('Sport').selectOption('walking');
  await dialog.getByLabel('Name').fill('');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Walk', level: 1 })).toBeVisible();
  await expect(page.getByText('Fastest stretches')).toHaveCount(0);
});

test('two devices name the same run: neither overwrites the other unasked', async ({ page }) => {
  const email = await register(page, '/runs');
  const path = await opened(page);
  const { api } = await client(page, email);
  const now = await api('GET', `/api/sessions/${path.split('/').pop()}`);
  await api('PATCH', `/api/sessions/${now.id}`, { name: 'From the phone' }, now.version);

  await page.getByRole('button', { name: 'Name, note, sport' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('From the desk');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const clash = page.getByRole('dialog', { name: 'Changed on another device' });
  await expect(clash).toContainText('From the phone');
  await everywhere(page, 'run clash');
  await clash.getByRole('button', { name: 'Save mine' }).click();
  await expect(page.getByRole('heading', { name: 'From the desk' })).toBeVisible();
});

test('a deleted run comes back by Undo, and is gone without it', async ({ page }) => {
  const email = await register(page, '/runs');
  await opened(page);
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page).toHaveURL('/runs');
  await expect(page.getByRole('heading', { name: 'No run yet' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('link', { name: /5.6/ }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('“Run” is deleted.')).toBeHidden({ timeout: 15_000 });
  const { api } = await client(page, email);
  await expect.poll(async () => (await api('GET', '/api/sessions')).items.length).toBe(0);
});

test('the file comes back as it was sent', async ({ page }) => {
  await register(page, '/runs');
  await opened(page);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the file' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('steady.fit');
  expect((await readFile(await download.path())).equals(steady.buffer)).toBe(true);
});

test('one cursor for all curves and the route, by keys and by pointer', async ({ page }) => {
  await register(page, '/runs');
  await opened(page);
  const slider = page.getByRole('slider', { name: 'Look at a moment' });
  const sample = page.locator('.sample');
  await page.locator('.u-over').first().waitFor();
  await slider.focus();
  await page.keyboard.press('End');
  await expect(sample).toContainText('5.6 km');
  await expect(slider).toHaveAttribute('aria-valuetext', /Distance 5.6.km, Pace .*Heart rate \d+ bpm, Elevation \d+.m/);
  await page.keyboard.press('ArrowLeft');
  await expect(sample).not.toContainText('5.6 km');
  const spot = page.locator('.route circle.here');
  const before = await spot.getAttribute('cx');
  await page.keyboard.press('Home');
  await page.keyboard.press('PageUp');
  await expect(spot).not.toHaveAttribute('cx', before as string);

  const [first, second] = [page.locator('.panel').nth(0), page.locator('.panel').nth(1)];
  await first.locator('.u-over').hover({ position: { x: 150, y: 40 } });
  const value = await slider.inputValue();
  expect(Number(value)).toBeGreaterThan(20);
  const x = async (of: typeof first) => (await of.locator('.u-cursor-x').boundingBox())?.x ?? NaN;
  // Rows of the curves are some seconds apart.
  await expect.poll(async () => Math.abs((await x(first)) - (await x(second)))).toBeLessThan(4);

  await page.locator('.plots').getByText('Time').click();
  await expect(slider).toHaveValue(value);
  await page.getByText('The curves as a table').click();
  await expect(page.getByRole('table', { name: 'The run at 21 moments' }).getByRole('row')).toHaveCount(22);
  await page.getByRole('button', { name: /theme/ }).click();
  await expect(page.locator('.panel canvas')).toHaveCount(3);
});

test('a run in miles', async ({ page }) => {
  await register(page, '/runs');
  await opened(page);
  await expect(page.getByRole('table', { name: 'Kilometre by kilometre' }).getByRole('row')).toHaveCount(7);
  await page.getByText('mi', { exact: true }).click();
  await expect(page.getByRole('table', { name: 'Mile by mile' }).getByRole('row')).toHaveCount(5);
  await expect(page.locator('.numbers')).toContainText('3.48 mi');
  await expect(page.locator('.numbers')).toContainText(/\d+.ft/);
  await expect(page.getByText('Pace, per mi')).toBeVisible();
  await page.goto('/runs');
  await expect(page.locator('.runs .far')).toHaveText('3.5 mi');
  await page.goto('/runs/bests');
  await expect(page.getByRole('row', { name: /1 mile/ })).toContainText('/mi');
});

test('bests: what stood before, a run left out and brought back', async ({ page }) => {
  await register(page, '/runs');
  await upload(page, [steady, fast]);
  await expect(page.locator('.files')).toContainText('New best over');
  await page.goto('/runs/bests');
  const five = page.getByRole('row', { name: /5 km/ });
  await expect(five).toContainText('22:10');
  await expect(five).toContainText('5 Apr 2026');
  await expect(five).toContainText('1 Mar 2026');
  await expect(page.getByText('Critical pace').first()).toBeVisible();
  await five.getByRole('button', { name: /Leave out/ }).click();
  await expect(five).not.toContainText('22:10');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(five).toContainText('22:10');
  await five.getByRole('link', { name: '1 Mar 2026' }).click();
  await expect(page.getByText('Sunday, 1 March 2026')).toBeVisible();
});

test('results by hand: each message, a best, and taking it back', async ({ page }) => {
  await register(page, '/runs/bests');
  await page.getByRole('button', { name: 'Enter a result' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Distance').selectOption({ label: '5 km' });
  await dialog.getByLabel('Day').fill('1900-01-01');
  await dialog.getByRole('button', { name: 'Enter it' }).click();
  await expect(dialog.locator('#time-error')).not.toBeEmpty();
  await expect(dialog.locator('#date-error')).not.toBeEmpty();
  await expect(dialog.getByLabel('Time')).toBeFocused();
  await dialog.getByLabel('Time').fill('19:57.3');
  await dialog.getByLabel('Day').fill('2025-09-14');
  await dialog.getByLabel('What it was').fill('Autumn race');
  await dialog.getByRole('button', { name: 'Enter it' }).click();
  await expect(page.getByText('That is your best over 5 km.')).toBeVisible();
  await expect(page.getByRole('row', { name: /5 km/ })).toContainText('by hand');

  await page.getByRole('button', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.results')).toContainText('Autumn race');
  await page.getByRole('button', { name: /^Delete/ }).click();
  await expect(page.getByRole('heading', { name: 'No best yet' })).toBeVisible({ timeout: 15_000 });
});

test('server away and back: list, run and bests say so and recover', async ({ page, stride }) => {
  test.setTimeout(60_000);
  await register(page, '/runs');
  const path = await opened(page);
  for (const at of [path, '/runs', '/runs/bests']) {
    await page.goto('/tools');
    const own = /\/api\/(sessions|personal_bests)/;
    await page.route(own, (route) => route.abort());
    await page.evaluate((to) => {
      history.pushState(null, '', to);
      dispatchEvent(new PopStateEvent('popstate'));
    }, at);
    await expect(page.getByRole('heading', { name: 'Stride is out of reach' })).toBeVisible();
    if (at === path) await everywhere(page, 'run out of reach');
    await page.unroute(own);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('heading', { name: 'Stride is out of reach' })).toHaveCount(0);
  }
  await stride.stop();
  await page.goto('about:blank');
  await stride.start();
  await page.goto('/runs'); // the cookie still signs in
  await expect(page.getByRole('link', { name: /5.6/ })).toBeVisible();
});

test('text at 200 %', async ({ page }) => {
  await register(page, '/runs');
  const path = await opened(page);
  await page.setViewportSize({ width: 640, height: 900 });
  for (const at of ['/runs', path, '/runs/bests', '/runs/upload']) {
    await page.goto(at);
    await page.getByRole('navigation', { name: 'Main' }).waitFor();
    await expect(page.locator('.loading')).toHaveCount(0);
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await fits(page, `${at} at 200 %`);
    if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/large${at.replaceAll('/', '-').slice(0, 14)}.png`, fullPage: true });
  }
});
