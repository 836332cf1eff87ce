import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, startHost, test as base, type RunningHost } from './workbench.ts';

/** Notes are written into the trace: these tests have one of their own. */
const test = base.extend<{
  readonly noted: { readonly page: Page; readonly host: RunningHost; readonly trace: string };
}>({
  noted: async ({ page, sampleTrace }, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'workbench-e2e-notes-'));
    const trace = join(folder, 'noted.sctrace');
    copyFileSync(sampleTrace, trace);
    const host = await startHost(trace);
    await page.goto(host.url);
    await expect(page).toHaveTitle(/noted/);
    await use({ page, host, trace });
    await host.stop();
    rmSync(folder, { recursive: true, force: true });
  },
});

const clock = async (page: Page): Promise<string> =>
  (await page.getByTestId('clock').innerText()).replace(/\s/g, '');

test('marks a moment and a slice, names them, goes back to them, and keeps them with the trace', async ({
  noted,
}) => {
  const { page } = noted;
  const opened = await clock(page);
  await page.keyboard.press('m');
  await expect(page.getByRole('tab', { name: /^Notes/ })).toHaveText(/1/);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('.');
  // The slice is chosen once the trace has said where it is; the timeline announces it.
  await expect(page.getByRole('application').getByText(/^backend 39: /)).toHaveCount(1);
  await page.keyboard.press('Shift+M');
  // The text of a note on a stretch is typed at once.
  await expect(page.locator('input:focus')).toHaveAttribute('placeholder', 'What is here?');
  await page.keyboard.type('the holder is off its CPU');
  await page.keyboard.press('Enter');

  const list = page.getByRole('list', { name: /^Notes/ });
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect.poll(() => clock(page)).toBe(opened);
  await page.keyboard.press('Enter');
  await page.keyboard.type('start here');
  await page.keyboard.press('Enter');

  await page.reload();
  await expect(page).toHaveTitle(/noted/);
  await page.keyboard.press('4');
  await expect(list.getByRole('listitem')).toHaveCount(2);
  await expect(list.getByRole('textbox').nth(0)).toHaveValue('start here');
  await expect(list.getByRole('textbox').nth(1)).toHaveValue('the holder is off its CPU');

  await list
    .getByRole('button', { name: /^Delete/ })
    .first()
    .click();
  await expect(list.getByRole('listitem')).toHaveCount(1);
});
