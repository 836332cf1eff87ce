/**
 * Other tools' traces from the window: files chosen together are the records of one run, and a long one can be watched.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, startHost, test } from './workbench.ts';

const root = resolve(import.meta.dirname, '../..');
const TRACE = join(root, 'traces/real-convoy-spin.ftrace.txt.gz');
const LOCKS = join(root, 'test/fixtures/ftrace/locklogs/convoy-spin.csv.gz');

async function choose(window: Page, ...files: readonly string[]): Promise<void> {
  await expect(window).toHaveTitle(/lock-convoy/);
  const chooser = window.waitForEvent('filechooser');
  await window.keyboard.press('Control+o');
  await (await chooser).setFiles([...files]);
}

test('a trace and its lock log become one trace, whose lock has a lane', async ({ window }) => {
  await choose(window, LOCKS, TRACE);
  await expect(window).toHaveTitle(/real-convoy-spin/);
  const lanes = window.getByRole('application', { name: /timeline/i });
  await expect(lanes).toContainText('convoy-spin');
  await expect(lanes).toContainText('1 lock');
});

test('what cannot be opened together is named, and the open trace stays', async ({ window }) => {
  await choose(window, LOCKS, LOCKS);
  const message = window.getByRole('alert').filter({ hasText: 'together' });
  await expect(message).toContainText('Import it with the trace of the same run');
  await expect(window).toHaveTitle(/lock-convoy/);
});

const LINES_OF_A_PIECE = 20_000;

/** ftrace text of two threads that take turns on one CPU; `bytes` is its least size. */
function writeLongTrace(path: string, bytes: number): void {
  const file = openSync(path, 'w');
  let written = writeSync(file, '# tracer: nop\n');
  for (let line = 0; written < bytes;) {
    let piece = '';
    for (const end = line + LINES_OF_A_PIECE; line < end; line++) {
      const [from, to] = line % 2 === 0 ? [1001, 1002] : [1002, 1001];
      const time = `${Math.floor(line / 1e5)}.${String((line % 1e5) * 10).padStart(6, '0')}`;
      piece += `  turn-${from} [000] d..2. ${time}: sched_switch: prev_comm=turn prev_pid=${from} prev_prio=120 prev_state=S ==> next_comm=turn next_pid=${to} next_prio=120\n`;
    }
    written += writeSync(file, piece);
  }
  closeSync(file);
}

test('a long import fills the timeline, says how far it is, and what it has got stays when it is cancelled', async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'workbench-e2e-import-'));
  const source = join(folder, 'turns.txt');
  writeLongTrace(source, 160e6);
  const host = await startHost(source);
  await page.goto(host.url);

  const bar = page.getByRole('region', { name: 'Importing' });
  await expect(bar).toContainText(/Importing turns\.txt, \d+\s%/);
  await expect(bar).toContainText(/MB of 160\.\d\sMB read/);
  await expect(bar).toContainText(/events\/s/);
  await expect(bar).toContainText(/nearly done|\d s left/);
  // It can be looked at meanwhile.
  const toolbar = page.getByRole('banner', { name: 'Toolbar' });
  await expect(toolbar.getByText('Importing', { exact: true })).toBeVisible();
  await expect(page.getByRole('application', { name: /timeline/i })).toBeVisible();

  await bar.getByRole('button', { name: 'Cancel the import' }).click();
  await expect(bar).toBeHidden();
  await expect(page.getByText('Import cancelled')).toBeVisible();
  await expect(toolbar.getByText('Incomplete', { exact: true })).toBeVisible();
  await page.keyboard.press('Shift+ArrowRight');
  await expect(page.getByRole('row').and(page.locator('[aria-current=true]'))).toBeVisible();
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});
