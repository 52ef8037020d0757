import { expect, fits, test } from './stride';

const dated = '/plan?weeks=16&runs_per_week=5&target_time=3:45:00&first_long_run=12&unit=km&long_run_day=sunday&race_date=2030-04-28';

test('five answers make a plan, without an account', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('What time are you aiming for?').fill('3:45');
  await page.getByLabel('How far can you run comfortably today?').fill('12,5');
  await page.getByRole('group', { name: 'How many days' }).getByText('5').click();
  await page.getByRole('group', { name: 'Which day' }).getByText('Sat').click();
  await page.getByLabel('How many weeks').fill('18');
  await page.getByRole('button', { name: 'Show my plan' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('18 weeks to a 3:45 marathon');
  await expect(page.getByText('5 runs a week, the long one on Saturday')).toBeVisible();
  expect(new URL(page.url()).search).toContain('target_time=3:45:00&first_long_run=12%2C5');

  const run = page.locator('#week-1 details').last();
  await run.locator('summary').click();
  await expect(run.getByText(/^Why/)).toBeVisible();
  await expect(run.locator('.steps li').first()).toContainText('12.5 km');
  // Opening another closes it, so that the list stays short.
  await page.locator('#week-2 summary').first().click();
  await expect(run).not.toHaveAttribute('open');
});

test('back and forward go through answers, plan and run', async ({ page }) => {
  await page.goto('/');
  await page.getByLabel('How many weeks').fill('20');
  await page.getByLabel('When is the race?').fill('2030-04-28');
  await page.getByRole('button', { name: 'Show my plan' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('20 weeks to a 4:00 marathon');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
  const run = page.getByRole('button', { name: /: Long run/ }).first();
  await run.click();
  await expect(page.getByRole('dialog')).toBeVisible();
  const link = page.url();
  await page.goBack();
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.goForward();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.goBack();
  await expect(page.getByLabel('How many weeks')).toHaveValue('20');
  await expect(page.getByLabel('When is the race?')).toHaveValue('2030-04-28');
  await page.goForward();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('20 weeks to a 4:00 marathon');
  // A run is a link of its own; closing it leads to the plan and not away.
  await page.goto(link);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('20 weeks to a 4:00 marathon');
});

test('the message of the server stands at every answer', async ({ page, request }) => {
  // What is typed, and the pointer of the answer that it spoils.
  const faults: [label: string, typed: string, name: string, request: Record<string, unknown>][] = [
    ['What time are you aiming for?', 'soon', 'target_time', { target_time: 'soon' }],
    ['What time are you aiming for?', '9:00', 'target_time', { target_time: '9:00:00' }],
    ['How far can you run comfortably today?', '', 'first_long_run', { first_long_run: null }],
    ['How far can you run comfortably today?', 'far', 'first_long_run', { first_long_run: 'far' }],
    ['How far can you run comfortably today?', '2', 'first_long_run', { first_long_run: 2 }],
    ['How many weeks', '', 'weeks', { weeks: null }],
    ['How many weeks', '7', 'weeks', { weeks: 7 }],
    ['How many weeks', '12.5', 'weeks', { weeks: 12.5 }],
    ['When is the race?', '0001-01-01', 'race_date', { race_date: '0001-01-01' }],
  ];
  const sound = { weeks: 16, runs_per_week: 4, target_time: '4:00:00', first_long_run: 10, unit: 'km', long_run_day: 'sunday' };
  for (const [label, typed, name, wrong] of faults) {
    const answer = await request.post('/api/generate', { data: { ...sound, ...wrong } });
    if (answer.ok()) continue; // a date long ago makes a plan too
    const { errors } = (await answer.json()) as { errors: { pointer: string; message: string }[] };
    const message = errors.find((e) => e.pointer === `/${name}`)?.message ?? '';
    expect(message, JSON.stringify(wrong)).not.toBe('');
    // The page says the same, with people's words for the names of fields.
    const said = new RegExp(message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\b[a-z]+_[a-z_]+\b/g, '.+'));
    await page.goto('/');
    await page.getByLabel(label).fill(typed);
    await page.getByLabel(label).blur();
    await expect(page.locator(`#${name}-error`)).toContainText(said);
    await expect(page.getByLabel(label)).toHaveAttribute('aria-invalid', 'true');
    await expect(page.getByLabel(label)).toHaveAccessibleDescription(said);
  }
});

test('choices that are wrong in a link are told too, and so are faults of two answers', async ({ page }) => {
  await page.goto('/?runs_per_week=9&long_run_day=someday&race_date=2027-02-30');
  await expect(page.locator('#runs_per_week-error')).toContainText('Choose 2 to 7 runs');
  await expect(page.locator('#long_run_day-error')).toContainText('monday');
  await page.goto('/?weeks=8&first_long_run=3');
  await expect(page.locator('#weeks-error')).not.toBeEmpty();
  await expect(page.locator('#first_long_run-error')).not.toBeEmpty();
  await page.getByRole('button', { name: 'Show my plan' }).click();
  await expect(page.getByLabel('How far can you run comfortably today?')).toBeFocused();
  expect(new URL(page.url()).pathname).toBe('/');
  // Mending one mends both.
  await page.getByLabel('How many weeks').fill('30');
  await page.getByLabel('How many weeks').blur();
  await expect(page.locator('#first_long_run-error')).toBeEmpty();
  await expect(page.locator('#weeks-error')).toBeEmpty();
});

test('a plan in miles has no kilometre in it', async ({ page }) => {
  await page.goto('/');
  await page.getByRole('group', { name: 'Unit' }).getByText('mi').click();
  await expect(page.getByLabel('How far can you run comfortably today?')).toHaveValue('6.2');
  await page.getByRole('button', { name: 'Show my plan' }).click();
  await expect(page.getByText('Longest run', { exact: true })).toBeVisible();
  await page.locator('#week-5 summary').nth(1).click();
  const text = await page.locator('main').innerText();
  expect(text).toMatch(/\d mi\b/);
  expect(text).toMatch(/\d:\d\d\s\/mi/);
  expect(text).not.toMatch(/\bkm\b|kilomet/);
  await page.reload();
  await expect(page.locator('#week-1 h3')).toContainText('mi');
  await page.getByRole('group', { name: 'Unit' }).getByText('km').click();
  await expect(page.locator('#week-1 h3')).toContainText('km');
  await expect(page.locator('main')).not.toContainText(/\bmi\b/);
});

test('a shared link shows the same plan to somebody else', async ({ page, browser, context, stride }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stride.url });
  await page.goto(dated);
  await page.getByRole('button', { name: 'Share' }).click();
  await expect(page.getByText('The link is copied.')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await browser.newPage();
  await other.goto(link);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('16 weeks to a 3:45 marathon');
  expect(await other.locator('.months').innerText()).toBe(await page.locator('.months').innerText());
  await other.close();
});

test('a link that is damaged leads to the answers', async ({ page }) => {
  await page.goto('/plan?weeks=99&target_time=3:45:00');
  await page.getByRole('link', { name: 'Change the answers' }).click();
  await expect(page.locator('#weeks-error')).toContainText('8 to 30');
  await expect(page.getByLabel('What time are you aiming for?')).toHaveValue('3:45:00');
});

test('the longest plan fits on one sheet of paper', async ({ page }) => {
  for (const query of ['weeks=30&runs_per_week=7&target_time=4:00:00&first_long_run=10&long_run_day=sunday&race_date=2030-04-27', 'weeks=16&runs_per_week=4&target_time=4:00:00&first_long_run=10&long_run_day=saturday']) {
    await page.goto(`/plan?${query}`);
    await page.getByRole('heading', { name: 'Every run' }).waitFor();
    const weeks = Number(/weeks=(\d+)/.exec(query)?.[1]);
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    expect(pdf.toString('latin1').match(/\/MediaBox/g)).toHaveLength(1);
    await page.emulateMedia({ media: 'print' });
    await expect(page.locator('.fridge tbody tr')).toHaveCount(weeks);
    await expect(page.locator('.fridge')).toContainText('42.2 Race');
    await expect(page.getByRole('navigation')).toBeHidden();
    if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/print-${weeks}.png`, fullPage: true });
    await page.emulateMedia({ media: null });
  }
});

test('the server goes and comes back', async ({ page, stride }) => {
  await page.goto('/');
  await page.getByText('Longest run').waitFor();
  await stride.stop();
  await page.getByLabel('How many weeks').fill('19');
  await page.getByRole('button', { name: 'Show my plan' }).click();
  await expect(page.getByText('Stride cannot be reached. What you see may be old')).toBeVisible();
  await expect(page.locator('.form-alert')).toContainText('Stride cannot be reached');
  await expect(page.getByLabel('How many weeks')).toHaveValue('19');
  await stride.start();
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(page.getByText('What you see may be old')).toBeHidden();
  await page.getByRole('button', { name: 'Show my plan' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('19 weeks to a 4:00 marathon');
});

test('a page that failed reads again when the server is back', async ({ page, stride }) => {
  await page.goto('/tools/heart-rate');
  await page.getByLabel('How old are you?').fill('40');
  await stride.stop();
  await page.getByRole('button', { name: 'Show my zones' }).click();
  await expect(page.getByRole('heading', { name: 'Stride is out of reach' })).toBeVisible();
  await stride.start();
  // Nobody presses anything: the page looks for the server by itself.
  await expect(page.getByText('168–185')).toBeVisible({ timeout: 15_000 });
});

test('by keyboard alone, with the focus always seen', async ({ page }) => {
  await page.goto('/');
  await page.getByText('Longest run').waitFor();
  const stops: string[] = [];
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const on = document.activeElement as HTMLElement;
      if (on === document.body) return undefined;
      const shown = on instanceof HTMLInputElement && on.type === 'radio' ? (on.nextElementSibling as HTMLElement) : on;
      const { outlineStyle, outlineWidth } = getComputedStyle(shown);
      return { name: on.getAttribute('name') ?? on.textContent ?? '', seen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
    });
    if (!stop) break;
    expect(stop.seen, `the focus on ${stop.name}`).toBe(true);
    stops.push(stop.name);
    if (stop.name === 'runs_per_week') await page.keyboard.press('ArrowRight');
    if (stop.name === 'Show my plan') break;
  }
  expect(stops).toEqual(expect.arrayContaining(['Skip to the content', 'target_time', 'first_long_run', 'runs_per_week', 'long_run_day', 'weeks', 'race_date']));
  await page.keyboard.press('Enter');
  await expect(page.getByText('5 runs a week')).toBeVisible();
  const run = page.locator('#week-1 summary').first();
  await run.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('#week-1 .detail').first()).toBeVisible();
});

test('the theme that was chosen stays', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto('/');
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Dark theme' }).click();
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  await page.getByRole('button', { name: 'Light theme' }).waitFor();
  expect(await background()).toBe(dark);
});

test('text at 200 % and little motion', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const path of ['/', dated, dated.replace(/&race_date.*/, ''), dated.replace('/plan', '/compare'), '/tools', '/tools/heart-rate?age=40', '/tools/race-times?pb=1500,5:24&pb=3000,11:35&pb=5000,19:57']) {
    await page.goto(path);
    await page.locator('h1').waitFor();
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    await fits(page, `${path} at 200 %`);
    // Nothing that is read is cut off at the side.
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>('button, a, dd, td, th, label, p')]
        .filter((e) => e.offsetParent && e.scrollWidth > e.clientWidth + 2 && getComputedStyle(e).display !== 'inline' && !e.closest('.visually-hidden, .choice'))
        .map((e) => `${e.className} ${e.textContent}`),
    );
    expect(cut, path).toEqual([]);
    expect(await page.evaluate(() => [getComputedStyle(document.documentElement).scrollBehavior, document.getAnimations().length])).toEqual(['auto', 0]);
    if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/large-${path.replaceAll(/\W/g, '-').slice(0, 20)}.png`, fullPage: true });
  }
});

test('compare changes one answer', async ({ page }) => {
  await page.goto(dated.replace('/plan', '/compare'));
  await page.getByRole('group', { name: 'How many weeks' }).getByLabel('Plan B').fill('20');
  await page.getByRole('group', { name: 'How many weeks' }).getByLabel('Plan B').blur();
  await expect(page.getByRole('row', { name: /^Runs/ })).toContainText('+20');
  expect(page.url()).toContain('b_weeks=20');
  await page.reload();
  await expect(page.getByRole('row', { name: /^Runs/ })).toContainText('+20');
  await page.getByLabel('Weeks above').fill('1');
  await expect(page.getByRole('row', { name: /Weeks above/ })).toContainText(/16\s*20\s*\+4/);
  await page.getByRole('link', { name: 'Open plan B' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('20 weeks to a 3:45 marathon');
});

test('the tools show what the server says is wrong', async ({ page }) => {
  await page.goto('/tools/heart-rate');
  await page.getByLabel('How old are you?').fill('400');
  await page.getByRole('button', { name: 'Show my zones' }).click();
  await expect(page.locator('#age-error')).toContainText('120');
  await page.getByLabel('How old are you?').fill('40');
  await page.getByLabel('How old are you?').blur();
  await expect(page.getByText('168–185')).toBeVisible();

  await page.goto('/tools/race-times');
  await page.getByLabel('Time').first().fill('5:24');
  await page.getByLabel('Time').nth(1).fill('fast');
  await page.getByRole('button', { name: 'Show what they say' }).click();
  await expect(page.locator('.bests li').nth(1).getByRole('alert')).not.toBeEmpty();
  await expect(page.getByLabel('Time').nth(1)).toBeFocused();
  await page.getByLabel('Time').nth(1).fill('19:57');
  await page.getByLabel('Time').nth(1).blur();
  await expect(page.getByText('What to expect in races')).toBeVisible();
  await page.getByRole('button', { name: 'Remove result 1' }).click();
  await expect(page.locator('.bests li')).toHaveCount(1);
  await expect(page).toHaveURL(/\?pb=5000,19:57$/);
});
