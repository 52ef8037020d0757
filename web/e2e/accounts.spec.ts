// Accounts: signing in and staying so, saving what was made before, leaving.
import type { Page } from '@playwright/test';
import { client, dateIn, fresh, password, register, savedPlan, signIn } from './runner';
import { expect, test } from './stride';

const answers = 'weeks=12&runs_per_week=4&target_time=4:00:00&first_long_run=10&unit=km&long_run_day=sunday';

test('a plan that was made before registering is saved after it, once', async ({ page }) => {
  await page.goto(`/plan?${answers}`);
  await page.getByRole('button', { name: 'Save this plan' }).click();
  await page.getByText('Your plan will be saved right after.').waitFor();
  // A detour by signing in, and a reload, lose nothing.
  await page.getByRole('link', { name: 'Sign in', exact: true }).last().click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  await page.reload();
  await page.getByRole('link', { name: 'Make an account' }).click();
  await page.getByLabel('E-mail address').fill(fresh());
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Make an account' }).click();
  await page.waitForURL(/\/plans\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('heading', { name: 'Marathon in 4:00:00' })).toBeVisible();
  await page.goto('/plans');
  await expect(page.locator('.plan-list > li')).toHaveCount(1);
});

test('a plan in miles is saved in miles, and so is the account', async ({ page }) => {
  await page.goto('/plan?weeks=12&runs_per_week=4&target_time=4:00:00&first_long_run=6&unit=mi&long_run_day=sunday');
  await page.getByText('mi', { exact: true }).first().click();
  await page.getByRole('button', { name: 'Save this plan' }).click();
  const email = fresh();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Make an account' }).click();
  await page.waitForURL(/\/plans\/[0-9a-f-]{36}$/);
  await expect(page.locator('.run .far').first()).toContainText('mi');
  await expect(page.locator('#week-1 .run').last()).toContainText('6 mi');
  await page.locator('#week-1 .run').last().click();
  await expect(page.locator('#week-1')).toContainText('/mi');
  await expect(page.locator('main')).not.toContainText(/\bkm\b/);
  await expect
    .poll(async () => {
      const { api } = await client(page, email);
      return (await api('GET', '/api/runners/me')).unit;
    })
    .toBe('mi');
  // Another browser, which knows nothing of miles, takes over the unit.
  const other = await page.context().browser()?.newContext({ baseURL: new URL(page.url()).origin, locale: 'en-GB' });
  const elsewhere = await other?.newPage();
  if (!elsewhere) throw new Error('no other browser');
  await signIn(elsewhere, email, '/plans');
  await expect(elsewhere.locator('.plan-list')).toContainText('mi');
  await other?.close();
});

test('who has an account already is led to signing in, with the address', async ({ page }) => {
  await page.goto('/');
  const email = await register(page);
  await page.goto('/account/sign-in');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await page.goto('/register?next=%2Fplans');
  await page.getByLabel('E-mail address').fill(email.toUpperCase());
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Make an account' }).click();
  await page.getByRole('link', { name: 'Sign in with this address' }).click();
  await expect(page.getByLabel('E-mail address')).toHaveValue(email.toUpperCase());
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/plans');
});

test('a reload stays signed in, and no script can read a token', async ({ page }) => {
  await register(page, '/account');
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Profile' })).toBeVisible();
  const kept = await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie);
  expect(kept).not.toMatch(/eyJ|refresh|token/i);
});

test('an access token that has expired is renewed without a word', async ({ page }) => {
  await page.clock.install();
  const email = await register(page);
  const plan = await savedPlan(page, email);
  await page.goto(`/plans/${plan.id}`);
  await page.getByRole('heading', { name: 'Every run' }).waitFor();
  const renewals: string[] = [];
  page.on('request', (request) => void (request.url().endsWith('/api/refresh') && renewals.push(request.url())));
  await page.clock.fastForward('16:00'); // minutes
  await page.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Renamed after a while');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Renamed after a while' })).toBeVisible();
  expect(renewals).toHaveLength(1);
});

test('a token that the server refuses is renewed, and the request repeated', async ({ page }) => {
  const email = await register(page);
  const plan = await savedPlan(page, email);
  await page.goto(`/plans/${plan.id}`);
  let refused = 0;
  await page.route('**/api/plans/*', (route) =>
    route.request().method() === 'PATCH' && refused++ === 0 ? route.fulfill({ status: 401, body: '{"message":"Unauthorized"}' }) : route.continue(),
  );
  await page.getByRole('button', { name: 'Stop following' }).click();
  await expect(page.getByRole('button', { name: 'Follow', exact: true })).toBeVisible();
  expect(refused).toBe(2);
});

test('a sign-in that was ended elsewhere is asked for over the work, which stays', async ({ page }) => {
  await page.clock.install();
  const email = await register(page, '/account');
  await page.getByLabel('First name').fill('Ada');
  const { api } = await client(page, email);
  const { items } = await api('GET', '/api/runners/me/sign_ins');
  for (const { id, current } of items) if (!current) await api('DELETE', `/api/runners/me/sign_ins/${id}`);
  await page.clock.fastForward('16:00');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sign in to go on' });
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel('First name')).toHaveValue('Ada');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText('Your profile is saved.')).toBeVisible();
});

test('two tabs that renew at once both stay signed in', async ({ page, context }) => {
  const email = await register(page, '/plans');
  await savedPlan(page, email, { name: 'In both tabs' });
  const other = await context.newPage();
  await Promise.all([page.goto('/plans'), other.goto('/plans')]);
  for (const tab of [page, other]) await expect(tab.getByRole('heading', { name: 'In both tabs' })).toBeVisible();
  // The same without locks, as in browsers that have none.
  await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
  for (let i = 0; i < 5; i++) {
    await Promise.all([page.reload(), other.reload()]);
    for (const tab of [page, other]) await expect(tab.getByRole('heading', { name: 'In both tabs' })).toBeVisible();
  }
});

test('signing out, in and over to somebody else reaches other tabs', async ({ page, context }) => {
  const first = await register(page, '/account');
  const other = await context.newPage();
  await other.goto('/account');
  await expect(other.getByText(first)).toBeVisible();
  await page.goto('/account/sign-in');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page).toHaveURL(/\/$/);
  await expect(other).toHaveURL(/sign-in\?next=%2Faccount/);
  await expect(other.getByText(first)).toBeHidden();
  const second = await register(page, '/account');
  await expect(other).toHaveURL(/\/account$/);
  await expect(other.getByText(second)).toBeVisible();
});

test('signing out everywhere ends the others', async ({ page, browser, stride }) => {
  const email = await register(page, '/account/sign-in');
  const elsewhere = await browser.newPage({ baseURL: stride.url });
  await signIn(elsewhere, email, '/account');
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByText('You are signed out')).toBeVisible();
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/sign-in/);
  await elsewhere.close();
});

test('one other device is signed out', async ({ page, browser, stride }) => {
  const email = await register(page, '/account/sign-in');
  const elsewhere = await browser.newPage({ baseURL: stride.url });
  await signIn(elsewhere, email, '/account');
  await page.reload();
  await expect(page.locator('.sign-ins li')).toHaveCount(2);
  await page.getByRole('button', { name: /^Sign out Chrome/ }).click();
  await expect(page.locator('.sign-ins li')).toHaveCount(1);
  await elsewhere.reload();
  await expect(elsewhere).toHaveURL(/sign-in/);
  await elsewhere.close();
});

test('asking for signing in brings one back to where one was, and the back button leaves', async ({ page }) => {
  await page.goto('/');
  const email = await register(page);
  await page.goto('/account/sign-in');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByRole('link', { name: 'Sign in' }).waitFor();
  await page.goto(`/today?week=${dateIn(7)}`);
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(new RegExp(`/today\\?week=${dateIn(7)}$`));
  await page.goBack();
  await expect(page).toHaveURL(/\/$/);
});

test('a foreign address to come back to is not followed', async ({ page }) => {
  await register(page);
  for (const next of ['https://example.org/', '//example.org/', '/\\example.org', 'javascript:alert(1)', '/sign-in']) {
    await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
    await expect(page).toHaveURL(/\/today$/);
  }
});

test('password and address are changed, with every message', async ({ page }) => {
  const email = await register(page, '/account/sign-in');
  const form = page.getByRole('form', { name: 'Password' });
  await form.getByLabel('Present password', { exact: true }).fill(password);
  await form.getByLabel('New password', { exact: true }).fill('short');
  await form.getByRole('button', { name: 'Change the password' }).click();
  await expect(form.getByText('Use 15 to 128 characters')).toBeVisible();
  await expect(form.getByLabel('New password', { exact: true })).toBeFocused();
  await form.getByLabel('New password', { exact: true }).fill('another four unrelated words');
  await form.getByLabel('Present password', { exact: true }).fill('not this one at all');
  await form.getByRole('button', { name: 'Change the password' }).click();
  await expect(form.getByText('The password is not right.')).toBeVisible();
  await form.getByLabel('Present password', { exact: true }).fill(password);
  await form.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('The new password holds.')).toBeVisible();

  const address = page.getByRole('form', { name: 'E-mail address' });
  await address.getByLabel('E-mail address').fill('nobody');
  await address.getByRole('button', { name: 'Change the address' }).click();
  await expect(address.getByText('name@example.com')).toBeVisible();
  const next = fresh();
  await address.getByLabel('E-mail address').fill(next);
  await address.getByLabel('Your password', { exact: true }).fill('not this one at all');
  await address.getByRole('button', { name: 'Change the address' }).click();
  await expect(address.getByText('The password is not right.')).toBeVisible();
  await address.getByLabel('Your password', { exact: true }).fill('another four unrelated words');
  await address.getByRole('button', { name: 'Change the address' }).click();
  await expect(page.getByText('Sign in with the new address')).toBeVisible();
  await expect(page.getByText(next)).toBeVisible();

  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByText('You are signed out').waitFor();
  await signIn(page, next, '/account', 'another four unrelated words');
  expect(next).not.toBe(email);
});

test('the export is everything, and an account that is deleted is gone', async ({ page }) => {
  const email = await register(page, '/account/data');
  await savedPlan(page, email, { name: 'To take along' });
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download my data' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('stride-export.json');
  const stream = await file.createReadStream();
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  const data = JSON.parse(text) as { format: string; runner: { email: string }; plans: { name: string }[] };
  expect(data).toMatchObject({ format: 'stride-export', runner: { email }, plans: [{ name: 'To take along' }] });

  await page.getByRole('button', { name: 'Delete my account' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('This cannot be undone.');
  await dialog.getByLabel('Your password', { exact: true }).fill('not this one at all');
  await dialog.getByRole('button', { name: 'Delete everything' }).click();
  await expect(dialog.getByText('The password is not right.')).toBeVisible();
  await dialog.getByLabel('Your password', { exact: true }).fill(password);
  await dialog.getByRole('button', { name: 'Delete everything' }).click();
  await expect(page.getByText('Your account and everything in it is deleted.')).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Check the e-mail address and the password.')).toBeVisible();
});

test('a profile that two devices change at once asks which shall hold', async ({ page }) => {
  const email = await register(page, '/account');
  const { api } = await client(page, email);
  const me = await api('GET', '/api/runners/me');
  await api('PATCH', '/api/runners/me', { first_name: 'Grace', last_name: 'Hopper' }, me.version);
  // Another field: both hold, and it is said.
  await page.getByLabel('Year of birth').fill('1990');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText('Another device had changed this as well: first name, last name.')).toBeVisible();
  await expect(page.getByLabel('First name')).toHaveValue('Grace');
  // The same field: one of them.
  const now = await api('GET', '/api/runners/me');
  expect(now).toMatchObject({ first_name: 'Grace', last_name: 'Hopper', birth_year: 1990 });
  await api('PATCH', '/api/runners/me', { first_name: 'Katherine' }, now.version);
  await page.getByLabel('First name').fill('Ada');
  await page.getByRole('button', { name: 'Save the profile' }).click();
  const dialog = page.getByRole('dialog', { name: 'Changed on another device' });
  await expect(dialog).toContainText('Ada');
  await expect(dialog).toContainText('Katherine');
  await dialog.getByRole('button', { name: 'Save mine' }).click();
  await expect(dialog).toBeHidden();
  expect((await api('GET', '/api/runners/me')).first_name).toBe('Ada');
});

/** Does something that the server refuses, and looks for each of its messages on the page. It answers their pointers. */
async function told(page: Page, act: () => Promise<void>): Promise<string[]> {
  const answer = page.waitForResponse((response) => response.status() >= 400 && response.url().includes('/api/'));
  await act();
  const problem = (await (await answer).json()) as { detail: string; errors?: { pointer: string; message: string }[] };
  for (const message of problem.errors?.map((e) => e.message) ?? [problem.detail]) await expect(page.getByText(message).first()).toBeVisible();
  await expect(page.locator('[aria-invalid=true]:focus, [type=submit]:focus')).toHaveCount(1);
  return problem.errors?.map((e) => e.pointer) ?? [];
}

test('every message of the server about an account stands at its field', async ({ page }) => {
  await page.goto('/register');
  const make = page.getByRole('button', { name: 'Make an account' });
  const [email, secret, first] = [page.getByLabel('E-mail address'), page.getByLabel('Password', { exact: true }), page.getByLabel(/^First name/)];
  for (const [address, word, name, pointers] of [
    ['', '', '', ['/email', '/password']],
    ['nobody', 'x'.repeat(129), 'x'.repeat(101), ['/email', '/password', '/first_name']],
    ['ada.lovelace@example.com', 'ada.lovelace@example.com', '', ['/password']],
    ['ada@example.com', 'passwordpassword', '', ['/password']],
  ] as const) {
    await email.fill(address);
    await secret.fill(word);
    await first.fill(name);
    expect(await told(page, () => make.click()), `${address} ${word}`).toEqual(pointers);
  }
  await register(page, '/account');
  const save = page.getByRole('button', { name: 'Save the profile' });
  await page.getByLabel('First name').fill('x'.repeat(101));
  await page.getByLabel('Last name').fill('x'.repeat(101));
  await page.getByLabel('Year of birth').fill('3000');
  await page.getByLabel('Time zone').fill('Mars/Olympus');
  expect((await told(page, () => save.click())).sort()).toEqual(['/birth_year', '/first_name', '/last_name', '/time_zone']);
  await page.getByLabel('Year of birth').fill('long ago');
  expect(await told(page, () => save.click())).toContain('/birth_year');

  await page.goto('/account/heart');
  await page.getByRole('button', { name: 'Add a measurement' }).click();
  const keep = page.getByRole('button', { name: 'Save', exact: true });
  expect(await told(page, () => keep.click())).toEqual(['/heart_rates/0']);
  await page.getByLabel(/^At rest/).fill('300');
  await page.getByLabel(/^Maximum/).fill('fast');
  expect((await told(page, () => keep.click())).length).toBeGreaterThan(0);
  await page.getByLabel(/^At rest/).fill('190');
  await page.getByLabel(/^Maximum/).fill('180');
  await told(page, () => keep.click());
  await page.getByLabel(/^At rest/).fill('50');
  await page.getByLabel('Measured on').fill(dateIn(30));
  expect(await told(page, () => keep.click())).toEqual(['/heart_rates/0/valid_from']);
  await page.getByLabel('Measured on').fill(dateIn(-30));
  await keep.click();
  await expect(page.getByText('180 bpm')).toBeVisible();
  // Another one of the same day belongs into it.
  await page.getByRole('button', { name: 'Add a measurement' }).click();
  await page.getByLabel('Measured on').fill(dateIn(-30));
  await page.getByLabel(/^Maximum/).fill('185');
  await told(page, () => keep.click());
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: /^Change/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText('Nothing measured yet.')).toBeVisible();
});

test('too many attempts: the page says for how long', async ({ page }) => {
  await page.route('**/api/login', (route) =>
    route.fulfill({ status: 429, headers: { 'Retry-After': '40' }, contentType: 'application/json', body: '{"message":"Too Many Requests"}' }),
  );
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(fresh());
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Try again in 40 seconds.')).toBeVisible();
});

test('the server away: what is typed stays, and is saved when it is back', async ({ page, stride }) => {
  await register(page, '/account');
  await page.getByLabel('First name').fill('Ada');
  await stride.stop();
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText('Stride cannot be reached.').first()).toBeVisible();
  await expect(page.getByLabel('First name')).toHaveValue('Ada');
  await stride.start();
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(page.locator('.offline')).toBeHidden();
  await page.getByRole('button', { name: 'Save the profile' }).click();
  await expect(page.getByText('Your profile is saved.')).toBeVisible();
});

test('the server away at a reload: the page says so, and opens when it is back', async ({ page, stride }) => {
  await register(page, '/plans');
  await page.route('**/api/**', (route) => route.abort());
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Stride is out of reach' })).toBeVisible();
  await page.unroute('**/api/**');
  await expect(page.getByRole('heading', { name: 'No plan yet' })).toBeVisible({ timeout: 15_000 });
  expect(stride.url).toBeTruthy();
});
