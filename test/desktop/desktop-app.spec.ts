import { expect, RUNS_ON, test } from './desktop-app.ts';

test.describe(`the desktop app on ${RUNS_ON}`, () => {
  test('opens on the trace that its command line names', async ({ window }) => {
    await expect(window).toHaveTitle(/lock-convoy/);
    await expect(window.getByRole('application', { name: /timeline/i })).toBeVisible();
  });
});
