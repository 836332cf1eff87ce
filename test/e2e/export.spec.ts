import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

async function openDialog(window: Page): Promise<Locator> {
  await expect(window).toHaveTitle(/lock-convoy/);
  await window.keyboard.press('Control+e');
  const dialog = window.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toBeVisible();
  return dialog;
}

test('writes the rows of a table, says where they are, and saves a copy', async ({ window }) => {
  const dialog = await openDialog(window);
  await dialog.getByRole('radio', { name: /^CSV/ }).check();
  await dialog.getByRole('radio', { name: 'Whole trace' }).click();
  await dialog.getByRole('combobox', { name: 'Table' }).selectOption('lock_hold');
  await dialog.getByRole('button', { name: 'Export' }).click();
  await expect(dialog.getByRole('status')).toContainText(/Written, .* rows/);
  const path = await dialog.locator('code').innerText();
  const text = readFileSync(path, 'utf8');
  expect(text.slice(0, text.indexOf('\r\n'))).toBe(
    'sync,sync_name,lwp,lwp_name,pid,process_name,start_ns,end_ns',
  );

  const [download] = await Promise.all([
    window.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save a copy' }).click(),
  ]);
  expect(path.endsWith(download.suggestedFilename())).toBe(true);
  expect(readFileSync(await download.path(), 'utf8')).toBe(text);
});

test('cuts the visible time out as a trace', async ({ window }) => {
  const dialog = await openDialog(window);
  await dialog.getByRole('button', { name: 'Export' }).click();
  await expect(dialog.getByRole('status')).toContainText(/Written, .* rows:.*\.sctrace/);
});

test('keeps the focus in the dialog when an export ends, and the keys from what lies behind it', async ({
  window,
}) => {
  const dialog = await openDialog(window);
  const chosen = await window
    .getByRole('complementary', { name: 'Inspector' })
    .getByRole('heading')
    .first()
    .innerText();
  await dialog.getByRole('button', { name: 'Export' }).click();
  await expect(dialog.getByRole('status')).toContainText(/Written, .* rows/);
  await expect(dialog.getByRole('button', { name: 'Export' })).toBeFocused();
  await window.evaluate(() => (document.activeElement as HTMLElement).blur());
  await window.keyboard.press('b');
  await window.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(window.getByRole('table', { name: 'Events' })).toBeVisible();
  await expect(
    window.getByRole('complementary', { name: 'Inspector' }).getByRole('heading').first(),
  ).toHaveText(chosen);
});

test('gives a browser the folder of all tables as one archive, and says so', async ({ window }) => {
  const dialog = await openDialog(window);
  await dialog.getByRole('radio', { name: /^Parquet/ }).check();
  await dialog.getByRole('button', { name: 'Export' }).click();
  await expect(dialog.getByRole('status')).toContainText(/Written, .* rows/);
  const [download] = await Promise.all([
    window.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save a copy (.zip)' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.zip$/);
  const archive = readFileSync(await download.path());
  expect(archive.subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  const path = await dialog.locator('code').innerText();
  for (const name of readdirSync(path)) {
    expect(archive.includes(`${basename(path)}/${name}`), name).toBe(true);
    expect(archive.includes(readFileSync(join(path, name))), `${name}, byte for byte`).toBe(true);
  }
});
