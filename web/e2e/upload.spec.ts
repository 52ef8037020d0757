// Files on their way: many of them, broken connections, old addresses.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fit, settings } from './fit';
import { client, register } from './runner';
import { file, upload } from './runs';
import { everywhere, expect, test } from './stride';

const run = (day: number, minute = 0) =>
  file(`run-${day}-${minute}.fit`, fit({ start: new Date(Date.UTC(2026, 0, day, 7, minute)).toISOString(), paces: [330, 320, 310], rest: 500 }));

test('more files than an import takes, in batches, while other pages are looked at', async ({ page }) => {
  test.setTimeout(90_000);
  await register(page, '/runs/upload');
  const batches: number[] = [];
  page.on('request', (r) => {
    if (r.method() === 'POST' && r.url().endsWith('/api/imports')) batches.push((r.postDataJSON() as { files: unknown[] }).files.length);
  });
  const files = Array.from({ length: 54 }, (_, i) => run(i + 1));
  await page.getByLabel('Choose files').setInputFiles(files);
  await expect(page.getByText(/of 54\sfiles done/)).toBeVisible();
  await page.getByRole('link', { name: 'Tools' }).click();
  await page.getByRole('heading', { name: 'Tools', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'Runs' }).click();
  await page.getByRole('navigation', { name: 'Runs' }).getByRole('link', { name: 'Upload' }).click();
  await expect(page.getByRole('status').getByText('Done. 54 added')).toBeVisible({ timeout: 60_000 });
  expect(batches).toEqual([50, 4]);
  await expect(page.getByRole('progressbar', { name: 'All files' })).toHaveJSProperty('value', 1);

  await page.getByRole('link', { name: 'See all runs' }).click();
  await expect(page.locator('.runs li')).toHaveCount(30);
  await page.getByRole('button', { name: 'Older runs' }).click();
  await expect(page.locator('.runs li')).toHaveCount(54);
  await expect(page.getByRole('button', { name: 'Older runs' })).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(['February 2026', 'January 2026']);

  await page.getByText('Some days only').click();
  await page.getByLabel('First day').fill('2026-01-03');
  await page.getByLabel('Last day').fill('2026-01-05');
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect(page.locator('.runs li')).toHaveCount(3);
  await page.getByLabel('Last day').fill('2026-01-01');
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect(page.locator('.period .error').filter({ hasText: /\w/ })).toHaveCount(1);
  await page.goBack();
  await expect(page.locator('.runs li')).toHaveCount(3);
});

test('files are dropped, and what is known already leads to its run', async ({ page }) => {
  await register(page, '/runs/upload');
  const drop = async (names: string[], bytes: Buffer[]) => {
    const transfer = await page.evaluateHandle(
      ([n, b]) => {
        const data = new DataTransfer();
        n.forEach((name, i) => data.items.add(new File([Uint8Array.from(b[i] as number[])], name)));
        return data;
      },
      [names, bytes.map((b) => [...b])] as const,
    );
    await page.dispatchEvent('main', 'dragenter', { dataTransfer: transfer });
    await expect(page.locator('.drop')).toHaveClass(/over/);
    await page.dispatchEvent('main', 'drop', { dataTransfer: transfer });
  };
  const bytes = run(1).buffer;
  await drop(['morning.fit', 'again.fit'], [bytes, bytes]);
  const rows = page.locator('.files li');
  await expect(rows.nth(0)).toContainText('Added');
  await expect(rows.nth(1)).toContainText('The same file is in this list already.');
  await expect(page.locator('.drop')).not.toHaveClass(/over/);
  const link = await rows.nth(0).getByRole('link', { name: 'See the run' }).getAttribute('href');
  await expect(rows.nth(1).getByRole('link')).toHaveAttribute('href', link as string);

  await page.reload(); // the list is gone, and the server knows the file
  await drop(['third.fit'], [bytes]);
  await expect(rows.nth(0)).toContainText('You have it');
  await rows.nth(0).getByRole('link').click();
  await expect(page).toHaveURL(link as string);
  await expect(page.getByRole('heading', { name: 'Run', level: 1 })).toBeVisible();
});

test('each verdict is in plain words', async ({ page }) => {
  await register(page, '/runs/upload');
  const good = run(2).buffer;
  const damaged = Buffer.from(good);
  damaged[damaged.length - 1] = (damaged[damaged.length - 1] as number) ^ 0xff;
  await upload(page, [
    file('empty.fit', Buffer.alloc(0)),
    file('huge.fit', Buffer.alloc(20 * 1024 * 1024 + 1)),
    file('photo.jpg', Buffer.from('no recording at all')),
    file('settings.fit', settings()),
    file('damaged.fit', damaged),
    run(2),
  ]);
  const rows = page.locator('.files li');
  await expect(rows.nth(0)).toContainText('It is empty.');
  await expect(rows.nth(1)).toContainText('It is larger than 20 MB');
  await expect(rows.nth(2)).toContainText('It is no FIT file.');
  await expect(rows.nth(3)).toContainText('settings, a workout or a course');
  await expect(rows.nth(4)).toContainText('It is damaged');
  await expect(rows.nth(5)).toContainText('Added');
  await expect(page.getByRole('button', { name: /again/ })).toHaveCount(0); // it would be in vain
  await page.getByRole('button', { name: 'Clear this list' }).click();
  await expect(rows).toHaveCount(0);
});

test('an address that is too old is renewed, and a broken connection can be tried again', async ({ page, stride }) => {
  test.setTimeout(90_000);
  await register(page, '/runs/upload');
  let puts = 0;
  let renewed = 0;
  page.on('request', (r) => r.url().endsWith('/urls') && renewed++);
  await page.route(`${stride.uploads}/**`, async (route) => {
    if (route.request().method() !== 'PUT') return route.continue();
    return puts++ === 0 ? route.fulfill({ status: 403, headers: { 'Access-Control-Allow-Origin': stride.url } }) : route.continue();
  });
  await page.getByLabel('Choose files').setInputFiles([run(3)]);
  await expect(page.getByRole('status').getByText('Done. 1 added')).toBeVisible({ timeout: 20_000 });
  expect(renewed).toBe(1);
  await page.unroute(`${stride.uploads}/**`);

  await page.route(`${stride.uploads}/**`, (route) => route.abort());
  await page.getByLabel('Choose files').setInputFiles([run(4)]);
  await expect(page.locator('.files li').nth(1)).toContainText('The connection broke off', { timeout: 20_000 });
  await everywhere(page, 'upload broken off');
  await page.unroute(`${stride.uploads}/**`);
  await page.getByRole('button', { name: 'Try it again' }).click();
  await expect(page.getByRole('status').getByText('Done. 2 added')).toBeVisible({ timeout: 20_000 });
});

test('files under way', async ({ page, stride }) => {
  await register(page, '/runs/upload');
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route(`${stride.uploads}/**`, async (route) => {
    if (route.request().method() === 'PUT') await held;
    await route.continue();
  });
  await page.getByLabel('Choose files').setInputFiles([run(6), run(7), run(8), run(9), run(10)]);
  await expect(page.locator('.files .sending')).toHaveCount(3);
  await expect(page.locator('.files .queued')).toHaveCount(2);
  // Browsers ask before they leave what is under way.
  const asked = page.waitForEvent('dialog');
  await page.getByRole('heading', { name: 'Upload', level: 1 }).click(); // they ask only who has done something
  const leaving = page.evaluate(() => location.reload()).catch(() => {});
  await (await asked).dismiss();
  await leaving;
  await everywhere(page, 'upload under way');
  go();
  await expect(page.getByRole('status').getByText('Done. 5 added')).toBeVisible({ timeout: 20_000 });
});

test('whoever signs out takes their files along', async ({ page }) => {
  await register(page, '/runs/upload');
  await upload(page, [run(5)]);
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByRole('link', { name: 'Signing in' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await register(page, '/runs/upload');
  await expect(page.locator('.files li')).toHaveCount(0);
});

test('real files: each has its verdict, and each run has its page', async ({ page }) => {
  const folder = process.env['STRIDE_TEST_FIT'];
  if (!folder) console.warn('STRIDE_TEST_FIT names no folder of FIT files: this test is SKIPPED');
  test.skip(!folder, 'STRIDE_TEST_FIT names no folder of FIT files');
  test.setTimeout(180_000);
  const email = await register(page, '/runs/upload');
  const names = (await readdir(join(folder as string, 'files'))).filter((name) => name.endsWith('.fit'));
  await page.getByLabel('Choose files').setInputFiles(await Promise.all(names.map(async (name) => file(name, await readFile(join(folder as string, 'files', name))))));
  await expect(page.getByText('Done.', { exact: true })).toBeVisible({ timeout: 120_000 });
  await expect(page.locator('.files .failed')).toHaveCount(0);

  const { api } = await client(page, email);
  const { items } = await api('GET', '/api/sessions?limit=100');
  expect(items.length).toBeGreaterThan(names.length * 0.9);
  for (const item of items) {
    await page.goto(`/runs/${item.id}`);
    await page.getByText(/^From /).waitFor();
    if (item.summary.distance_m > 0) await expect(page.locator('.numbers')).toContainText('Distance');
    await expect(page.locator('.loading')).toHaveCount(0);
    await expect(page.locator('main')).not.toContainText(/NaN|Infinity|undefined/);
  }
});
