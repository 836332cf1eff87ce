/**
 * What a trace does not tell is hatched: behind the place where a recording was cut off, and where an import lost
 * sight.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Locator, Page } from '@playwright/test';
import { projectNode } from '../../src-main/bootstrap/paths.mjs';
import { inkedPart, pixelsOf } from './canvas-pixels.ts';
import { built, expect, startHost, test as base, workbench } from './workbench.ts';

const root = resolve(import.meta.dirname, '../..');
/** So much of the trace is safe in the file when the recording is killed. */
const ENOUGH_BYTES = 3e6;

const test = base.extend<{ readonly folder: string }>({
  folder: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'workbench-e2e-unknown-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
});

/** A recording that was killed on its way; answers the path of what it left. */
async function cutOff(folder: string): Promise<string> {
  const path = join(folder, 'cut-off.sctrace');
  const scenario = join(root, 'traces/scenarios/lock-convoy.yaml');
  const child = spawn(projectNode, [built('cli'), 'record', scenario, '-o', path, '--duration', '3600 s'], {
    stdio: 'ignore',
  });
  const ended = new Promise((done) => child.once('exit', done));
  const log = `${path}.part-wal`;
  while (!existsSync(log) || statSync(log).size < ENOUGH_BYTES) await pause(20);
  child.kill('SIGKILL');
  await ended;
  return `${path}.part`;
}

async function show(page: Page, trace: string, use: () => Promise<void>): Promise<void> {
  const host = await startHost(trace);
  try {
    await page.goto(host.url);
    await expect(page.getByRole('application', { name: /^Timeline/ })).toHaveAttribute('aria-busy', 'false');
    await use();
  } finally {
    await host.stop();
  }
}

const lane = (page: Page, name: RegExp): Locator =>
  page.getByRole('list', { name: 'Lanes' }).getByRole('button', { name });

test('lanes and charts end where a recording was cut off, and hatching goes on to where it was to end', async ({
  page,
  folder,
}) => {
  await show(page, await cutOff(folder), async () => {
    await page.keyboard.press('0');
    const gap = page.getByTestId('recording-gap');
    await expect(gap).toContainText(/Not recorded\s*cut off at [\d.]+ s of 3[\d\s\u2009]*600\.000 s/);
    const { x, y, width, height } = (await gap.boundingBox())!;
    // What is missing does not crowd out what is there.
    const field = (await page.getByTestId('timeline-field').boundingBox())!;
    expect(width).toBeGreaterThan(0.2 * field.width);
    expect(width).toBeLessThan(0.3 * field.width);
    expect(x + width).toBeCloseTo(field.x + field.width, 0);
    expect(y + height).toBeGreaterThan(field.y + field.height);
    const row = (await lane(page, /^CPU 2/).boundingBox())!;
    const bar = { y: row.y + 4, height: 8, width: 60 };
    // Lines on an empty ground, against a bar that is filled.
    const hatched = await inkedPart(page, { ...bar, x: x + 100 }, '--bg-lane');
    expect(hatched).toBeGreaterThan(0.1);
    expect(hatched).toBeLessThan(0.6);
    expect(await inkedPart(page, { ...bar, x: x - 100 }, '--bg-lane')).toBeGreaterThan(0.9);

    // Nothing can be chosen there, and the cursor does not go there.
    await page.mouse.move(x - 50, field.y + 60);
    await page.mouse.down();
    await page.mouse.move(x + 100, field.y + 60, { steps: 4 });
    await page.mouse.up();
    const range = (await page.getByTestId('time-selection').boundingBox())!;
    expect(Math.abs(range.x + range.width - x)).toBeLessThan(4);
  });
});

test('threads and CPUs of which an import lost sight are hatched until they are seen again', async ({
  page,
  folder,
}) => {
  const trace = join(folder, 'lost.sctrace');
  workbench('import', join(root, 'test/fixtures/ftrace/lost-1k.perf-script.txt.gz'), '-o', trace);
  await show(page, trace, async () => {
    await page.keyboard.press('0');
    const field = (await page.getByTestId('timeline-field').boundingBox())!;
    const row = (await lane(page, /^Chrome_IOThread/).boundingBox())!;
    // Events were lost from the start on; the thread was seen again after 1.6 of 9.06 ms.
    const part = { top: row.y - field.y, height: row.height };
    const canvas = page.getByTestId('timeline-canvas');
    const lost = { ...part, width: 0.15 * field.width };
    const hatch = await pixelsOf(canvas, '--hatch', lost);
    const pixels = lost.width * lost.height;
    expect(hatch).toBeGreaterThan(0.08 * pixels);
    expect(hatch).toBeLessThan(0.4 * pixels);
    // Neither hatched nor empty later on.
    const later = { ...part, left: 0.8 * field.width };
    expect(await pixelsOf(canvas, '--hatch', later)).toBe(0);
    expect(await pixelsOf(canvas, '--st-rq', later)).toBeGreaterThan(100);

    // So is the CPU that lost them: what looks idle need not have been. It did between 2.6 and 4.8 ms; the other CPU
    // did not.
    for (const [cpu, isLost] of [
      [/^CPU 0/, true],
      [/^CPU 1/, false],
    ] as const) {
      const row = (await lane(page, cpu).boundingBox())!;
      const between = {
        top: row.y - field.y,
        height: row.height,
        left: 0.3 * field.width,
        width: 0.2 * field.width,
      };
      if (isLost) await expect.poll(() => pixelsOf(canvas, '--hatch', between)).toBeGreaterThan(100);
      else expect(await pixelsOf(canvas, '--hatch', between)).toBe(0);
    }
  });
});
