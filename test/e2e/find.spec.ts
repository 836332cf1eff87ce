import type { Locator, Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

const clock = async (window: Page): Promise<string> =>
  (await window.getByTestId('clock').innerText()).replace(/\s/g, '');
const inspected = (window: Page): Locator =>
  window.getByRole('complementary', { name: 'Inspector' }).getByRole('heading', { level: 2 });

async function openPalette(window: Page): Promise<Locator> {
  await window.keyboard.press('Control+Shift+P');
  const palette = window.getByRole('dialog', { name: 'Command palette' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  return palette;
}

test.beforeEach(async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await expect(window.getByRole('table', { name: 'Events' }).getByRole('row').nth(1)).toBeVisible();
});

test('runs an action that is found by a few letters of its name, and shows its key', async ({ window }) => {
  const palette = await openPalette(window);
  await window.keyboard.type('dec nex');
  const first = palette.getByRole('option').first();
  await expect(first).toHaveText(/^Next decision\s*\]$/);
  await expect(first).toHaveAttribute('aria-selected', 'true');
  await expect(first.locator('mark')).toHaveText(['Nex', 'dec']);
  const before = await clock(window);
  await window.keyboard.press('Enter');
  await expect(palette).toBeHidden();
  await expect.poll(() => clock(window)).not.toBe(before);
});

test('goes to threads, CPUs and times, each with a character of its own', async ({ window }) => {
  let palette = await openPalette(window);
  await window.keyboard.type('@backend');
  await window.keyboard.press('ArrowDown');
  const wanted = palette.getByRole('option', { selected: true });
  const name = (await wanted.locator('.truncate').first().innerText()).trim();
  await window.keyboard.press('Enter');
  await expect(inspected(window)).toHaveText(name);

  palette = await openPalette(window);
  await window.keyboard.type('#1');
  await expect(palette.getByRole('option').first()).toHaveText(/^CPU 1/);
  await window.keyboard.press('Escape');
  await expect(palette).toBeHidden();

  await openPalette(window);
  await window.keyboard.type(':350 ms');
  await window.keyboard.press('Enter');
  await expect.poll(() => clock(window)).toBe('0.350000000');
});

test('opens by > wherever nothing is typed, also from the find field', async ({ window }) => {
  await window.keyboard.press('/');
  await window.keyboard.type('>');
  const palette = window.getByRole('dialog', { name: 'Command palette' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await window.keyboard.type('zzz');
  await expect(palette.getByText('No matching action or place.')).toBeVisible();
  await window.keyboard.press('Escape');
  await window.keyboard.press('>');
  await expect(palette).toBeVisible();
});

test('finds the next event of a kind, and chooses its thread', async ({ window }) => {
  await window.keyboard.press('Control+p');
  await window.keyboard.type('sc_yield');
  const found = window.getByRole('listbox', { name: 'Found' }).getByRole('option').first();
  await expect(found).toHaveText(/sc_yield.*Next event of this kind/s);
  await window.keyboard.press('Enter');
  const current = window.getByRole('row').and(window.locator('[aria-current=true]'));
  await expect(current).toContainText('sc_yield');
  const thread = (await current.getByRole('cell').nth(3).innerText()).trim();
  await expect(inspected(window)).toHaveText(thread);
});

test('gives every action that can be run a name and a key', async ({ window }) => {
  const palette = await openPalette(window);
  await window.keyboard.type('>');
  await expect(palette.getByRole('option').nth(20)).toBeAttached();
  for (const option of await palette.getByRole('option').all()) {
    expect(await option.locator('kbd').count(), await option.innerText()).toBeGreaterThan(0);
  }
});
