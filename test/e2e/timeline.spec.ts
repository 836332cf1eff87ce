/** The timeline as a reader uses it, on a recorded trace: what is drawn, zoom, pan, choosing, filtering. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { LANE_STATE } from '../../src-shared/model/enums.ts';
import { picture, pixelsOf } from './canvas-pixels.ts';
import { expect, goToThread, startHost, test, workbench } from './workbench.ts';

const timeline = (page: Page): Locator => page.getByRole('application', { name: /^Timeline/ });
const field = (page: Page): Locator => page.getByTestId('timeline-field');

/** Nanoseconds in view, from the name that the timeline has for screen readers. */
async function spanInView(page: Page): Promise<number> {
  const name = (await timeline(page).getAttribute('aria-label')) ?? '';
  const match = /([\d.\u2009]+)\u00a0(s|ms|µs|ns) in view/.exec(name);
  if (match === null) throw new Error(`no span in "${name}"`);
  const unit = { s: 1e9, ms: 1e6, µs: 1e3, ns: 1 }[match[2] as 's' | 'ms' | 'µs' | 'ns'];
  return Number(match[1]!.replaceAll('\u2009', '')) * unit;
}

async function wheel(page: Page, deltaY: number, key?: 'Control' | 'Shift'): Promise<void> {
  if (key !== undefined) await page.keyboard.down(key);
  await page.mouse.wheel(0, deltaY);
  if (key !== undefined) await page.keyboard.up(key);
}

test.beforeEach(async ({ window }) => {
  await expect(timeline(window)).toBeVisible();
  await expect(timeline(window)).toHaveAttribute('aria-busy', 'false');
});

test('lanes show who ran: CPUs first, then the threads of each process', async ({ window }) => {
  const headings = timeline(window).locator('button[aria-expanded]');
  await expect(headings.nth(0)).toContainText('CPUs');
  await expect(timeline(window).getByRole('button', { name: /postgres/ })).toContainText('40, related first');
  await expect(timeline(window).getByRole('button', { name: /^CPU \d/ })).toHaveCount(4);
  await expect(
    timeline(window)
      .getByRole('button', { name: /^backend/ })
      .first(),
  ).toBeVisible();

  const canvas = window.getByTestId('timeline-canvas');
  for (const state of ['--st-run', '--st-pre', '--bg-lane']) {
    expect(await pixelsOf(canvas, state), state).toBeGreaterThan(500);
  }
});

test('a figure beside a lane is exact, however many intervals share a pixel', async ({
  window,
  sampleTrace,
}) => {
  await timeline(window).focus();
  await window.keyboard.press('0');
  const lane = timeline(window)
    .getByRole('button', { name: /^backend 0/ })
    .first();
  const sql =
    `SELECT SUM(end_ns - start_ns) AS waited FROM lwp_state JOIN lwp ON lwp.id = lwp ` +
    `WHERE name = 'backend 0' AND state IN (${LANE_STATE.runnable}, ${LANE_STATE.preempted})`;
  const [{ waited }] = JSON.parse(workbench('query', sampleTrace, sql, '--format', 'json')) as [
    { waited: number },
  ];
  const toldMs = async (): Promise<number> => {
    const told = /([\d.]+)\s(s|ms)$/.exec(await lane.innerText());
    return told === null ? NaN : Number(told[1]) * (told[2] === 's' ? 1e3 : 1);
  };
  // Three figures are told.
  await expect.poll(async () => Math.abs((await toldMs()) / (waited / 1e6) - 1)).toBeLessThan(0.005);
});

test('the wheel with Ctrl zooms at the pointer, with Shift it pans, alone it scrolls the lanes', async ({
  window,
}) => {
  const canvas = window.getByTestId('timeline-canvas');
  const whole = await picture(canvas);
  const before = await spanInView(window);
  await field(window).hover({ position: { x: 400, y: 200 } });
  for (let i = 0; i < 10; i++) await wheel(window, -100, 'Control');
  await expect.poll(() => spanInView(window)).toBeLessThan(before / 10);
  await expect.poll(() => picture(canvas)).not.toBe(whole);

  const ruler = window.getByTestId('ruler');
  const zoomed = await picture(ruler);
  const span = await spanInView(window);
  await wheel(window, 300, 'Shift');
  await expect.poll(() => picture(ruler)).not.toBe(zoomed);
  expect(await spanInView(window)).toBe(span);

  const firstCpu = timeline(window).getByRole('button', { name: /^CPU 0/ });
  await wheel(window, 400);
  await expect(firstCpu).toHaveCount(0);
  await wheel(window, -400);
  await expect(firstCpu).toBeVisible();
});

test('W and S zoom, A and D pan, 0 shows everything again', async ({ window }) => {
  const whole = await spanInView(window);
  await timeline(window).focus();
  for (let i = 0; i < 6; i++) await window.keyboard.press('w');
  await expect.poll(() => spanInView(window)).toBeLessThan(whole / 8);
  const ruler = window.getByTestId('ruler');
  const here = await picture(ruler);
  await window.keyboard.press('d');
  await expect.poll(() => picture(ruler)).not.toBe(here);
  await window.keyboard.press('a');
  await expect.poll(() => picture(ruler)).toBe(here);
  await window.keyboard.press('s');
  await window.keyboard.press('0');
  await expect.poll(() => spanInView(window)).toBe(whole);
});

test('a click selects slice and thread and moves the cursor there; a drag selects a time range', async ({
  window,
}) => {
  await field(window).hover({ position: { x: 400, y: 200 } });
  for (let i = 0; i < 14; i++) await wheel(window, -100, 'Control');
  const cpu = timeline(window).getByRole('button', { name: /^CPU 1/ });
  const { y, height } = (await cpu.boundingBox())!;
  const { x, y: top } = (await field(window).boundingBox())!;
  await window.mouse.click(x + 420, y + height / 2);
  // The thread that ran there gets its own large row on top.
  await expect(timeline(window).locator('li').first()).toContainText(/LWP \d+/);
  await expect(timeline(window).locator('.outline.chosen')).toBeVisible();
  const cursor = window.getByTestId('cursor-line');
  await expect.poll(async () => Math.abs((await cursor.boundingBox())!.x - (x + 420))).toBeLessThan(8);

  await window.mouse.move(x + 200, top + 150);
  await window.mouse.down();
  await window.mouse.move(x + 500, top + 150, { steps: 5 });
  await window.mouse.up();
  const range = window.getByTestId('time-selection');
  expect(Math.abs((await range.boundingBox())!.width - 300)).toBeLessThan(16);
  await window.keyboard.press('Escape');
  await expect(range).toHaveCount(0);
});

test('double-clicking a slice shows it from end to end', async ({ window }) => {
  const whole = await spanInView(window);
  await field(window).hover({ position: { x: 300, y: 200 } });
  for (let i = 0; i < 12; i++) await wheel(window, -100, 'Control');
  const cpu = (await timeline(window)
    .getByRole('button', { name: /^CPU 2/ })
    .boundingBox())!;
  const { x } = (await field(window).boundingBox())!;
  await window.mouse.dblclick(x + 300, cpu.y + cpu.height / 2);
  await expect.poll(() => spanInView(window)).toBeLessThan(whole / 50);
});

test('filtering leaves the lanes that match, pinning puts one on top, hiding takes one away', async ({
  window,
}) => {
  const lane = (name: RegExp) => timeline(window).getByRole('button', { name });
  // The thread that the trace opens on stands on top until it is let go.
  await window.keyboard.press('Escape');
  await expect(timeline(window).locator('li').first()).toContainText('CPUs');
  await window.getByRole('searchbox', { name: 'Filter lanes by name' }).fill('cpu 2');
  await expect(lane(/^CPU 2/)).toBeVisible();
  await expect(lane(/^CPU 1/)).toHaveCount(0);
  await expect(lane(/postgres/)).toHaveCount(0);
  await window.keyboard.press('Escape');
  await expect(lane(/^CPU 1/)).toBeVisible();

  await lane(/^CPU 3/).hover();
  await window.keyboard.press('p');
  await expect(timeline(window).locator('li').first()).toContainText('CPU 3');
  await expect(lane(/^CPU 3/)).toHaveCount(2);

  await lane(/^CPU 1/).focus();
  await timeline(window).getByRole('button', { name: 'Hide CPU 1' }).click();
  await expect(lane(/^CPU 1/)).toHaveCount(0);
  // The heading went under the pinned lane, so that nothing moved below the pointer.
  await field(window).hover({ position: { x: 400, y: 200 } });
  await wheel(window, -400);
  await expect(lane(/CPUs/)).toContainText('3 of 4');
  await window.getByRole('button', { name: 'Lane options, 1 hidden' }).click();
  await window.getByRole('button', { name: 'Show CPU 1' }).click();
  await expect(lane(/^CPU 1/)).toBeVisible();
});

test('charts stand on the same axis and show what happened', async ({ window }) => {
  const charts = window.getByRole('region', { name: 'Charts' });
  for (const name of [/^Slots in use over time/, /^Updates of sc_cpu/, /^Decisions of preemption control/]) {
    const chart = charts.getByRole('img', { name });
    await expect(chart.locator('canvas')).toBeVisible();
    const colours = await chart.locator('canvas').evaluate((element) => {
      const { width, height } = element as HTMLCanvasElement;
      const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      return data.filter((value, index) => index % 4 === 3 && value > 0).length;
    });
    expect(colours, String(name)).toBeGreaterThan(100);
    const { x } = (await chart.boundingBox())!;
    expect(x).toBeCloseTo((await field(window).boundingBox())!.x, 0);
  }
});

test('dragging the window in the minimap moves the view', async ({ window }) => {
  await field(window).hover({ position: { x: 400, y: 200 } });
  for (let i = 0; i < 8; i++) await wheel(window, -100, 'Control');
  const frame = window.getByRole('img', { name: /of the trace in view/ });
  const before = (await frame.boundingBox())!;
  const ruler = window.getByTestId('ruler');
  const here = await picture(ruler);
  await window.mouse.move(before.x + before.width / 2, before.y + 10);
  await window.mouse.down();
  await window.mouse.move(before.x + before.width / 2 + 120, before.y + 10, { steps: 4 });
  await window.mouse.up();
  await expect.poll(() => picture(ruler)).not.toBe(here);
  expect((await frame.boundingBox())!.x - before.x).toBeGreaterThan(100);
});

/**
 * A time and a backend of the trace that is preempted soon after it, for the shortest time, and sleeps soon after that.
 */
function aboutToLoseItsCpu(trace: string): { readonly name: string; readonly timeNs: number } {
  const [row] = JSON.parse(
    workbench(
      'query',
      trace,
      `WITH slice AS (
         SELECT lwp_name AS name, state, start_ns, end_ns, row_number() OVER (PARTITION BY lwp ORDER BY start_ns) AS nth
         FROM v_lwp_state)
       SELECT name, (SELECT start_ns FROM slice AS before WHERE before.name = lost.name AND before.nth = lost.nth - 3) AS timeNs
       FROM slice AS lost
       WHERE state = 'preempted' AND nth > 3 AND EXISTS (
         SELECT 1 FROM slice AS asleep
         WHERE asleep.name = lost.name AND state = 'sleeping' AND asleep.nth BETWEEN lost.nth + 1 AND lost.nth + 40)
       ORDER BY end_ns - start_ns LIMIT 1`,
      '--format',
      'json',
    ),
  ) as { name: string; timeNs: number }[];
  return row!;
}

/** Chooses the next slice on the lane of the chosen thread until what is announced of it matches. */
async function stepUntil(page: Page, words: RegExp): Promise<string> {
  const announcement = page.getByTestId('slice-announcement');
  for (let step = 0; step < 60; step++) {
    const before = (await announcement.textContent()) ?? '';
    await page.keyboard.press('.');
    await expect.poll(() => announcement.textContent()).not.toBe(before);
    const text = (await announcement.textContent()) ?? '';
    if (words.test(text)) return text;
  }
  throw new Error(`no slice of which ${words} is said`);
}

test('marks A and B measure time in ms and ticks; the ruler counts from A; flags can be dragged and moved by keys', async ({
  window,
}) => {
  await field(window).hover({ position: { x: 200, y: 150 } });
  await window.keyboard.press('q');
  await field(window).hover({ position: { x: 700, y: 150 } });
  await window.keyboard.press('e');
  const difference = window.getByTestId('mark-difference');
  await expect(difference).toHaveText(/^\d[\d.\u2009]*\u00a0(s|ms) \d+\.\d\d ticks$/);

  const b = window.getByRole('slider', { name: 'Mark B' });
  const before = await difference.textContent();
  const { x, y } = (await b.boundingBox())!;
  await window.mouse.move(x + 8, y + 7);
  await window.mouse.down();
  await window.mouse.move(x + 58, y + 7, { steps: 3 });
  await window.mouse.up();
  await expect.poll(async () => Math.abs((await b.boundingBox())!.x - x - 50)).toBeLessThan(3);
  const dragged = await difference.textContent();
  expect(dragged).not.toBe(before);
  await b.focus();
  await window.keyboard.press('Shift+ArrowRight');
  await expect(difference).not.toHaveText(dragged!);

  await window.keyboard.press('x');
  const range = (await window.getByTestId('time-selection').boundingBox())!;
  expect(Math.abs(range.x + range.width - (await b.boundingBox())!.x - 9)).toBeLessThan(4);

  const ruler = window.getByTestId('ruler');
  const absolute = await picture(ruler);
  await window.getByRole('combobox', { name: 'Ruler units' }).selectOption('relative');
  await expect.poll(() => picture(ruler)).not.toBe(absolute);

  await timeline(window).focus();
  await window.keyboard.press('Shift+Q');
  await expect(difference).toHaveCount(0);
  await expect(b).toHaveCount(0);
});

test('a slice says who took its CPU and who woke it, in words and by arrows with the latency', async ({
  window,
  sampleTrace,
}) => {
  const { name, timeNs } = aboutToLoseItsCpu(sampleTrace);
  await goToThread(window, name, timeNs);
  await timeline(window).focus();
  // Close enough that no two slices share a pixel.
  for (let i = 0; i < 10; i++) await window.keyboard.press('w');
  const announcement = window.getByTestId('slice-announcement');
  const chips = window.getByTestId('slice-chip');
  await stepUntil(window, /preempted/i);
  await expect(announcement).toHaveText(/Preempted .* by /);
  const preemptor = /by ([^,]+)/.exec((await announcement.textContent())!)![1]!;
  await expect(chips.filter({ hasText: `${preemptor} took CPU` })).toHaveText(/off for [\d.]+\u00a0(µs|ms)/);
  await expect(window.getByTestId('slice-arrow').first()).toBeAttached();
  // Who took the CPU is the first lane of its process.
  await expect(timeline(window).getByRole('button', { name: /^postgres/ })).toContainText('related first');
  const lanes = timeline(window)
    .locator('li')
    .getByRole('button', { name: /^backend/ });
  await expect(lanes.nth(1).locator('.name')).toHaveText(preemptor);

  // What follows a sleep was woken by somebody, or by a timer.
  await stepUntil(window, /sleeping/i);
  await stepUntil(window, /./);
  await expect(chips.filter({ hasText: 'woken by' }).first()).toHaveText(/ran after [\d.]+\u00a0(ns|µs|ms)/);
});

test('a lock shows how many wait for it, and puts the threads that wait first', async ({ window }) => {
  const lock = timeline(window).getByRole('button', { name: /^proc_array/ });
  await lock.scrollIntoViewIfNeeded();
  await expect(lock).toContainText(/\d+ waiting/);
  const canvas = window.getByTestId('timeline-canvas');
  const row = (await lock.boundingBox())!;
  const top = (await field(window).boundingBox())!.y;
  const lowerHalf = { top: row.y - top + row.height / 2, height: row.height / 2 - 1 };
  const inRow = await pixelsOf(canvas, '--st-spin', lowerHalf);
  expect(inRow, 'pixels of the curve under the bar').toBeGreaterThan(100);

  await lock.click();
  await expect(timeline(window).getByRole('button', { name: /postgres/ })).toContainText('related first');
});

test('bars can be coloured by thread or process instead of state', async ({ window }) => {
  const canvas = window.getByTestId('timeline-canvas');
  await window.keyboard.press('Escape');
  expect(await pixelsOf(canvas, '--hue-3')).toBe(0);
  await timeline(window).focus();
  await window.keyboard.press('c');
  for (const hue of ['--hue-1', '--hue-3', '--hue-6']) {
    await expect.poll(() => pixelsOf(canvas, hue), hue).toBeGreaterThan(100);
  }
  await window.getByRole('button', { name: 'Lane options' }).click();
  await window.getByRole('radio', { name: 'State' }).click();
  await expect.poll(() => pixelsOf(canvas, '--hue-3')).toBe(0);
});

test('lanes are moved by keys and by dragging their names', async ({ window }) => {
  const cpus = timeline(window).getByRole('button', { name: /^CPU \d/ });
  const order = async () => (await cpus.allTextContents()).map((text) => /CPU \d/.exec(text)![0]);
  expect(await order()).toEqual(['CPU 0', 'CPU 1', 'CPU 2', 'CPU 3']);
  await cpus.nth(0).focus();
  await window.keyboard.press('Alt+ArrowDown');
  await expect.poll(order).toEqual(['CPU 1', 'CPU 0', 'CPU 2', 'CPU 3']);

  const from = (await cpus.nth(3).boundingBox())!;
  const to = (await cpus.nth(0).boundingBox())!;
  await window.mouse.move(from.x + 30, from.y + 8);
  await window.mouse.down();
  await window.mouse.move(from.x + 30, from.y - 4, { steps: 2 });
  await window.mouse.move(from.x + 30, to.y + 2, { steps: 4 });
  await window.mouse.up();
  await expect.poll(order).toEqual(['CPU 3', 'CPU 1', 'CPU 0', 'CPU 2']);

  await window.getByRole('button', { name: 'Lane options' }).click();
  await window.getByRole('button', { name: "Restore the trace's order" }).click();
  await expect.poll(order).toEqual(['CPU 0', 'CPU 1', 'CPU 2', 'CPU 3']);
});

test('the lanes are a list that arrow keys go through, with groups that fold', async ({ window }) => {
  await window.keyboard.press('Escape');
  const group = timeline(window).getByRole('button', { name: /^CPUs/ });
  await group.focus();
  await window.keyboard.press('ArrowDown');
  const first = timeline(window).getByRole('button', { name: /^CPU 0/ });
  await expect(first).toBeFocused();
  const ring = await first.evaluate((element) => getComputedStyle(element).outlineStyle);
  expect(ring).not.toBe('none');
  await window.keyboard.press('Enter');
  await expect(first).toHaveAttribute('aria-pressed', 'true');
  await window.keyboard.press('ArrowUp');
  await expect(group).toBeFocused();
  await window.keyboard.press('ArrowLeft');
  await expect(group).toHaveAttribute('aria-expanded', 'false');
  await window.keyboard.press('ArrowRight');
  await expect(group).toHaveAttribute('aria-expanded', 'true');
  // Past what is in view: the lanes scroll along.
  await window.keyboard.press('End');
  await expect(timeline(window).getByRole('button', { name: /^backend 39/ })).toBeFocused();
});

test('at 200 % zoom no row is cut', async ({ window }) => {
  await window.setViewportSize({ width: 720, height: 450 });
  const area = timeline(window);
  await expect
    .poll(async () => {
      const { y, height } = (await area.boundingBox())!;
      const rows = await area
        .locator('li')
        .evaluateAll((items) =>
          items.map((item) => item.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })),
        );
      return rows.length > 3 && rows.every(({ top, bottom }) => top >= y - 1 && bottom <= y + height + 1);
    })
    .toBe(true);
});

test('after a revocation the rest of the critical section stands in a dashed box; labels have the colour of their bar', async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-revoked-'));
  const trace = join(folder, 'revoked.sctrace');
  const scenario = resolve(
    import.meta.dirname,
    '../../traces/scenarios/convoy-behind-a-revoked-request.yaml',
  );
  workbench('record', scenario, '-o', trace);
  const host = await startHost(trace);
  try {
    await page.goto(host.url);
    await expect(timeline(page)).toHaveAttribute('aria-busy', 'false');
    const row = timeline(page).locator('li').first();
    await expect(row).toContainText(/nopreempt.*revoked/);
    const box = (await row.boundingBox())!;
    const cursor = (await page.getByTestId('cursor-line').boundingBox())!;
    const { x, y } = (await field(page).boundingBox())!;
    // Right of the revocation, in the lower half of the large row: dashes cover a part of the pixels of a line.
    const part = { left: cursor.x - x + 4, top: box.y - y + box.height / 2, height: box.height / 2 };
    const canvas = page.getByTestId('timeline-canvas');
    const line = (await field(page).boundingBox())!.width - part.left;
    await expect.poll(() => pixelsOf(canvas, '--oc-forced', part)).toBeGreaterThan(0.25 * line);
    expect(await pixelsOf(canvas, '--oc-forced', part)).toBeLessThan(0.9 * line);

    // Spinning backends have labels on plates: in the colour of the bar, whatever that tells.
    for (let i = 0; i < 3; i++) await page.keyboard.press('w');
    const first = timeline(page)
      .locator('li:not(.pinned)')
      .getByRole('button', { name: /^backend/ })
      .first();
    const backends = { top: (await first.boundingBox())!.y - y, height: 40 };
    await expect.poll(() => pixelsOf(canvas, '--st-spin', backends)).toBeGreaterThan(50);
    await page.keyboard.press('c');
    await expect.poll(() => pixelsOf(canvas, '--st-spin', backends)).toBe(0);
  } finally {
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});
