import { everywhere, expect, test } from './stride';

const dated = 'weeks=16&runs_per_week=5&target_time=3:45:00&first_long_run=12&unit=km&long_run_day=sunday&race_date=2030-04-28';
const undated = 'weeks=14&runs_per_week=3&target_time=6:30:00&first_long_run=10&unit=km&long_run_day=saturday';

test('home', async ({ page }) => {
  await page.goto('/');
  await page.getByText('Longest run').waitFor();
  await everywhere(page, 'home');
});

test('home with faults', async ({ page }) => {
  await page.goto('/?weeks=40&target_time=1:00:00');
  await page.getByText('A plan takes 8 to 30 weeks').waitFor();
  await everywhere(page, 'home with faults');
});

test('plan with dates, as a calendar', async ({ page }) => {
  await page.goto(`/plan?${dated}`);
  await page.getByRole('heading', { name: 'Every run' }).waitFor();
  await everywhere(page, 'plan dated');
  await page.getByRole('button', { name: /: (Intervals|Tempo)/ }).first().click();
  await page.getByRole('dialog').waitFor();
  await everywhere(page, 'plan workout');
});

test('plan without dates, by week, with what to mind', async ({ page }) => {
  await page.goto(`/plan?${undated}`);
  await page.getByRole('heading', { name: 'Week 14' }).waitFor();
  await expect(page.getByRole('heading', { name: 'Keep in mind' })).toBeVisible();
  await page.locator('#week-3 summary').nth(1).click();
  await everywhere(page, 'plan by week');
});

test('plan that cannot be made', async ({ page }) => {
  await page.goto('/plan?weeks=99');
  await page.getByRole('alert').getByText('Mend').waitFor();
  await everywhere(page, 'plan refused');
});

test('missing', async ({ page }) => {
  await page.goto('/nowhere');
  await page.getByRole('heading', { name: 'no such page' }).waitFor();
  await everywhere(page, 'missing');
});
