import { join, resolve } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

const REAL_TRACE = join(resolve(import.meta.dirname, '../..'), 'traces/real-convoy-spin.ftrace.txt.gz');

const inspector = (window: Page): Locator => window.getByRole('complementary', { name: 'Inspector' });

/** What the field-by-field list says of a field of the shared page. */
const slotField = (window: Page, name: string): Locator =>
  window
    .getByTestId('slot-fields')
    .locator('.field')
    .filter({ has: window.getByText(name, { exact: true }) });

/** The bytes of a field, as they lie in memory. */
const bytesOf = (window: Page, label: string): Locator =>
  window
    .getByRole('group', { name: 'Bytes in memory order' })
    .getByRole('button', { name: new RegExp(`^${label} `) })
    .locator('code');

const currentEvent = (window: Page): Locator =>
  window.getByRole('row').and(window.locator('[aria-current=true]'));

test.beforeEach(async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  // From the start, where nothing has been decided yet: what is shown next is what was stepped to.
  await expect(window.getByTestId('decision')).toBeVisible();
  await window.keyboard.press('Control+Home');
  await expect(window.getByTestId('decision')).toBeHidden();
  await window.keyboard.press(']');
  await expect(window.getByTestId('decision')).toBeVisible();
});

test('explains a decision by the values compared and the branch taken', async ({ window }) => {
  const decision = window.getByTestId('decision');
  await expect(decision).toHaveText(
    /(timeleft -?\d+ (> -2|<= 0|< 0)|quantum infinite|sc_nopreempt set)\s*: (yes|no), so /,
  );
  await expect(decision.locator('code').first()).toHaveText(/^(ts|fx|fss)_(tick|preempt|yield|update)$/);
});

test('shows the 16 bytes as they lie in memory, and field by field with the same values', async ({
  window,
}) => {
  const group = window.getByRole('group', { name: 'Bytes in memory order' });
  const hex = (await group.locator('code').allInnerTexts()).join(' ').split(' ');
  expect(hex).toHaveLength(16);
  expect(hex.every((byte) => /^[0-9a-f]{2}$/.test(byte))).toBe(true);

  const memory = Uint8Array.from(hex, (byte) => Number.parseInt(byte, 16));
  const view = new DataView(memory.buffer);
  const decoded = async (name: string): Promise<number> =>
    Number(await slotField(window, name).locator('.value').innerText());
  expect(await decoded('cpu')).toBe(view.getInt32(4, true));
  expect(await decoded('cpri')).toBe(view.getInt8(9));
  expect(await decoded('priority')).toBe(view.getUint8(10));
  expect(await decoded('nopreempt')).toBe(view.getInt16(12, true));
  expect(await decoded('yield')).toBe(view.getInt16(14, true));
});

test('names who last wrote a field, and goes to that event', async ({ window }) => {
  const field = slotField(window, 'nopreempt');
  const value = await field.locator('.value').innerText();
  const writer = field.getByRole('button', { name: /, (kernel|user code)$/ });
  await writer.click();
  await expect(currentEvent(window)).toContainText('sc_nopreempt');
  await expect(currentEvent(window)).toContainText(new RegExp(`→ ${value}$`));
  await expect(field).toContainText('now');
});

test('marks what the last step changed', async ({ window }) => {
  await slotField(window, 'nopreempt')
    .getByRole('button', { name: /, (kernel|user code)$/ })
    .click();
  await expect(currentEvent(window)).toContainText('sc_nopreempt');
  await window.keyboard.press('Shift+ArrowLeft');
  await window.keyboard.press('Shift+ArrowRight');
  await expect(slotField(window, 'nopreempt')).toContainText('changed in the last step');
  await expect(slotField(window, 'cid')).not.toContainText('changed in the last step');
  await expect(bytesOf(window, 'nopreempt')).toBeVisible();
});

test('shows what is left of the quantum and every CPU', async ({ window }) => {
  await expect(inspector(window).getByRole('meter', { name: 'Ticks left of the quantum' })).toBeVisible();
  await expect(window.getByTestId('timeleft')).toHaveText(/^(timeleft -?\d+|quantum infinite)$/);
  const cpus = inspector(window).getByRole('region', { name: 'CPUs' });
  await expect(cpus.getByRole('row')).toHaveCount(5);
  await expect(cpus.getByRole('button', { name: /./ }).nth(1)).toBeVisible();
});

test('chooses the thread of a slot in the page map', async ({ window }) => {
  const map = inspector(window).getByRole('region', { name: /^Slot page/ });
  const slots = map.getByRole('button', { name: /^Slot \d+, backend/ });
  await expect(slots.first()).toBeVisible();
  const last = slots.last();
  const name = /, (.+), /.exec((await last.getAttribute('aria-label')) ?? '')![1]!;
  await last.click();
  await expect(inspector(window).getByRole('heading', { level: 2 })).toHaveText(name);
});

test('lists the history of a field, each row of it a way to its moment', async ({ window }) => {
  const field = slotField(window, 'nopreempt');
  await field.getByRole('button', { name: 'History of nopreempt' }).click();
  const history = window.getByRole('group', { name: 'History of sc_nopreempt' });
  const rows = history.getByRole('listitem');
  await expect(rows).not.toHaveCount(0);
  await expect(bytesOf(window, 'nopreempt').locator('..')).toHaveAttribute('aria-pressed', 'true');

  // Newest first: what a row began with, the row under it ended with.
  const changes = await rows.locator('.change').allInnerTexts();
  const values = changes.map((change) => change.split('→').map((value) => value.trim()));
  for (let i = 1; i < values.length; i++) expect(values[i]![1]).toBe(values[i - 1]![0]);
  await expect(history.getByText(/schedctl_start\s*user/).first()).toBeVisible();

  const count = await rows.count();
  await history.getByRole('button', { name: 'Later' }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(count);
  const first = rows.first();
  const time = await first.locator('.time').innerText();
  await first.getByRole('button').click();
  await expect(window.getByTestId('clock')).toHaveText(time);
  await expect(currentEvent(window)).toContainText('sc_nopreempt');
  // Following a link leaves the list where it is.
  await expect(first).toHaveAttribute('aria-current', 'true');
});

test('has a page for the machine and each thing in it, and a way back', async ({ window }) => {
  const panel = inspector(window);
  const heading = panel.getByRole('heading', { level: 2 });
  const trail = panel.getByRole('navigation', { name: 'Inspector pages' });
  const thread = await heading.innerText();

  await trail.getByRole('button', { name: /^postgres/ }).click();
  await expect(heading).toHaveText(/^postgres \d+$/);
  await expect(panel.getByRole('region', { name: 'LWPs' }).getByRole('listitem')).not.toHaveCount(0);
  await trail.getByRole('button', { name: 'Machine' }).click();
  await expect(heading).toHaveText('Machine');
  await panel.getByRole('button', { name: 'proc_array' }).click();
  await expect(heading).toHaveText('proc_array');
  await expect(panel.getByRole('region', { name: 'Waiting for it' })).toBeVisible();
  await trail.getByRole('button', { name: 'Machine' }).click();
  await expect(heading).toHaveText('Machine');
  await panel.getByRole('region', { name: 'CPUs' }).getByRole('button', { name: 'CPU 2' }).click();
  await expect(heading).toHaveText('CPU 2');
  await expect(panel.getByRole('region', { name: 'Run queue' })).toBeVisible();

  for (const title of ['Machine', 'proc_array', 'Machine', /^postgres/, thread]) {
    await trail.getByRole('button', { name: 'Back' }).click();
    await expect(heading).toHaveText(title);
  }
  await window.keyboard.press('Alt+ArrowRight');
  await expect(heading).toHaveText(/^postgres/);
});

test('explains a decision beside its evidence, from the request to what it led to', async ({ window }) => {
  const title = await window.getByTestId('decision').locator('strong').innerText();
  await window.keyboard.press('y');
  const explanation = window.getByTestId('explanation');
  await expect(explanation.getByRole('heading', { level: 2 })).toHaveText(/\?$/);
  await expect(explanation).toContainText(title);
  await expect(explanation).toContainText('Consequence');
  await expect(explanation).toContainText(/Without nopreempt/);
  // Docked: nothing of the timeline is covered.
  const box = (await explanation.boundingBox())!;
  const timeline = (await window.getByRole('application', { name: /^Timeline/ }).boundingBox())!;
  expect(box.x).toBeGreaterThanOrEqual(timeline.x + timeline.width);

  // The next decision explains itself in the same place, whoever it is about.
  const text = await explanation.innerText();
  await window.keyboard.press(']');
  await expect.poll(() => explanation.innerText()).not.toBe(text);

  await explanation.getByRole('button', { name: 'Back to the LWP' }).click();
  await expect(window.getByTestId('thread-state')).toBeVisible();
});

test('moves through the page map with arrows, and shows the bytes of a slot that nobody owns', async ({
  window,
}) => {
  const panel = inspector(window);
  await panel.getByRole('button', { name: 'Open the page' }).click();
  await expect(panel.getByRole('heading', { level: 2 })).toHaveText('Slot page 0');
  const map = panel.getByRole('group', { name: /^Slots of page 0: \d+ in use/ });
  await expect(map.getByRole('button')).toHaveCount(256);
  await map.locator('[tabindex="0"]').focus();
  await window.keyboard.press('End');
  await expect(map.getByRole('button', { name: 'Slot 255, never used' })).toBeFocused();
  await window.keyboard.press('Home');
  await window.keyboard.press('ArrowRight');
  await expect(map.getByRole('button', { name: /^Slot 1, / })).toBeFocused();
  await window.keyboard.press('Enter');
  await expect(panel.getByRole('region', { name: 'Slot 1', exact: true })).toContainText('held by');
  await expect(panel.getByRole('group', { name: 'Bytes in memory order' })).toBeVisible();
});

test('says of a trace without schedctl data that it has none', async ({ window }) => {
  const chooser = window.waitForEvent('filechooser');
  await window.keyboard.press('Control+o');
  await (await chooser).setFiles(REAL_TRACE);
  await expect(window).toHaveTitle(/real-convoy-spin/, { timeout: 60_000 });
  await expect(inspector(window)).toContainText('No schedctl data in this trace');
  await expect(inspector(window).getByRole('region', { name: 'CPUs' })).toBeVisible();
  await expect(window.getByRole('button', { name: 'Next decision' })).toBeDisabled();
});
