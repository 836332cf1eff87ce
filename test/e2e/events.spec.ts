import type { Locator, Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

const list = (window: Page): Locator => window.getByRole('table', { name: 'Events' });
const rows = (window: Page): Locator => list(window).getByRole('rowgroup').getByRole('row');
const plain = (text: string): string => text.replace(/\s/g, '');

test.beforeEach(async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await expect(rows(window).first()).toBeVisible();
});

test('shows only what passes the filter', async ({ window }) => {
  await window.getByRole('combobox', { name: 'Filter by kind' }).selectOption('decisions');
  await expect(rows(window).first()).toContainText('timeleft');
  const shown = await rows(window).allInnerTexts();
  expect(shown.length).toBeGreaterThan(3);
  for (const row of shown) {
    expect(row).toMatch(/deferred at (tick|preemption)|yielded|failsafe|forced off|update skipped/);
  }
});

test('seeks to the row that is pressed, and chooses its thread', async ({ window }) => {
  await window.getByRole('combobox', { name: 'Filter by kind' }).selectOption('decisions');
  await expect(rows(window).first()).toContainText('timeleft');
  // The list goes to the cursor's row once it is filtered: until then the third row is soon another one.
  await expect(rows(window).and(window.locator('[aria-current=true]'))).toBeInViewport();
  const row = rows(window).nth(2);
  const [time, , , thread] = await row.getByRole('cell').allInnerTexts();
  await row.click();
  await expect.poll(async () => plain(await window.getByTestId('clock').innerText())).toBe(plain(time!));
  const inspector = window.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector.getByRole('heading', { level: 2 })).toHaveText(thread!);
  await expect(inspector.getByTestId('decision')).toContainText(`Go to it at ${time!}`);
});

test('goes on for as long as one scrolls', async ({ window }) => {
  const scroller = list(window).getByLabel(/^Rows/);
  let last = '';
  for (let page = 0; page < 4; page++) {
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await expect.poll(async () => plain(await rows(window).last().innerText())).not.toBe(last);
    last = plain(await rows(window).last().innerText());
  }
  await scroller.focus();
  await window.keyboard.press('ArrowDown');
  await expect(rows(window).and(window.locator('[aria-current=true]'))).toBeVisible();
});
