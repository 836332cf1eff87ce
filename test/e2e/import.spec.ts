/** Real traces from the window: files chosen together are the records of one run. */
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

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
  const message = window.getByRole('alert').filter({ hasText: 'cannot be opened together' });
  await expect(message).toContainText('Import it with the trace of the same run');
  await expect(window).toHaveTitle(/lock-convoy/);
});
