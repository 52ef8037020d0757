// Every screen of accounts, and its states: axe, themes, widths, pictures.
import { client, dateIn, fresh, register, savedPlan, signIn, weekday } from './runner';
import { everywhere, expect, test } from './stride';

test.slow();

test('sign in and register', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await everywhere(page, 'sign-in');
  await page.getByLabel('E-mail address').fill(fresh());
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Check the e-mail address and the password.').waitFor();
  await everywhere(page, 'sign-in refused');
  await page.goto('/register');
  await page.getByRole('button', { name: 'Make an account' }).click();
  await page.getByText('Use 15 to 128 characters').waitFor();
  await everywhere(page, 'register refused');
});

test('saving a plan', async ({ page }) => {
  await page.goto('/plan?weeks=12&runs_per_week=4&target_time=4:00:00&first_long_run=10&unit=km&long_run_day=sunday');
  await page.getByRole('button', { name: 'Save this plan' }).waitFor();
  await everywhere(page, 'plan unsaved');
});

test('today', async ({ page }) => {
  const email = await register(page);
  await page.getByRole('heading', { name: 'You have no plan yet' }).waitFor();
  await everywhere(page, 'today without a plan');
  const plan = await savedPlan(page, email);
  await page.reload();
  await page.getByRole('heading', { name: 'Your plan has no dates' }).waitFor();
  await everywhere(page, 'today undated');
  await page.goto(`/plans/${plan.id}?date`);
  await page.getByLabel('Day of the race').fill(dateIn(42));
  await everywhere(page, 'race date');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('every run has its day').waitFor();
  await page.goto('/today');
  await page.getByRole('heading', { name: 'This week' }).waitFor();
  await everywhere(page, 'today');
  await page.locator('.slot').first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Add a note' }).click();
  await page.getByLabel('Note').fill('Windy, and the knee was fine.');
  await page.getByRole('button', { name: 'Save the note' }).click();
  await page.getByRole('dialog').getByText('Windy').waitFor();
  await everywhere(page, 'today run');
  await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
  await page.getByLabel('Move it to').waitFor();
  await everywhere(page, 'today move');
});

test('a day with a run, a day without, and two plans', async ({ page }) => {
  const email = await register(page);
  await savedPlan(page, email, { race_date: dateIn(35), runs_per_week: 7, name: 'Spring' });
  await page.reload();
  await page.locator('.run-card').waitFor();
  await everywhere(page, 'today with a run');
  await savedPlan(page, email, { race_date: dateIn(200), name: 'Autumn, with a long name that wants to wrap' });
  await page.goto(`/today?week=${dateIn(130)}`);
  await page.locator('.slot').first().waitFor();
  await everywhere(page, 'today two plans');
  await page.goto('/plans');
  await page.getByRole('heading', { name: 'Spring' }).waitFor();
  await everywhere(page, 'plans');
});

test('my plans, empty and one', async ({ page }) => {
  const email = await register(page, '/plans');
  await page.getByRole('heading', { name: 'No plan yet' }).waitFor();
  await everywhere(page, 'plans empty');
  const plan = await savedPlan(page, email, { race_date: dateIn(42) });
  await page.goto(`/plans/${plan.id}`);
  await page.getByRole('heading', { name: 'Every run' }).waitFor();
  await page.getByRole('button', { name: /: (Tempo|Easy)/ }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('button', { name: 'Done', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await page.keyboard.press('Escape');
  await everywhere(page, 'saved plan');
  await page.getByText('Weeks', { exact: true }).click();
  await page.locator('#week-2 summary').first().click();
  await everywhere(page, 'saved plan by week');
  await page.getByRole('button', { name: 'Add a run' }).click();
  await page.getByRole('button', { name: 'Add the run' }).click();
  await page.getByText('Write the distance').waitFor();
  await everywhere(page, 'add a run');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('is deleted.').waitFor();
  await everywhere(page, 'deleted with undo');
});

test('plan of somebody else', async ({ page }) => {
  await register(page, '/plans/01a20f08-842e-7c9d-8a15-0aaa28c3049e');
  await page.getByRole('heading', { name: 'You have no such plan' }).waitFor();
  await everywhere(page, 'no such plan');
});

test('account', async ({ page }) => {
  const email = await register(page, '/account');
  await page.getByLabel('Year of birth').fill('1988');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await page.getByText('Your profile is saved.').waitFor();
  await page.getByLabel('Time zone').fill('Mars/Olympus');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await page.getByText('IANA').waitFor();
  await everywhere(page, 'account profile');
  await page.getByRole('link', { name: 'Heart rate' }).click();
  await page.getByRole('button', { name: 'Add a measurement' }).click();
  await page.getByLabel(/^Maximum/).fill('188');
  await page.getByLabel(/^At rest/).fill('52');
  await everywhere(page, 'account measurement');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('188 bpm').waitFor();
  await page.getByText('Zone 5').waitFor();
  await everywhere(page, 'account heart');
  const other = await page.context().browser()?.newPage({ baseURL: new URL(page.url()).origin });
  if (other) await signIn(other, email);
  await page.getByRole('link', { name: 'Signing in' }).click();
  await expect(page.locator('.sign-ins li')).toHaveCount(2);
  await everywhere(page, 'account sign-in');
  await other?.close();
  await page.getByRole('link', { name: 'Your data' }).click();
  await page.getByRole('heading', { name: 'Leave' }).waitFor();
  await everywhere(page, 'account data');
  await page.getByRole('button', { name: 'Delete my account' }).click();
  await everywhere(page, 'account delete');
});

test('days without a run: before, within and after a plan', async ({ page }) => {
  const email = await register(page);
  const { api } = await client(page, email);
  // With four runs a week the day after the long run is free.
  const { id } = await savedPlan(page, email, { race_date: dateIn(120), long_run_day: weekday(dateIn(-1)) });
  const show = async (race: number, heading: string | RegExp) => {
    const plan = await api('GET', `/api/plans/${id}`);
    if (plan.inputs.race_date !== dateIn(race)) await api('PATCH', `/api/plans/${id}`, { race_date: dateIn(race) }, plan.version);
    await page.goto('/today');
    await page.getByRole('heading', { name: heading }).waitFor();
  };
  await show(120, /Training starts in/);
  await everywhere(page, 'today before the plan');
  await show(-3, 'The race is behind you');
  await everywhere(page, 'today after the race');
  await show(0, /Race day: the marathon/);
  await expect(page.locator('.countdown')).toContainText('Race day');
  await everywhere(page, 'race day');
  await show(40, 'Rest day');
  await expect(page.getByRole('button', { name: /^Next:/ })).toBeVisible();
  await everywhere(page, 'today rest');
});

test('signing in over the work, and a server that is away', async ({ page }) => {
  await page.clock.install();
  const email = await register(page, '/account');
  const { api } = await client(page, email);
  const { items } = await api('GET', '/api/runners/me/sign_ins');
  for (const { id, current } of items) if (!current) await api('DELETE', `/api/runners/me/sign_ins/${id}`);
  await page.clock.fastForward('16:00');
  await page.getByLabel('First name').fill('Ada');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await page.getByRole('dialog', { name: 'Sign in to go on' }).waitFor();
  await expect(page.getByRole('dialog').getByLabel('Password', { exact: true })).toBeFocused();
  await everywhere(page, 'sign-in over the work');
  await page.getByRole('button', { name: 'Leave this page and sign in as somebody else' }).click();
  await expect(page).toHaveURL(/sign-in\?next=%2Faccount/);
  await signIn(page, email, '/plans');
  await page.route('**/api/**', (route) => route.abort());
  await page.reload();
  await page.getByRole('heading', { name: 'Stride is out of reach' }).waitFor();
  await everywhere(page, 'out of reach');
});
