import { everywhere, test } from './stride';

test('home', async ({ page }) => {
  await page.goto('/');
  await page.getByText('Longest run').waitFor();
  await everywhere(page, 'home');
});

test('home with a fault', async ({ page }) => {
  await page.goto('/?weeks=40&target_time=1:00:00');
  await page.getByText('A plan takes 8 to 30 weeks').waitFor();
  await everywhere(page, 'home with faults');
});

test('missing', async ({ page }) => {
  await page.goto('/nowhere');
  await page.getByRole('heading', { name: 'no such page' }).waitFor();
  await everywhere(page, 'missing');
});
