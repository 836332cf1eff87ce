import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

const charts = (window: Page): Locator => window.getByRole('region', { name: 'Charts' });
const chip = (window: Page, name: string): Locator =>
  charts(window).locator('.list').getByRole('button', { name });

/** Chooses from the menu of a chart and answers with the file that it gives. */
async function save(window: Page, chart: string, item: string): Promise<{ name: string; bytes: Buffer }> {
  await charts(window)
    .getByRole('button', { name: `${chart}: save or hide` })
    .click();
  const download = window.waitForEvent('download');
  await window.getByRole('menuitem', { name: item }).click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

const rowsOf = (csv: string): string[][] =>
  csv
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));

test.beforeEach(async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await expect(charts(window).getByRole('img', { name: /^Decisions/ })).toBeVisible();
  await window.keyboard.press('0');
});

test('are shown and hidden one by one, by button, key and menu', async ({ window }) => {
  const cpu = charts(window).getByRole('img', { name: /^Use of all CPUs/ });
  await expect(cpu).toBeHidden();
  await chip(window, 'CPU use').click();
  await expect(cpu).toBeVisible();
  await expect(chip(window, 'CPU use')).toHaveAttribute('aria-pressed', 'true');
  await expect(
    charts(window)
      .getByText(/^running/)
      .first(),
  ).toBeVisible();
  await window.keyboard.press('Alt+1');
  await expect(cpu).toBeHidden();

  await charts(window).getByRole('button', { name: 'Slots in use: save or hide' }).click();
  await window.getByRole('menuitem', { name: 'Hide' }).click();
  await expect(charts(window).getByRole('img', { name: /^Slots in use/ })).toBeHidden();
  await expect(chip(window, 'Slots in use')).toHaveAttribute('aria-pressed', 'false');
});

test('make room for lanes in a low window', async ({ window }) => {
  await expect(charts(window).getByRole('img')).toHaveCount(3);
  await window.setViewportSize({ width: 1280, height: 720 });
  await expect(charts(window).getByRole('img')).toHaveCount(1);
  const box = (await charts(window).boundingBox())!;
  expect(box.height).toBeLessThan(70);
});

test('are as high as the reader wants', async ({ window }) => {
  const chart = charts(window).getByRole('img', { name: /^Decisions/ });
  const before = (await chart.boundingBox())!.height;
  const edge = charts(window).getByRole('separator', { name: 'Height of the chart Decisions' });
  await edge.focus();
  await window.keyboard.press('ArrowUp');
  await window.keyboard.press('ArrowUp');
  await expect.poll(async () => (await chart.boundingBox())!.height).toBe(before + 32);
  await edge.dblclick();
  await expect.poll(async () => (await chart.boundingBox())!.height).toBe(before);
});

test('show where all CPUs are busy, and read their values at the pointer', async ({ window }) => {
  await chip(window, 'CPU use').click();
  const chart = charts(window).getByRole('img', { name: /^Use of all CPUs/ });
  const legend = charts(window).locator('.chart').first().locator('.legend');
  await expect(legend).toContainText(/running\s*\d+\s%/);
  const box = (await chart.boundingBox())!;
  const seen = new Set<string>();
  for (const part of [0.01, 0.2, 0.5, 0.8]) {
    await window.mouse.move(box.x + part * box.width, box.y + box.height / 2);
    await expect(charts(window).getByText('at pointer').first()).toBeVisible();
    seen.add(await legend.innerText());
  }
  expect(seen.size).toBeGreaterThan(1);
  // The lower half of the picture is filled: four CPUs, and forty threads that want them.
  const picture = await chart.screenshot();
  const filled = await window.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    const g = canvas.getContext('2d')!;
    g.drawImage(image, 0, 0);
    const { data } = g.getImageData(0, Math.floor(image.height * 0.8), image.width, 1);
    let blue = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i + 2]! > data[i]! + 20) blue++;
    return blue / image.width;
  }, picture.toString('base64'));
  expect(filled).toBeGreaterThan(0.8);
});

test('add slots up by page or by process', async ({ window }) => {
  const chart = charts(window).locator('.chart').filter({ hasText: 'Slots in use' });
  await expect(chart.locator('.legend')).toContainText('page 0');
  await chart.getByRole('combobox', { name: 'Slots in use by' }).selectOption('by process');
  await expect(chart.locator('.legend')).toContainText(/postgres \d+/);
});

test('are saved as data that adds up to what the legend says', async ({ window }) => {
  const { name, bytes } = await save(window, 'Decisions', 'Save as CSV');
  expect(name).toBe('lock-convoy Decisions.csv');
  const [head, ...rows] = rowsOf(bytes.toString('utf8'));
  expect(head).toEqual(['start_ns', 'length_ns', 'outcome', 'decisions']);
  const legend = charts(window).locator('.chart').filter({ hasText: 'Decisions' }).locator('.entry');
  for (const title of await legend.evaluateAll((entries) =>
    entries.map((entry) => entry.getAttribute('title')!),
  )) {
    const [, count, outcome] = /^([\d\s]+) (.+)$/.exec(title)!;
    const sum = rows.filter((row) => row[2] === outcome).reduce((total, row) => total + Number(row[3]), 0);
    expect(sum, outcome).toBe(Number(count!.replace(/\s/g, '')));
  }
});

test('are saved as pictures that say what they show', async ({ window }) => {
  const svg = (await save(window, 'Decisions', 'Save as SVG')).bytes.toString('utf8');
  expect(svg).toMatch(/^<svg/);
  expect(svg).toContain('Decisions, lock-convoy.sctrace');
  expect(svg).toMatch(/deferred at tick/);
  expect(svg.match(/<path/g)!.length).toBeGreaterThan(10);

  const png = (await save(window, 'sc_cpu updates', 'Save as PNG')).bytes;
  expect([...png.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2400, 800]);
});

test('lead to the migrations from CPU to CPU, which add up', async ({ window }) => {
  await charts(window).getByRole('button', { name: 'sc_cpu updates: save or hide' }).click();
  await window.getByRole('menuitem', { name: 'Migrations, from and to' }).click();
  const section = window
    .getByRole('complementary', { name: 'Inspector' })
    .getByRole('region', { name: 'Migrations, from and to' });
  const cells = section.getByRole('cell');
  await expect(cells).toHaveCount(16);
  const sum = (await cells.allInnerTexts()).reduce((total, text) => total + Number(text), 0);
  expect(sum).toBeGreaterThan(0);
  await expect(section.getByRole('button', { name: /^Migrations/ })).toContainText(
    new RegExp(`${String(sum).replace(/\B(?=(\d{3})+$)/g, '\\s?')} in view`),
  );
  const updates = (await charts(window)
    .getByRole('img', { name: /^Updates of sc_cpu/ })
    .boundingBox())!;
  await window.mouse.move(updates.x + 0.3 * updates.width, updates.y + 10);
  await window.mouse.down();
  await window.mouse.move(updates.x + 0.5 * updates.width, updates.y + 10, { steps: 3 });
  await window.mouse.up();
  await expect(section).toContainText('in the selection');
  await expect(window.getByTestId('time-selection')).toBeVisible();
});
