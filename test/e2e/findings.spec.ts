import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from './workbench.ts';

test('a trace opens with what went wrong; its costliest finding leads to the timeline, the lanes and its page', async ({
  window,
}) => {
  const summary = window.getByRole('region', { name: 'Summary of findings' });
  await expect(summary).toContainText(/findings explain .+ waited\./);
  await expect(summary.getByRole('listitem')).toHaveCount(3);
  // The timeline is in sight below it.
  await window.setViewportSize({ width: 1280, height: 720 });
  const lanes = (await window.getByTestId('timeline-field').boundingBox())!;
  expect(lanes.y + 200).toBeLessThan(720);

  await summary.getByRole('button', { name: 'Lock convoy' }).click();
  const inspector = window.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector.getByRole('heading', { level: 2 })).toHaveText('Lock convoy');
  await expect(inspector.getByRole('region', { name: 'How this is computed' })).toContainText('queue');
  // The thread that held the lock, the lock, those that waited.
  const pinned = window.getByRole('list', { name: 'Lanes' }).locator('li.pinned');
  await expect(pinned.nth(0)).toContainText('backend 8');
  await expect(pinned.nth(1)).toContainText('proc_array');
  await expect(pinned).toHaveCount(6);

  await summary.getByRole('button', { name: 'Dismiss the summary' }).click();
  await expect(summary).toHaveCount(0);
  await window.keyboard.press('Shift+J');
  await expect(summary).toHaveCount(1);
});

test('the list walks by key, filters, and has no fault that axe knows', async ({ window }) => {
  await expect(window.getByRole('tab', { name: /^Findings/ })).toHaveText(/\d/);
  await window.keyboard.press('5');
  const table = window.getByRole('table', { name: 'Findings' });
  await window.keyboard.press('j');
  const current = table.locator('[aria-current=true]');
  await expect(current).toContainText('Lock convoy');
  await window.keyboard.press('j');
  await expect(current).not.toContainText('Lock convoy');
  await window.keyboard.press('k');
  await expect(current).toContainText('Lock convoy');

  await window.getByRole('searchbox', { name: 'Filter findings by text' }).fill('no such words');
  await expect(table).toContainText('No findings match the filter.');
  await window.getByRole('searchbox', { name: 'Filter findings by text' }).fill('convoy');
  await expect(current).toContainText('Lock convoy');
  const { violations } = await new AxeBuilder({ page: window })
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .setLegacyMode(true)
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
});
