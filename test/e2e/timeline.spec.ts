/** The timeline as a reader uses it, on a recorded trace: what is drawn, zoom, pan, choosing, filtering. */
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

const timeline = (page: Page): Locator => page.getByRole('application', { name: /^Timeline/ });
const field = (page: Page): Locator => page.getByTestId('timeline-field');

/** What a canvas shows, as a short text that differs when a pixel differs. */
async function picture(canvas: Locator): Promise<string> {
  return canvas.evaluate(async (element) => {
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    const digest = await crypto.subtle.digest('SHA-256', data);
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  });
}

/** How many pixels of a canvas have the colour of a token, within what smoothing does to edges. */
async function pixelsOf(canvas: Locator, token: string): Promise<number> {
  return canvas.evaluate((element, name) => {
    const hex = getComputedStyle(document.documentElement).getPropertyValue(name).trim().slice(1);
    // The build shortens #ffffff to #fff.
    const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join('') : hex;
    const wanted = [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16));
    const { width, height } = element as HTMLCanvasElement;
    const { data } = (element as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (wanted.every((value, channel) => Math.abs(data[i + channel]! - value) < 3)) count++;
    }
    return count;
  }, token);
}

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
  await expect(timeline(window).getByRole('button', { name: /postgres/ })).toContainText('40 threads');
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

test('a click chooses slice and thread and puts the cursor there; a drag chooses a stretch of time', async ({
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
  const stretch = window.getByTestId('time-selection');
  expect(Math.abs((await stretch.boundingBox())!.width - 300)).toBeLessThan(16);
  await window.keyboard.press('Escape');
  await expect(stretch).toHaveCount(0);
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
  await window.getByRole('button', { name: '1 hidden' }).click();
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
