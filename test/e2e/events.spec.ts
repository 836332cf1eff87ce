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

test('shows only rows whose names have every word of a text', async ({ window }) => {
  const field = window.getByRole('searchbox', { name: 'Filter by text' });
  await field.fill('sc_yield backend');
  await expect
    .poll(async () => {
      const shown = await rows(window).allInnerTexts();
      return shown.length > 3 && shown.every((row) => row.includes('sc_yield') && row.includes('backend'));
    })
    .toBe(true);
  await field.fill('nothing has this name');
  await expect(window.getByText('No events match the filter.')).toBeVisible();
  await field.press('Escape');
  await expect(field).toHaveValue('');
  await expect(rows(window).nth(1)).toBeVisible();
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

test('has a bar for the whole trace, whatever part of it is loaded', async ({ window }) => {
  const bar = window.getByRole('scrollbar', { name: 'Position in the trace' });
  const box = (await bar.boundingBox())!;
  const total = (await window.getByTestId('position').innerText()).replace(/\s/g, '').match(/of(\d+)/)![1];
  const clock = await window.getByTestId('clock').innerText();
  const timeAtTop = async (): Promise<number> => {
    const cell = list(window).locator('.sheet .row').nth(14).getByRole('cell').first();
    return Number(plain(await cell.innerText()));
  };
  await window.mouse.click(box.x + box.width / 2, box.y + box.height - 1);
  await expect.poll(() => bar.getAttribute('aria-valuenow').then(Number)).toBeGreaterThan(98);
  const late = await timeAtTop();
  await window.mouse.click(box.x + box.width / 2, box.y + 1);
  await expect.poll(() => bar.getAttribute('aria-valuenow').then(Number)).toBe(0);
  expect(await timeAtTop()).toBeLessThan(late);
  // Looking around moves no cursor; going to the last row by key does.
  expect(await window.getByTestId('clock').innerText()).toBe(clock);
  await list(window).getByLabel(/^Rows/).focus();
  await window.keyboard.press('End');
  await expect
    .poll(async () => plain(await window.getByTestId('position').innerText()))
    .toBe(`row${total}of${total}`);
  await window.keyboard.press('Home');
  await expect
    .poll(async () => plain(await window.getByTestId('position').innerText()))
    .toBe(`row1of${total}`);
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
