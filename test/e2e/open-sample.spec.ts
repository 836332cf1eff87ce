import { expect, test } from './workbench.ts';

test('the workbench opens on the trace it was started with', async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  const timeline = window.getByRole('application', { name: /timeline/i });
  await expect(timeline).toBeVisible();
  await expect(timeline.locator('canvas').first()).toBeVisible();
});

test('the secret of the run does not stay in the address bar, and reloading works', async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  expect(new URL(window.url()).hash).toBe('');
  await window.reload();
  await expect(window).toHaveTitle(/lock-convoy/);
});
