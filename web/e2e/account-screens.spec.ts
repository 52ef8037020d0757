// Every screen of accounts, and its states: axe, themes, widths, pictures.
import { dateIn, fresh, register, savedPlan, signIn } from './runner';
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
  await expect(page.getByRole('button', { name: 'Done' })).toHaveAttribute('aria-pressed', 'true');
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
