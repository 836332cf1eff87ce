import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

const sums = (window: Page, by: string): Locator => window.getByRole('table', { name: `Summary by ${by}` });
const plain = (text: string): string => text.replace(/\s/g, ' ');
/** A duration as it is shown, in ns. */
const nsOf = (text: string): number => {
  const [, value, unit] = /([\d.\u2009]+)\s*(ns|µs|ms|s)$/.exec(text.trim()) ?? [];
  if (value === undefined) return 0;
  return Number(value.replace(/\u2009/g, '')) * { ns: 1, µs: 1e3, ms: 1e6, s: 1e9 }[unit!]!;
};

async function select(window: Page, from: number, to: number): Promise<void> {
  const lanes = window.getByRole('application', { name: /timeline/i });
  const box = (await lanes.boundingBox())!;
  // Right of the lane headers.
  const x = (part: number): number => box.x + 220 + part * (box.width - 230);
  await window.mouse.move(x(from), box.y + 120);
  await window.mouse.down();
  await window.mouse.move(x((from + to) / 2), box.y + 125);
  await window.mouse.move(x(to), box.y + 125);
  await window.mouse.up();
}

test.beforeEach(async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await window.getByRole('tab', { name: 'Summary' }).click();
  await expect(sums(window, 'LWP').getByRole('row').nth(1)).toBeVisible();
});

test('sums up what is in view, and the selected time range', async ({ window }) => {
  const area = window.getByTestId('summary-range');
  await expect(area).toContainText('In view');
  const inView = nsOf(await area.locator('b').innerText());
  await select(window, 0.3, 0.6);
  await expect(area).toContainText('Selected');
  await expect.poll(async () => nsOf(await area.locator('b').innerText())).toBeLessThan(inView);
  const length = nsOf(await area.locator('b').innerText());
  // No thread can have run for longer than the time range; rounded to three digits.
  await expect
    .poll(async () => {
      const cells = await sums(window, 'LWP').locator('.sheet [role=cell]:nth-child(2)').allInnerTexts();
      return cells.length > 0 && cells.every((cell) => nsOf(cell) <= length * 1.01);
    })
    .toBe(true);
});

test('sorts by any column, and chooses the thread of a row', async ({ window }) => {
  const table = sums(window, 'LWP');
  const column = async (): Promise<number[]> =>
    (await table.locator('.sheet [role=cell]:nth-child(2)').allInnerTexts()).map(nsOf);
  await table.getByRole('button', { name: /^Running/ }).click();
  await expect(table.getByRole('columnheader', { name: /^Running/ })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  const descending = await column();
  expect(descending).toEqual(descending.toSorted((a, b) => b - a));
  await table.getByRole('button', { name: /^Running/ }).click();
  await expect(table.getByRole('columnheader', { name: /^Running/ })).toHaveAttribute(
    'aria-sort',
    'ascending',
  );
  const ascending = await column();
  expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));

  const row = table.locator('.sheet').getByRole('row').nth(1);
  const thread = await row.getByRole('rowheader').innerText();
  await row.click();
  await expect(
    window.getByRole('complementary', { name: 'Inspector' }).getByRole('heading', { level: 2 }),
  ).toHaveText(thread);
});

for (const [by, column] of [
  ['Process', 'LWPs'],
  ['CPU', 'Idle'],
  ['State', 'Intervals'],
  ['Lock', 'Waiters'],
  ['Outcome', 'Decisions'],
] as const) {
  test(`sums up by ${by.toLowerCase()}`, async ({ window }) => {
    await window.getByRole('radio', { name: by, exact: true }).click();
    const table = sums(window, by.toLowerCase());
    await expect(table.getByRole('columnheader', { name: new RegExp(`^${column}`) })).toBeVisible();
    await expect(table.locator('.sheet').getByRole('row').first()).toBeVisible();
  });
}

test('lists the worst behind a part of a distribution, and goes to one', async ({ window }) => {
  const chart = window.getByRole('group', { name: /^Run-queue latency/ });
  const box = (await chart.boundingBox())!;
  await window.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
  await window.mouse.down();
  await window.mouse.move(box.x + box.width - 2, box.y + box.height / 2, { steps: 4 });
  await window.mouse.up();
  const list = window.getByRole('list', { name: 'Run-queue latency, the longest first' });
  await expect(list.getByRole('listitem').first()).toBeVisible();
  // A drag asks at each step: what is listed then is for a narrower part.
  await expect(list).toHaveAttribute('aria-busy', 'false');
  const lengths = (await list.locator('b').allInnerTexts()).map(nsOf);
  expect(lengths).toEqual(lengths.toSorted((a, b) => b - a));

  const worst = list.getByRole('listitem').first();
  const [, thread, , time] = (await worst.locator('b, span').allInnerTexts()).map(plain);
  await worst.click();
  await expect.poll(async () => plain(await window.getByTestId('clock').innerText())).toBe(time!);
  await expect(
    window.getByRole('complementary', { name: 'Inspector' }).getByRole('heading', { level: 2 }),
  ).toHaveText(thread!);
});

test('gives the table away as CSV and JSON', async ({ window }) => {
  const shown = await sums(window, 'LWP').locator('.sheet').getByRole('rowheader').first().innerText();
  const [csv] = await Promise.all([
    window.waitForEvent('download'),
    window.getByRole('button', { name: 'CSV' }).click(),
  ]);
  expect(csv.suggestedFilename()).toBe('lock-convoy-by-thread.csv');
  const lines = readFileSync(await csv.path(), 'utf8').split('\r\n');
  expect(lines[0]).toMatch(/^thread,origin,running_ns,/);
  expect(lines[1]).toContain(shown);
  const [json] = await Promise.all([
    window.waitForEvent('download'),
    window.getByRole('button', { name: 'JSON' }).click(),
  ]);
  const rows = JSON.parse(readFileSync(await json.path(), 'utf8')) as { thread: string }[];
  expect(rows[0]!.thread).toBe(shown);
});
