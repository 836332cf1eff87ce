/**
 * How the window feels on a large trace, in a real browser that renders in software: `npm run bench:ui`.
 * Builds first. Prints for each gesture how many frames there were and how long they took (p50, p95, worst), the
 * time from a key to the next paint while data loads, and the renderer's memory while it is used and while other files
 * are opened one after the other.
 *
 * --size N     events of the trace (default 10000000); it is recorded first
 * --trace F    a trace that is there already, instead
 * --minutes N  minutes of scripted use for the memory figures (default 0.5; what is aimed at is said of 10)
 * --memory     only the memory figures, which need no quiet machine
 * --gesture G  only the frames of this gesture: zoom, pan, play, ...
 * --profile F  also writes a CPU profile of the gestures, to load into a browser's developer tools
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type CDPSession, type Page } from '@playwright/test';
import { ensureBuilt } from '../../src-main/bootstrap/build.mjs';
import { browserSwitches, findBrowser } from '../../src-main/bootstrap/find-browser.mjs';
import { startHost } from '../e2e/workbench.ts';
import { installGestures, type Gesture } from './ui-gestures.ts';
import { recordTrace } from './ui-trace.ts';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '10000000' },
    trace: { type: 'string' },
    minutes: { type: 'string', default: '0.5' },
    memory: { type: 'boolean', default: false },
    gesture: { type: 'string' },
    profile: { type: 'string' },
  },
});

const WIDTH = 1600;
const HEIGHT = 900;

const row = (what: string, figure: string): void => console.log(`  ${what.padEnd(34)} ${figure}`);

function percentiles(times: readonly number[], unit = 'ms'): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)}, p95 ${at(0.95)}, worst ${at(1)} ${unit}`;
}

/** The lanes in view have something to show. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('[role=application][aria-busy=false]') !== null,
    undefined,
    { timeout: 60_000 },
  );
}

/** Gesture after gesture: time between frames, and how much of it the main thread worked. */
async function measureFrames(page: Page): Promise<void> {
  const gestures: readonly (readonly [title: string, gesture: Gesture, frames: number])[] = [
    ['zoom in and out, whole to 1 ms', 'zoom', 480],
    ['pan at 1 s across', 'pan-wide', 240],
    ['pan at 50 ms across', 'pan', 240],
    ['pan at 2 ms across', 'pan-close', 240],
    ['play, cursor across the view', 'play', 240],
    ['play, view follows', 'play-follow', 240],
    ['pointer over the lanes', 'hover', 240],
    ['scroll the lanes', 'scroll', 120],
  ];
  console.log('\nframes: time from frame to frame | work of the main thread in each');
  for (const [title, gesture, frames] of gestures) {
    if (options.gesture !== undefined && gesture !== options.gesture) continue;
    await page.keyboard.press('0');
    await page.waitForTimeout(400);
    const { intervals, work } = await page.evaluate(([name, count]) => window.gestures.run(name, count), [
      gesture,
      frames,
    ] as const);
    row(title, `${intervals.length} frames, ${percentiles(intervals)} | ${percentiles(work)}`);
  }
}

/** From a key to the next paint, with the data of the new view still on its way. */
async function measureInput(page: Page): Promise<void> {
  await page.keyboard.press('0');
  await page.evaluate(() => window.gestures.watchKeys());
  const keys = 'wwwwwwwwwwwddddddddaassss0wwwwddwwddwwssaassss0wwwwwwwwwdddssssdddssss0'.repeat(3);
  for (const key of keys) {
    await page.keyboard.press(key);
    await page.waitForTimeout(40);
  }
  const delays = await page.evaluate(() => window.gestures.keyDelays());
  console.log('\nfrom a key to the next paint, while data loads');
  row(`${delays.length} keys`, percentiles(delays));
}

interface Memory {
  /** JavaScript heap in use after a collection, MB. */
  readonly heap: number;
  /** Private memory of the renderer process, MB; null where the system does not tell. */
  readonly renderer: number | null;
  readonly listeners: number;
  readonly nodes: number;
  readonly documents: number;
}

/** What the renderer holds, of which nothing is garbage. */
async function memoryOf(cdp: CDPSession, rendererPid: number | null): Promise<Memory> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { metrics } = await cdp.send('Performance.getMetrics');
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? NaN;
  return {
    heap: metric('JSHeapUsedSize') / 1e6,
    renderer: privateMegabytes(rendererPid),
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    documents: metric('Documents'),
  };
}

/** Linux tells: anonymous pages are what the process itself needs, without the browser's shared code. */
function privateMegabytes(pid: number | null): number | null {
  if (pid === null || process.platform !== 'linux') return null;
  const match = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return match === null ? null : Number(match[1]) / 1e3;
}

const memoryText = ({ heap, renderer, listeners, nodes, documents }: Memory): string =>
  `heap ${heap.toFixed(1)} MB, renderer ${renderer === null ? 'unknown' : `${renderer.toFixed(0)} MB`}, ` +
  `${listeners} listeners, ${nodes} nodes, ${documents} documents`;

/** Zooms, pans, plays, clicks and scrolls for a while, and says after each minute what memory it takes. */
async function measureMemory(
  page: Page,
  cdp: CDPSession,
  pid: number | null,
  minutes: number,
): Promise<void> {
  console.log(`\nmemory in ${minutes} minutes of use`);
  const uses: readonly Gesture[] = ['zoom', 'pan', 'click', 'play-follow', 'scroll', 'hover', 'pan-wide'];
  const round = async (): Promise<void> => {
    for (const gesture of uses) {
      await page.keyboard.press('0');
      await page.evaluate(([name, count]) => window.gestures.run(name, count), [gesture, 60] as const);
    }
  };
  // The first round fills caches up to their limits.
  await round();
  const before = await memoryOf(cdp, pid);
  row('after a first round', memoryText(before));
  const start = performance.now();
  const spent = (): number => (performance.now() - start) / 60_000;
  let most = before;
  for (let told = 0; spent() < minutes;) {
    await round();
    if (Math.floor(spent()) <= told && spent() < minutes) continue;
    told = Math.floor(spent());
    const now = await memoryOf(cdp, pid);
    if ((now.renderer ?? now.heap) > (most.renderer ?? most.heap)) most = now;
    row(`after ${spent().toFixed(1)} minutes`, memoryText(now));
  }
  const after = await memoryOf(cdp, pid);
  row('most', memoryText(most));
  row('growth a minute', `heap ${((after.heap - before.heap) / spent()).toFixed(2)} MB`);
}

/** Events of the files that are opened one after the other. */
const OTHER_FILES = [200_000, 210_000, 220_000, 230_000, 240_000] as const;

/** Opens and closes other files, and says what of them is left: everything of each must go. */
async function measureLeaks(
  page: Page,
  cdp: CDPSession,
  pid: number | null,
  files: readonly string[],
): Promise<void> {
  console.log('\nfiles opened and closed one after the other');
  await page.keyboard.press('Shift+Escape');
  await page.getByRole('application', { name: /^Timeline/ }).waitFor({ state: 'detached' });
  // The first opens what the start page and the reader of uploads need once.
  for (const [at, file] of [files[0]!, ...files].entries()) {
    const choice = page.waitForEvent('filechooser');
    await page.keyboard.press('Control+o');
    await (await choice).setFiles(file);
    await page.getByRole('application', { name: /^Timeline/ }).waitFor();
    await settled(page);
    for (const gesture of ['zoom', 'click'] as const) {
      await page.evaluate(([name, count]) => window.gestures.run(name, count), [gesture, 60] as const);
    }
    await page.keyboard.press('Shift+Escape');
    await page.getByRole('application', { name: /^Timeline/ }).waitFor({ state: 'detached' });
    row(at === 0 ? 'before, once warm' : `${at} opened and closed`, memoryText(await memoryOf(cdp, pid)));
  }
}

await ensureBuilt((line) => console.log(line));
const folder = mkdtempSync(join(tmpdir(), 'workbench-bench-'));
const browser = await chromium.launch({
  executablePath: process.env['WORKBENCH_TEST_BROWSER'] ?? findBrowser() ?? undefined,
  args: [...browserSwitches(), '--disable-gpu'],
});
try {
  const trace = options.trace ?? recordTrace(folder, Number(options.size));
  const host = await startHost(trace);
  try {
    await measure(browser, host.url);
  } finally {
    await host.stop();
  }
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** All that was asked for, in a window on the trace at `url`. */
async function measure(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } });
  await page.addInitScript(installGestures);
  await page.goto(url);
  await page.getByRole('application', { name: /^Timeline/ }).waitFor();
  await settled(page);
  await page.waitForTimeout(1_000);
  const cdp = await page.context().newCDPSession(page);
  const pid = await rendererPid(await browser.newBrowserCDPSession());
  await cdp.send('Performance.enable');
  if (!options.memory) {
    if (options.profile !== undefined) {
      await cdp.send('Profiler.enable');
      await cdp.send('Profiler.setSamplingInterval', { interval: 200 });
      await cdp.send('Profiler.start');
    }
    await measureFrames(page);
    if (options.profile !== undefined) {
      writeFileSync(options.profile, JSON.stringify((await cdp.send('Profiler.stop')).profile));
    }
    if (options.gesture === undefined) await measureInput(page);
  }
  if (options.gesture !== undefined) return;
  await measureMemory(page, cdp, pid, Number(options.minutes));
  await measureLeaks(
    page,
    cdp,
    pid,
    OTHER_FILES.map((events) => recordTrace(folder, events)),
  );
}

async function rendererPid(cdp: CDPSession): Promise<number | null> {
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo');
  // The page that is measured is the busiest by far.
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  return renderers.sort((a, b) => b.cpuTime - a.cpuTime)[0]?.id ?? null;
}
