import type { Page } from '@playwright/test';
import { expect, goToThread, test } from './workbench.ts';

const clockText = async (window: Page): Promise<string> =>
  (await window.getByTestId('clock').innerText()).replace(/\s/g, '');

/** The row that the cursor stands on: "row 1 552 of 50 390" gives 1552. */
async function currentRow(window: Page): Promise<number> {
  const text = (await window.getByTestId('position').innerText()).replace(/\s/g, '');
  return Number(/^row(\d+)of\d+$/.exec(text)![1]);
}

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
  const opened = await currentRow(window);
  await window.keyboard.press('Control+Home');
  await expect.poll(() => clockText(window)).toBe('0.000000000');
  // The clock is there at once, the row when the machine of that time is known.
  await expect.poll(() => currentRow(window)).toBeLessThan(opened);
  const start = await currentRow(window);
  expect(start).toBeGreaterThan(0);
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
  await window.getByRole('combobox', { name: /^Replay speed/ }).selectOption('0.1');
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
  await window.getByRole('combobox', { name: /^Replay speed/ }).selectOption('0.001');
  await window.keyboard.press('Space');
  await expect.poll(async () => Number(await clockText(window))).toBeLessThan(Number(end) / 2);
});

test('goes to a time that is typed, and says what is wrong with one that cannot be', async ({ window }) => {
  await window.getByTestId('clock').click();
  const field = window.getByRole('textbox', { name: 'Time of the cursor' });
  await field.fill('350 ms');
  await field.press('Enter');
  expect(await clockText(window)).toBe('0.350000000');

  await window.keyboard.press('g');
  await field.fill('5 parsecs');
  await expect(window.getByText('"parsecs" is not a unit of time')).toBeVisible();
  await field.press('Enter');
  await field.press('Escape');
  expect(await clockText(window)).toBe('0.350000000');
});

test('plays row by row, so many a second', async ({ window }) => {
  const from = await currentRow(window);
  await window.getByRole('combobox', { name: /^Replay speed/ }).selectOption({ label: '20 events/s' });
  const startedMs = Date.now();
  await window.getByRole('button', { name: 'Play' }).click();
  await expect.poll(() => currentRow(window)).toBeGreaterThan(from + 20);
  await window.keyboard.press('Space');
  const elapsedS = (Date.now() - startedMs) / 1000;
  const rows = (await currentRow(window)) - from;
  // A busy machine shows fewer; never more.
  expect(rows).toBeLessThanOrEqual(20 * elapsedS + 1);
  // The cursor stands on the row, and the list shows it.
  const current = window.getByRole('row').and(window.locator('[aria-current=true]'));
  await expect(current).toContainText((await window.getByTestId('clock').innerText()).slice(0, 5));

  // Faster and slower go through the rates then; the other pace is one key away.
  await window.keyboard.press('Shift+ArrowUp');
  await expect(window.getByRole('combobox', { name: /^Replay speed/ })).toHaveValue('events:50');
  await window.keyboard.press('Shift+Space');
  await expect(window.getByRole('combobox', { name: /^Replay speed/ })).not.toHaveValue(/events/);
});

test('loops a time range that was brushed in a chart', async ({ window }) => {
  await window.keyboard.press('0');
  const chart = await window.getByRole('img', { name: /^Decisions/ }).boundingBox();
  const y = chart!.y + chart!.height / 2;
  await window.mouse.move(chart!.x + 0.25 * chart!.width, y);
  await window.mouse.down();
  await window.mouse.move(chart!.x + 0.3 * chart!.width, y, { steps: 4 });
  await window.mouse.up();
  await expect(window.getByTestId('time-selection')).toBeVisible();
  await window.getByRole('button', { name: 'Loop the selected range' }).click();
  await window.getByRole('combobox', { name: /^Replay speed/ }).selectOption('0.1');
  await window.keyboard.press('Space');

  const seen: number[] = [];
  const wentBack = (): boolean => seen.some((time, i) => i > 0 && time < seen[i - 1]!);
  await expect
    .poll(
      async () => {
        seen.push(Number(await clockText(window)));
        return wentBack();
      },
      { intervals: [100], timeout: 20_000 },
    )
    .toBe(true);
  await window.keyboard.press('Space');
  // It began outside and jumped to the start of the range.
  const inside = seen.slice(1);
  expect(Math.max(...inside) - Math.min(...inside)).toBeLessThan(0.06 * 2);
});

test('steps from switch to switch of the selected thread', async ({ window }) => {
  const name = 'backend 12';
  await goToThread(window, name, 100e6);
  const current = window.getByRole('row').and(window.locator('[aria-current=true]'));
  const before = await currentRow(window);
  await window.getByRole('button', { name: 'Next switch of the selected thread' }).click();
  await expect.poll(() => currentRow(window)).toBeGreaterThan(before);
  await expect(current).toContainText('cpu_dispthread');
  await expect(current).toContainText(name);
  const first = await currentRow(window);
  await window.keyboard.press('Control+ArrowRight');
  await expect.poll(() => currentRow(window)).toBeGreaterThan(first);
  await window.getByRole('button', { name: 'Previous switch of the selected thread' }).click();
  await expect.poll(() => currentRow(window)).toBe(first);
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
