import { fit, settings, sports } from './fit';
import { client, register } from './runner';
import { file, upload } from './runs';
import { everywhere, expect, test } from './stride';

const spring = [
  file('track.fit', fit({ start: '2026-03-06T09:00:00Z', paces: [255, 248, 246, 244, 240] })),
  file('long.fit', fit({ start: '2026-04-18T06:30:00Z', paces: [345, 342, 340, 338, 341, 344, 339, 337, 336, 340, 342, 338, 335, 330, 333, 340], rest: 420, pause: 20 })),
  file('treadmill.fit', fit({ start: '2026-04-20T17:00:00Z', paces: [330, 325, 320, 318], subSport: 1, position: false, heartRate: false })),
  file('ride.fit', fit({ start: '2026-04-11T08:00:00Z', paces: [130, 128, 125, 131, 127, 126, 124, 122], sport: sports.cycling })),
  file('ten.fit', fit({ start: '2026-02-14T10:00:00Z', paces: [272, 270, 268, 266, 264, 265, 263, 262, 260, 255] })),
];

test('runs before there are any', async ({ page }) => {
  await register(page, '/runs');
  await page.getByRole('heading', { name: 'No run yet' }).waitFor();
  await everywhere(page, 'runs empty');
  await page.getByRole('link', { name: 'Bests' }).click();
  await page.getByRole('heading', { name: 'No best yet' }).waitFor();
  await everywhere(page, 'bests empty');
  await page.getByRole('button', { name: 'Enter a result' }).click();
  await page.getByRole('button', { name: 'Enter it' }).click();
  await page.getByRole('alert').getByText(/\w/).first().waitFor();
  await everywhere(page, 'result with a fault');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Upload', exact: true }).click();
  await page.getByText('Drop files or a folder here').waitFor();
  await page.getByText('Where are my files?').click();
  await everywhere(page, 'upload empty');
});

test('runs, each of them, and bests', async ({ page }) => {
  test.setTimeout(120_000);
  const email = await register(page, '/runs');
  const { api } = await client(page, email);
  const me = await api('GET', '/api/runners/me');
  await api('PATCH', '/api/runners/me', { birth_year: 1990, time_zone: 'Europe/Berlin' }, me.version);
  await upload(page, [...spring, spring[0] as (typeof spring)[0], file('settings.fit', settings()), file('photo.jpg', Buffer.from('no recording at all'))]);
  await everywhere(page, 'upload done');

  await page.getByRole('link', { name: 'See all runs' }).click();
  await page.getByRole('heading', { name: 'April 2026' }).waitFor();
  await everywhere(page, 'runs');

  await page.getByRole('link', { name: /Sat 18 Apr/ }).click();
  await page.getByRole('slider').waitFor();
  await expect(page.locator('.u-over').first()).toBeVisible();
  await page.getByRole('slider').fill('80');
  await everywhere(page, 'run');
  await page.getByRole('button', { name: 'Name, note, sport' }).click();
  await everywhere(page, 'run change');
  await page.keyboard.press('Escape');

  await page.goto('/runs');
  await page.getByRole('link', { name: /Treadmill/ }).click();
  await page.getByText('No position was recorded').waitFor();
  await expect(page.locator('.u-over').first()).toBeVisible();
  await everywhere(page, 'run on a treadmill');

  await api('POST', '/api/personal_bests', { distance_m: 1000, time: '3:24.5', date: '2025-06-01', name: 'Track evening' });
  await api('POST', '/api/personal_bests', { distance_m: 10000, time: '44:59', date: '2025-05-01' });
  await page.goto('/runs/bests');
  await page.getByRole('row', { name: /10 km/ }).waitFor();
  await everywhere(page, 'bests');
});

test('a run that is not there', async ({ page }) => {
  await register(page, '/runs/01a20e64-d34f-74cb-9d8b-afcd8163ffe1');
  await page.getByRole('heading', { name: 'You have no such run' }).waitFor();
  await everywhere(page, 'run missing');
});
