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

test('compare', async ({ page }) => {
  await page.goto(`/compare?${dated}`);
  await page.getByRole('button', { name: 'One more run a week' }).waitFor();
  await everywhere(page, 'compare same');
  await page.getByRole('button', { name: 'One more run a week' }).click();
  await page.getByRole('row', { name: /Runs 80 96/ }).waitFor();
  await everywhere(page, 'compare');
  await page.goto(`/compare?${dated}&b_weeks=7`);
  await page.getByText('A plan takes 8 to 30 weeks').waitFor();
  await everywhere(page, 'compare with a fault');
});

test('tools', async ({ page }) => {
  await page.goto('/tools');
  await page.getByRole('heading', { name: 'Heart-rate zones' }).waitFor();
  await everywhere(page, 'tools');
});

test('heart-rate zones', async ({ page }) => {
  await page.goto('/tools/heart-rate?age=40');
  await page.getByText('Your zones').waitFor();
  await everywhere(page, 'zones by age');
  await page.goto('/tools/heart-rate?age=12&lactate_threshold_heart_rate=300');
  await page.getByRole('alert').getByText(/\w/).first().waitFor();
  await everywhere(page, 'zones with a fault');
});

test('race times', async ({ page }) => {
  await page.goto('/tools/race-times');
  await page.getByRole('button', { name: 'Show what they say' }).waitFor();
  await everywhere(page, 'race times empty');
  await page.goto('/tools/race-times?pb=1500,5:24&pb=3000,11:35&pb=5000,19:57&pb=10000,41:50&pb=400,1:10');
  await page.getByText('What to expect in races').waitFor();
  await everywhere(page, 'race times');
  await page.goto('/tools/race-times?pb=5000,19:57&pb=10000,xx');
  await page.getByRole('alert').getByText(/\w/).first().waitFor();
  await everywhere(page, 'race times with a fault');
});

test('without a server', async ({ page, stride }) => {
  await page.goto('/');
  await page.getByText('Longest run').waitFor();
  await page.goto('/tools/heart-rate');
  await page.getByLabel('How old').fill('40');
  await stride.stop();
  await page.getByRole('button', { name: 'Show my zones' }).click();
  await page.getByRole('heading', { name: 'out of reach' }).waitFor();
  await everywhere(page, 'zones offline');
  await page.getByRole('link', { name: 'Compare' }).click();
  await page.getByText('could not be loaded').waitFor();
  await everywhere(page, 'page offline');
  await stride.start();
  // The page comes by itself.
  await page.getByRole('heading', { name: 'Two plans side by side' }).waitFor({ timeout: 20_000 });
});

test('a note', async ({ page, context, stride }) => {
  await context.grantPermissions(['clipboard-write'], { origin: stride.url });
  await page.goto(`/plan?${undated}`);
  await page.getByRole('button', { name: 'Share' }).click();
  const note = page.getByText('The link is copied.');
  await note.hover(); // time stands still while it is read
  await everywhere(page, 'note');
});
