// Saved plans and today: following a plan day by day, on more than one device.
import { client, dateIn, register, savedPlan, weekday } from './runner';
import { everywhere, expect, test } from './stride';

test('a plan is renamed, rested and followed again, from the list and from its page', async ({ page }) => {
  const email = await register(page, '/plans');
  const { id } = await savedPlan(page, email, { name: 'Spring', race_date: dateIn(60) });
  await page.reload();
  await page.getByRole('button', { name: 'Rename' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill(' ');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.locator('.error')).not.toBeEmpty();
  await dialog.getByLabel('Name', { exact: true }).fill('Early spring');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'Early spring' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Rename' })).toBeFocused();
  await page.getByRole('button', { name: 'Stop following' }).click();
  await expect(page.locator('.plan-list .badge')).toHaveCount(0);
  await page.goto('/today');
  await expect(page.getByRole('heading', { name: 'You follow no plan' })).toBeVisible();
  await page.getByRole('link', { name: 'Choose a plan' }).click();
  await page.getByRole('link', { name: 'Early spring' }).click();
  await expect(page).toHaveURL(`/plans/${id}`);
  await page.getByRole('button', { name: 'Follow', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Stop following' })).toBeVisible();
  await page.goBack();
  await expect(page.locator('.plan-list .badge')).toHaveText('followed');
});

test('more plans than a page holds, and no more than five followed', async ({ page }) => {
  const email = await register(page, '/plans');
  const { api } = await client(page, email);
  for (let i = 1; i <= 23; i++) {
    const plan = await api('POST', '/api/plans', { weeks: 8, runs_per_week: 2, target_time: '4:00:00', first_long_run: 16, long_run_day: 'sunday', name: `Plan ${i}` });
    if (i > 5) await api('PATCH', `/api/plans/${plan.id}`, { active: false }, plan.version);
    else if (i === 5) break;
  }
  for (let i = 6; i <= 23; i++) {
    // Five are followed by now: one rests while the next is made.
    const [last] = (await api('GET', '/api/plans')).items as { id: string; active: boolean }[];
    if (last?.active) await api('PATCH', `/api/plans/${last.id}`, { active: false }, (await api('GET', `/api/plans/${last.id}`)).version);
    await api('POST', '/api/plans', { weeks: 8, runs_per_week: 2, target_time: '4:00:00', first_long_run: 16, long_run_day: 'sunday', name: `Plan ${i}` });
  }
  await page.reload();
  await expect(page.locator('.plan-list > li')).toHaveCount(20);
  await page.getByRole('button', { name: 'Older plans' }).click();
  await expect(page.locator('.plan-list > li')).toHaveCount(23);
  await expect(page.getByRole('button', { name: 'Older plans' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Follow “Plan 10”' }).click();
  await expect(page.getByRole('alert').getByText(/Five of your plans are/)).toBeVisible();
  // What is deleted and brought back does not shorten the list.
  await page.getByRole('button', { name: 'Delete “Plan 1”' }).click();
  await expect(page.locator('.plan-list > li')).toHaveCount(22);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.locator('.plan-list > li')).toHaveCount(23);
});

test('a sixth plan is not saved, and the page says what to do', async ({ page }) => {
  const email = await register(page, '/plans');
  for (let i = 0; i < 5; i++) await savedPlan(page, email, { weeks: 12 + i });
  await page.goto('/plan?weeks=14&runs_per_week=4&target_time=4:00:00&first_long_run=10&unit=km&long_run_day=sunday');
  await page.getByRole('button', { name: 'Save this plan' }).click();
  await expect(page.getByText(/Five of your plans are/)).toBeVisible();
  await expect(page.getByRole('link', { name: 'See your plans' })).toBeVisible();
});

test('deleting: undo, going elsewhere, leaving the page, and what changed meanwhile', async ({ page }) => {
  const email = await register(page, '/plans');
  for (const name of ['Kept', 'Gone by waiting', 'Gone by leaving', 'Changed']) await savedPlan(page, email, { name });
  const { api } = await client(page, email);
  const names = async () => ((await api('GET', '/api/plans')).items as { name: string }[]).map((plan) => plan.name).sort();
  await page.reload();

  await page.getByRole('button', { name: 'Delete “Kept”' }).click();
  await expect(page.getByRole('heading', { name: 'Kept' })).toBeHidden();
  await expect(page.getByRole('button', { name: /Undo/ })).toContainText(/\(\d\)/);
  await page.getByRole('button', { name: /Undo/ }).click();
  await expect(page.getByRole('heading', { name: 'Kept' })).toBeVisible();

  await page.getByRole('button', { name: 'Delete “Gone by waiting”' }).click();
  await page.getByRole('link', { name: 'Today' }).click(); // the note comes along
  await expect(page.getByText('“Gone by waiting” is deleted.')).toBeVisible();
  expect(await names()).toContain('Gone by waiting');
  await expect(page.getByText('“Gone by waiting” is deleted.')).toBeHidden({ timeout: 15_000 });
  await expect.poll(names).not.toContain('Gone by waiting');

  await page.getByRole('link', { name: 'My plans' }).click();
  await page.getByRole('button', { name: 'Delete “Gone by leaving”' }).click();
  await page.goto('/api/docs');
  await expect.poll(names).toEqual(['Changed', 'Kept']);

  // Another device changes the plan after this one has looked at it.
  const { items } = await api('GET', '/api/plans');
  const id = (items as { id: string; name: string }[]).find((plan) => plan.name === 'Changed')?.id;
  await page.goto(`/plans/${id}`);
  await page.getByRole('heading', { name: 'Changed', exact: true }).waitFor();
  await api('PATCH', `/api/plans/${id}`, { name: 'Changed again' }, (await api('GET', `/api/plans/${id}`)).version);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByText(/“Changed” is still here/)).toBeVisible({ timeout: 15_000 });
  await expect(page.getByRole('heading', { name: 'Changed again' })).toBeVisible();
  expect(await names()).toEqual(['Changed again', 'Kept']);
});

test('signing out right after deleting deletes', async ({ page }) => {
  const email = await register(page, '/plans');
  await savedPlan(page, email, { name: 'Gone' });
  await page.reload();
  await page.getByRole('button', { name: 'Delete “Gone”' }).click();
  await page.getByRole('link', { name: 'Account' }).click();
  await page.getByRole('link', { name: 'Signing in' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByText('You are signed out.')).toBeVisible();
  const { api } = await client(page, email);
  expect((await api('GET', '/api/plans')).items).toEqual([]);
});

test('a race date is given, refused, changed and taken away', async ({ page }) => {
  const email = await register(page);
  const { id } = await savedPlan(page, email, { long_run_day: weekday(dateIn(56)) });
  await page.reload();
  await page.getByRole('link', { name: /^Date/ }).click();
  const dialog = page.getByRole('dialog', { name: 'When is the race?' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText('Choose the day of the race.')).toBeVisible();
  await dialog.getByLabel('Day of the race').fill(dateIn(56));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('every run has its day')).toBeVisible();
  await expect(page).toHaveURL(`/plans/${id}`);
  // A run that was moved is in the way of another date.
  const { api } = await client(page, email);
  const plan = await api('GET', `/api/plans/${id}`);
  const run = plan.weeks[8].workouts[0];
  const free = [0, 1, 2, 3, 4, 5, 6].map((n) => dateIn(56 - 6 - 21 + n)).find((date) => !plan.weeks[8].workouts.some((w: { date: string }) => w.date === date));
  await api('PATCH', `/api/plans/${id}/workouts/${run.id}`, { date: free }, run.etag);
  await page.getByRole('button', { name: 'Change the race date' }).click();
  await dialog.getByLabel('Day of the race').fill(dateIn(63));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/Move them back/)).toBeVisible();
  await expect(dialog.locator('.moved li')).toHaveCount(1);
  await everywhere(page, 'race date with moved runs');
  await dialog.getByRole('button', { name: 'Put them back' }).click();
  await expect(dialog.getByText('They are back.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();
  expect((await api('GET', `/api/plans/${id}`)).inputs.race_date).toBe(dateIn(63));
  await page.getByRole('button', { name: 'Change the race date' }).click();
  await dialog.getByRole('button', { name: 'Take the dates away' }).click();
  await expect(page.getByRole('button', { name: 'Give it a race date' })).toBeVisible();
});

test('today: marked, noted, moved, and the week counts along', async ({ page }) => {
  const email = await register(page);
  await savedPlan(page, email, { runs_per_week: 7, race_date: dateIn(35), long_run_day: weekday(dateIn(35)) });
  await page.reload();
  const card = page.locator('.run-card');
  await expect(card).toHaveCount(1);
  await expect(page.locator('.countdown')).toContainText('35');
  await card.getByRole('button', { name: 'Done' }).click();
  await expect(card.getByRole('button', { name: 'Done' })).toHaveAttribute('aria-pressed', 'true');
  await expect(card.getByRole('button', { name: 'Done' })).toBeFocused();
  await expect(page.locator('.days .now .status.done')).toBeVisible();
  await expect(page.locator('.week-sum b')).not.toHaveText('0');
  await card.getByRole('button', { name: 'Skipped' }).click();
  await expect(page.locator('.days .now .status.skipped')).toBeVisible();
  await card.getByRole('button', { name: 'Planned' }).click();
  await expect(page.locator('.days .now .status')).toHaveCount(0);
  await card.getByRole('button', { name: 'Add a note' }).click();
  await card.getByLabel('Note').fill('x'.repeat(1001));
  await card.getByRole('button', { name: 'Save the note' }).click();
  await expect(card.locator('.error')).toContainText('1,000');
  await card.getByLabel('Note').fill('Windy.\nGood shoes.');
  await card.getByRole('button', { name: 'Save the note' }).click();
  await expect(card.locator('.note')).toHaveText('Windy.\nGood shoes.');
  await page.reload();
  await expect(card.locator('.note')).toHaveText('Windy.\nGood shoes.');
});

test('a run goes to a free day only; another device may take it first', async ({ page }) => {
  const email = await register(page, '/plans');
  const { id } = await savedPlan(page, email, { race_date: dateIn(60) });
  const { api } = await client(page, email);
  const plan = await api('GET', `/api/plans/${id}`);
  const week = plan.weeks[4];
  const [run, other] = week.workouts;
  await page.goto(`/plans/${id}?open=${run.id}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
  const move = page.getByRole('dialog', { name: /^Move/ });
  const options = move.locator('optgroup').nth(4).locator('option');
  await expect(options).toHaveCount(3);
  await move.getByLabel('Move it to').selectOption({ value: (await options.nth(1).getAttribute('value')) ?? '' });
  const taken = ((await options.nth(1).getAttribute('value')) ?? '').split('-')[1];
  await api('PATCH', `/api/plans/${id}/workouts/${other.id}`, { week: 5, day: taken }, other.etag);
  await move.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(move.getByText('There is a workout on this day already.')).toBeVisible();
  await expect(options).toHaveCount(3);
  await move.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(move).toBeHidden();
  const now = await api('GET', `/api/plans/${id}/workouts/${run.id}`);
  expect(now.day).not.toBe(run.day);
  expect(now.day).not.toBe(taken);
});

test('two devices and one run: other fields hold both, the same field asks', async ({ page }) => {
  const email = await register(page, '/plans');
  const { id, weeks } = await savedPlan(page, email, { race_date: dateIn(60) });
  const run = weeks[4]?.workouts[1];
  if (!run) throw new Error('no run');
  const { api } = await client(page, email);
  const path = `/api/plans/${id}/workouts/${run.id}`;
  await page.goto(`/plans/${id}?open=${run.id}`);
  const dialog = page.getByRole('dialog').first();
  await dialog.getByRole('button', { name: 'Add a note' }).click();
  await dialog.getByLabel('Note').fill('Mine');
  let there = await api('PATCH', path, { status: 'done' }, run.etag);
  await dialog.getByRole('button', { name: 'Save the note' }).click();
  await expect(page.getByText('Another device had changed this as well: status.')).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Done' })).toHaveAttribute('aria-pressed', 'true');
  there = await api('GET', path);
  expect(there).toMatchObject({ status: 'done', note: 'Mine' });

  await dialog.getByRole('button', { name: 'Change the note' }).click();
  await dialog.getByLabel('Note').fill('Mine, longer');
  await api('PATCH', path, { note: 'Theirs' }, there.version);
  await dialog.getByRole('button', { name: 'Save the note' }).click();
  const choice = page.getByRole('dialog', { name: 'Changed on another device' });
  await expect(choice).toContainText('Mine, longer');
  await expect(choice).toContainText('Theirs');
  expect((await api('GET', path)).note).toBe('Theirs');
  await choice.getByRole('button', { name: 'Decide later' }).click();
  await expect(dialog.getByLabel('Note')).toHaveValue('Mine, longer');
  await dialog.getByRole('button', { name: 'Save the note' }).click();
  await choice.getByRole('button', { name: 'Keep the other' }).click();
  await expect(dialog.locator('.note')).toHaveText('Theirs');

  await dialog.getByRole('button', { name: 'Change the note' }).click();
  await dialog.getByLabel('Note').fill('Mine after all');
  there = await api('GET', path);
  await api('PATCH', path, { note: 'Theirs again' }, there.version);
  await dialog.getByRole('button', { name: 'Save the note' }).click();
  // Once more, while the question is open.
  there = await api('GET', path);
  await expect(choice).toContainText('Theirs again');
  await api('PATCH', path, { note: 'And again' }, there.version);
  await choice.getByRole('button', { name: 'Save mine' }).click();
  await expect(choice).toContainText('And again');
  await choice.getByRole('button', { name: 'Save mine' }).click();
  await expect(choice).toBeHidden();
  expect((await api('GET', path)).note).toBe('Mine after all');
});

test('what another device does while a note is written does not pass as seen', async ({ page }) => {
  const email = await register(page);
  const { id } = await savedPlan(page, email, { runs_per_week: 7, race_date: dateIn(35), long_run_day: weekday(dateIn(35)) });
  await page.reload();
  const card = page.locator('.run-card');
  await card.getByRole('button', { name: 'Add a note' }).click();
  await card.getByLabel('Note').fill('Mine');
  const { api } = await client(page, email);
  const [run] = (await api('GET', `/api/workouts?from=${dateIn(0)}&to=${dateIn(0)}`)).items;
  const path = `/api/plans/${id}/workouts/${run.id}`;
  await api('PATCH', path, { note: 'Theirs', status: 'done' }, run.etag);
  // The page reads anew when somebody comes back to it.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(card.getByRole('button', { name: 'Done' })).toHaveAttribute('aria-pressed', 'true');
  await expect(card.getByLabel('Note')).toHaveValue('Mine');
  await card.getByRole('button', { name: 'Save the note' }).click();
  const choice = page.getByRole('dialog', { name: 'Changed on another device' });
  await expect(choice).toContainText('Theirs');
  expect((await api('GET', path)).note).toBe('Theirs');
  await everywhere(page, 'changed on another device');
  await choice.getByRole('button', { name: 'Save mine' }).click();
  await expect(card.locator('.note')).toHaveText('Mine');
  await expect(card.getByRole('button', { name: 'Change the note' })).toBeFocused();
});

test('a run of one’s own is added, once, and deleted with a way back', async ({ page }) => {
  const email = await register(page);
  const { id } = await savedPlan(page, email, { race_date: dateIn(40) });
  const { api } = await client(page, email);
  const runs = async () => ((await api('GET', `/api/plans/${id}`)).weeks as { workouts: { title: string }[] }[]).flatMap((week) => week.workouts.map((w) => w.title));
  await page.reload();
  await page.getByRole('button', { name: 'Add a run' }).last().click();
  const add = page.getByRole('dialog', { name: 'Add a run' });
  await add.getByLabel(/^How far/).fill('far');
  await add.getByRole('button', { name: 'Add the run' }).click();
  await expect(add.getByText('Write the distance as a number of km')).toBeVisible();
  await add.getByLabel(/^How far/).fill('500');
  await add.getByRole('button', { name: 'Add the run' }).click();
  await expect(add.getByText('0.1 to 100 km')).toBeVisible();
  await add.getByLabel(/^How far/).fill('6,5');
  await add.getByLabel(/^Name/).fill('With the dog');
  // The answer is lost; the same again makes no second run.
  await page.route('**/workouts', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await add.getByRole('button', { name: 'Add the run' }).click();
  await expect(add.getByText('Stride cannot be reached.')).toBeVisible();
  await page.unroute('**/workouts');
  await add.getByRole('button', { name: 'Add the run' }).click();
  await expect(add).toBeHidden();
  expect((await runs()).filter((title) => title === 'With the dog')).toHaveLength(1);

  await page.goto(`/plans/${id}`);
  await page.getByText('Weeks', { exact: true }).click();
  const row = page.locator('.run', { hasText: 'With the dog' });
  await row.locator('summary').click();
  await row.getByRole('button', { name: 'Delete' }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole('button', { name: /Undo/ }).click();
  await expect(row).toHaveCount(1);
  expect(await runs()).toContain('With the dog');
  await row.locator('summary').click();
  await row.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(runs, { timeout: 15_000 }).not.toContain('With the dog');
});

test('today is the runner’s, not the device’s, and changes at midnight', async ({ page }) => {
  await page.clock.install({ time: new Date('2027-03-10T22:30:00Z') }); // 23:30 in Berlin, 11:30 on the 11th in Auckland
  const email = await register(page);
  await expect(page.getByText('Wednesday, 10 March 2027').or(page.getByText('Wednesday 10 March 2027'))).toBeVisible();
  await page.clock.fastForward('31:00');
  await expect(page.getByText(/Thursday,? 11 March 2027/)).toBeVisible();
  const { api } = await client(page, email);
  await api('PATCH', '/api/runners/me', { time_zone: 'America/Los_Angeles' }, (await api('GET', '/api/runners/me')).version);
  await page.reload();
  await expect(page.getByText(/Wednesday,? 10 March 2027/)).toBeVisible();
});

test('weeks, runs and the way back', async ({ page }) => {
  const email = await register(page);
  await savedPlan(page, email, { race_date: dateIn(50) });
  await page.reload();
  await page.getByRole('link', { name: 'After' }).click();
  await expect(page).toHaveURL(/week=/);
  const week = page.url();
  await page.locator('.slot').first().click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expect(page).toHaveURL(/run=/);
  await page.goBack();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(page).toHaveURL(week);
  await page.goForward();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.reload(); // an address to come back to
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.goto('/today?week=nonsense');
  await expect(page.getByRole('heading', { name: 'This week' })).toBeVisible();
});

test('with the keyboard alone', async ({ page }) => {
  const email = await register(page);
  await savedPlan(page, email, { runs_per_week: 7, race_date: dateIn(35), long_run_day: weekday(dateIn(35)) });
  await page.reload();
  await page.locator('.run-card').waitFor();
  const press = async (name: string | RegExp, key = 'Enter') => {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const focused = page.locator(':focus');
      const label = (await focused.count()) ? ((await focused.getAttribute('aria-label')) ?? (await focused.innerText())) : '';
      if (typeof name === 'string' ? label.trim() === name : name.test(label)) {
        const outline = await focused.evaluate((element) => getComputedStyle(element).outlineWidth);
        expect(outline).not.toBe('0px');
        return page.keyboard.press(key);
      }
    }
    throw new Error(`no way to ${String(name)} by Tab`);
  };
  await press('Done');
  await expect(page.locator('.run-card .status.done')).toBeVisible();
  await press('Add a note');
  await expect(page.getByLabel('Note')).toBeFocused();
  await page.keyboard.type('By hand');
  await press('Save the note');
  await expect(page.locator('.run-card .note')).toHaveText('By hand');
});

test('texts twice as large still fit', async ({ page }) => {
  const email = await register(page);
  const { id } = await savedPlan(page, email, { runs_per_week: 7, race_date: dateIn(35) });
  for (const path of ['/today', '/plans', `/plans/${id}`, '/account', '/account/heart', '/account/sign-in', '/account/data']) {
    await page.goto(path);
    await page.locator('main h1').waitFor();
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
    for (const width of [640, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, `${path} at ${width}`).toBeLessThanOrEqual(0);
    }
  }
});
