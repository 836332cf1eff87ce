import type { Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

const clockText = async (window: Page): Promise<string> =>
  (await window.getByTestId('clock').innerText()).replace(/\s/g, '');

/** The row that the cursor stands on: "row 1 552 of 50 390" gives 1552. */
async function currentRow(window: Page): Promise<number> {
  const text = (await window.getByTestId('position').innerText()).replace(/\s/g, '');
  return Number(/^row(\d+)of\d+$/.exec(text)![1]);
}

test.beforeEach(async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await expect(window.getByTestId('position')).toBeVisible();
});

test('opens on a telling moment, with the thread that it is about', async ({ window }) => {
  expect(Number(await clockText(window))).toBeGreaterThan(0);
  const inspector = window.getByRole('complementary', { name: 'Inspector' });
  // Nothing is revoked in this trace: the longest request that was deferred.
  await expect(inspector.getByTestId('decision')).toContainText(/Deferred at (tick|preemption)/);
  const name = await inspector.getByRole('heading', { level: 2 }).innerText();
  const timeline = window.getByRole('application', { name: /^Timeline/ });
  await expect(timeline.locator('li').first()).toContainText(name);
  await expect(timeline.getByRole('button', { name: /^CPU 0/ })).toBeVisible();
});

test('has the machine set up at the start, and steps one row at a time', async ({ window }) => {
  await window.keyboard.press('Control+Home');
  await expect.poll(() => clockText(window)).toBe('0.000000000');
  await expect.poll(() => currentRow(window)).toBeGreaterThan(0);
  const start = await currentRow(window);
  const next = window.getByRole('button', { name: 'Next event' });
  await next.click();
  await expect.poll(() => currentRow(window)).toBe(start + 1);
  await next.click();
  await expect.poll(() => currentRow(window)).toBe(start + 2);
  await window.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => currentRow(window)).toBe(start + 3);
  await window.getByRole('button', { name: 'Previous event' }).click();
  await expect.poll(() => currentRow(window)).toBe(start + 2);
});

test('steps to a decision: the list, the clock and the inspector show the same one', async ({ window }) => {
  const decision = window.getByTestId('decision');
  await expect(decision).toBeVisible();
  await window.keyboard.press('Control+Home');
  await expect(decision).toBeHidden();
  await window.keyboard.press(']');
  await expect(decision).toBeVisible();
  const title = await decision.locator('strong').innerText();
  const current = window.getByRole('row').and(window.locator('[aria-current=true]'));
  await expect(current).toContainText(title.toLowerCase());
  await expect(current).toContainText((await window.getByTestId('clock').innerText()).slice(0, 5));
  const first = await currentRow(window);

  await window.getByRole('button', { name: 'Next decision' }).click();
  await expect.poll(() => currentRow(window)).toBeGreaterThan(first);
  await window.keyboard.press('[');
  await expect.poll(() => currentRow(window)).toBe(first);
});

test('plays, pauses, and goes at the speed that was chosen', async ({ window }) => {
  await window.keyboard.press('Control+Home');
  await expect.poll(() => clockText(window)).toBe('0.000000000');
  await window.getByRole('combobox', { name: /^Speed/ }).selectOption('0.1');
  await window.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => clockText(window)).not.toBe('0.000000000');
  await expect.poll(async () => Number(await clockText(window))).toBeGreaterThan(0.02);
  await window.keyboard.press('Space');
  await expect(window.getByRole('button', { name: 'Play' })).toBeVisible();
  const stopped = await clockText(window);
  await window.waitForTimeout(300);
  expect(await clockText(window)).toBe(stopped);
});

test('stops at the end, and plays again from the start', async ({ window }) => {
  await window.keyboard.press('Control+End');
  const end = await clockText(window);
  expect(Number(end)).toBeGreaterThan(0);
  await window.getByRole('combobox', { name: /^Speed/ }).selectOption('0.001');
  await window.keyboard.press('Space');
  await expect.poll(async () => Number(await clockText(window))).toBeLessThan(Number(end) / 2);
});

test('goes to a time that is typed, and says what is wrong with one that cannot be', async ({ window }) => {
  await window.getByTestId('clock').click();
  const field = window.getByRole('textbox', { name: 'Time of the cursor' });
  await field.fill('350 ms');
  await field.press('Enter');
  expect(await clockText(window)).toBe('0.350000000');

  await window.getByTestId('clock').click();
  await field.fill('5 parsecs');
  await expect(window.getByText('"parsecs" is no unit of time')).toBeVisible();
  await field.press('Enter');
  await field.press('Escape');
  expect(await clockText(window)).toBe('0.350000000');
});

test('finds a thread by name with the keyboard alone', async ({ window }) => {
  await window.keyboard.press('/');
  await window.keyboard.type('backend');
  const first = window.getByRole('listbox', { name: 'Found' }).getByRole('option').first();
  await expect(first).toBeVisible();
  const wanted = (await first.locator('span').first().innerText()).trim();
  await window.keyboard.press('Enter');
  await expect(
    window.getByRole('complementary', { name: 'Inspector' }).getByRole('heading', { level: 2 }),
  ).toHaveText(wanted);
});

test('lists every key under ?', async ({ window }) => {
  await window.keyboard.press('?');
  const dialog = window.getByRole('dialog', { name: 'Keys' });
  await expect(dialog.getByText('Next decision', { exact: true })).toBeVisible();
  await expect(dialog.getByText('Zoom in')).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});
