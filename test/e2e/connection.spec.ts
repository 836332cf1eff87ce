import { expect, startHost, test } from './workbench.ts';

test('a window without the secret of the run says how to get in', async ({ page, host }) => {
  await page.goto(new URL('/', host.url).href);
  await expect(page.getByText(/Open it again with the full address/)).toBeVisible();
});

test('a window with the secret of another run says the same', async ({ page, host }) => {
  await page.goto(host.url.replace(/token=.+/, 'token=' + 'A'.repeat(43)));
  await expect(page.getByText(/Open it again with the full address/)).toBeVisible();
});

test('when the workbench ends, the window says so and keeps what it shows', async ({ page, sampleTrace }) => {
  const host = await startHost(sampleTrace);
  await page.goto(host.url);
  await expect(page).toHaveTitle(/lock-convoy/);
  await host.stop();
  await expect(page.getByText(/The connection to the workbench is gone/)).toBeVisible();
  await expect(page.getByRole('application', { name: /timeline/i })).toBeVisible();
});
