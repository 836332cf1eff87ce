import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, goToThread, startHost, test as base, type RunningHost } from './workbench.ts';

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
  // A thread that runs on: the one that the trace opens on waits to its end.
  await goToThread(page, 'backend 12', 100e6);
  const opened = await clock(page);
  await page.keyboard.press('m');
  await expect(page.getByRole('tab', { name: /^Notes/ })).toHaveText(/1/);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('.');
  // The slice is chosen once the trace has said where it is; the timeline announces it.
  await expect(page.getByRole('application').getByText(/^backend 12: /)).toHaveCount(1);
  await page.keyboard.press('Shift+M');
  // The text of a note on a time range is typed at once.
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

test('stand on the time axis as flags, with a count where they would overlap, in step with the list', async ({
  noted,
}) => {
  const { page } = noted;
  const strip = page.getByRole('group', { name: 'Notes on the time axis' });
  const flags = strip.getByRole('button');
  await expect(strip).toHaveCount(0);
  const opened = await clock(page);
  await page.keyboard.press('m');
  await expect(flags).toHaveAccessibleName(/^Note at [\d.\s]+ s$/);
  await page.keyboard.press(']');
  await expect.poll(() => clock(page)).not.toBe(opened);
  const decided = await clock(page);
  await page.keyboard.press('m');
  await expect(page.getByRole('tab', { name: /^Notes/ })).toHaveText(/2/);

  // In the whole trace both stand on the same place.
  await page.keyboard.press('0');
  await expect(flags).toHaveAccessibleName(/^2 notes from /);
  await expect(flags).toHaveText('2');
  const whole = (await flags.boundingBox())!;
  await flags.click();
  await expect(flags).toHaveCount(2);
  const apart = (await flags.nth(1).boundingBox())!.x - (await flags.nth(0).boundingBox())!.x;
  expect(apart).toBeGreaterThan(whole.width);

  // A flag is the way to its note, and each has a line down to the charts where the cursor then stands.
  const list = page.getByRole('list', { name: /^Notes/ });
  await flags.nth(0).click();
  await expect.poll(() => clock(page)).toBe(opened);
  await expect(list.getByRole('listitem').nth(0)).toHaveAttribute('aria-current', 'true');
  const line = (await page.getByTestId('note-line').nth(0).boundingBox())!;
  const cursor = (await page.getByTestId('cursor-line').boundingBox())!;
  expect(Math.abs(line.x - cursor.x)).toBeLessThanOrEqual(1);
  const lanes = (await page.getByTestId('timeline-field').boundingBox())!;
  expect(line.y + line.height).toBeGreaterThan(lanes.y + lanes.height);

  await page.keyboard.press('n');
  await expect.poll(() => clock(page)).toBe(decided);
  await expect(list.getByRole('listitem').nth(1)).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('n');
  await expect(page.getByText('No next note')).toBeVisible();
  await page.keyboard.press('Shift+N');
  await expect.poll(() => clock(page)).toBe(opened);

  // What is typed in the list stands beside the flag at once.
  await list.getByRole('textbox').nth(0).fill('start here');
  await page.keyboard.press('Enter');
  await expect(flags.nth(0)).toHaveText('start here');
  await expect(flags.nth(0)).toHaveAttribute('title', / s: start here$/);
});
