import type { Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

const inspector = (window: Page) => window.getByRole('complementary', { name: 'Inspector' });
const rows = (window: Page) => window.getByRole('table', { name: 'Events' });
const heightOfLists = async (window: Page): Promise<number> =>
  (await window.getByRole('region', { name: 'Lists' }).boundingBox())!.height;
/** Settings are written a moment after the last change. */
const written = (window: Page): Promise<void> => window.waitForTimeout(1_000);

test.beforeEach(async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await expect(rows(window).getByRole('row').nth(1)).toBeVisible();
});

test('folds the lists and hides the inspector, and gives their room to the lanes', async ({ window }) => {
  const lanes = window.getByRole('application', { name: /timeline/i });
  const before = (await lanes.boundingBox())!;
  await window.keyboard.press('b');
  await expect(rows(window)).toBeHidden();
  await window.getByRole('button', { name: 'Hide the inspector' }).click();
  await expect(inspector(window)).toBeHidden();
  await expect.poll(async () => (await lanes.boundingBox())!.height).toBeGreaterThan(before.height + 100);
  await expect.poll(async () => (await lanes.boundingBox())!.width).toBeGreaterThan(before.width + 200);

  await window.getByRole('tab', { name: 'Events' }).click();
  await expect(rows(window)).toBeVisible();
  await window.keyboard.press('i');
  await expect(inspector(window)).toBeVisible();
  await written(window);
});

test('keeps the tabs of the lists in the window at 200 % zoom, where there is hardly room', async ({
  window,
}) => {
  await window.setViewportSize({ width: 720, height: 450 });
  const tab = window.getByRole('tab', { name: 'Events' });
  // Folded is how they are at this size, unless the reader left them otherwise.
  if (await rows(window).isVisible()) await window.keyboard.press('b');
  await expect(rows(window)).toBeHidden();
  await expect(tab).toBeInViewport({ ratio: 1 });
  const box = (await tab.boundingBox())!;
  const hit = await window.evaluate(
    ([x, y]) => document.elementFromPoint(x!, y!)?.closest('[role=tab]')?.textContent?.trim(),
    [box.x + box.width / 2, box.y + box.height / 2],
  );
  expect(hit, 'what is on top there').toBe('Events');
  await tab.click();
  await expect(rows(window)).toBeVisible();
  await written(window);
});

test('resizes a panel with the keyboard, finds it again after a reload, and in that trace only', async ({
  window,
}) => {
  const edge = window.getByRole('separator', { name: 'Height of the lists' });
  const usual = await heightOfLists(window);
  await edge.focus();
  for (let i = 0; i < 4; i++) await window.keyboard.press('ArrowUp');
  await expect.poll(() => heightOfLists(window)).toBeGreaterThan(usual + 50);
  const tall = await heightOfLists(window);
  await written(window);
  await window.reload();
  await expect(rows(window).getByRole('row').nth(1)).toBeVisible();
  expect(await heightOfLists(window)).toBe(tall);

  await edge.dblclick();
  await expect.poll(() => heightOfLists(window)).toBe(usual);
  await edge.focus();
  await window.keyboard.press('Enter');
  await expect(rows(window)).toBeHidden();
  await window.getByRole('button', { name: 'Show the lists' }).click();
  await expect(rows(window)).toBeVisible();
  await written(window);
});
