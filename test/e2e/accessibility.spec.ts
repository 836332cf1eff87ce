import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, startHost, test } from './workbench.ts';

const root = resolve(import.meta.dirname, '../..');

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'];
/** What a theme decides; all else is the same in both. */
const RULES_OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/**
 * What axe finds against WCAG 2.1 AA, each rule with the places that break it: all in the dark theme, those of colour
 * in the light one.
 */
async function violations(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  await coloursRest(page, 'light');
  const light = await found(axeOn(page).withRules(RULES_OF_COLOUR));
  await page.emulateMedia({ colorScheme: 'dark' });
  await coloursRest(page, 'dark');
  return [...(await found(axeOn(page).withTags(WCAG))), ...light.map((one) => `light: ${one}`)];
}

/**
 * Axe in the page itself, as the window's policy allows no frames. What passes is not described, a fifth of the time.
 */
const axeOn = (page: Page): AxeBuilder =>
  new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true);

async function found(axe: AxeBuilder): Promise<string[]> {
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

/** The theme is there, and nothing is half-way between two colours. */
async function coloursRest(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter((animation) => animation instanceof CSSTransition);
    await Promise.all(moving.map((animation) => animation.finished.catch(() => undefined)));
  });
}

test.use({ colorScheme: 'dark' });

test('the window has no fault that axe knows, whichever list is open', async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  for (const [tab, what] of [
    ['SQL', window.getByRole('textbox', { name: 'SQL' })],
    ['Summary', window.getByRole('table', { name: 'Summary by LWP' }).getByRole('row').nth(1)],
    ['Notes', window.getByText('No notes yet.')],
    ['Findings', window.getByRole('table', { name: 'Findings' }).getByRole('row').nth(1)],
    ['Events', window.getByRole('table', { name: 'Events' }).getByRole('row').nth(1)],
  ] as const) {
    await window.getByRole('tab', { name: tab }).click();
    await expect(what).toBeVisible();
    expect(await violations(window), tab).toEqual([]);
  }
});

test('dialogs, menus and the palette have none', async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  for (const [key, name] of [
    ['?', 'Keys'],
    ['Control+Shift+P', 'Command palette'],
    ['r', 'Record a scenario'],
    ['Control+e', 'Export'],
  ] as const) {
    await window.keyboard.press(key);
    const dialog = window.getByRole('dialog', { name });
    await expect(dialog).toBeVisible();
    expect(await violations(window), name).toEqual([]);
    await window.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  }
  for (const [button, name] of [
    [/^View/, 'View'],
    [/^Lane options/, 'Lane options'],
  ] as const) {
    await window.getByRole('button', { name: button }).click();
    await expect(window.getByRole('dialog', { name })).toBeVisible();
    expect(await violations(window), name).toEqual([]);
    await window.keyboard.press('Escape');
  }
  await window.getByRole('button', { name: 'More', exact: true }).click();
  await expect(window.getByRole('menu', { name: 'More' })).toBeVisible();
  expect(await violations(window), 'More').toEqual([]);
});

test('what a dialog says of a mistake, of work under way and of its end has none', async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
  await window.keyboard.press('r');
  const record = window.getByRole('dialog', { name: 'Record a scenario' });
  const scenario = record.getByRole('textbox', { name: 'Scenario, YAML' });
  await expect(scenario).toContainText('cpus:');
  await scenario.click();
  await window.keyboard.press('Control+Home');
  await window.keyboard.type('cpu: none\n');
  await record.getByRole('textbox', { name: 'CPUs' }).fill('0');
  await expect(record.getByTestId('problems')).toContainText(/line 1/);
  expect(await violations(window), 'a scenario with a mistake').toEqual([]);
  await window.keyboard.press('Escape');

  await window.keyboard.press('Control+e');
  const exporting = window.getByRole('dialog', { name: 'Export' });
  await exporting.getByRole('radio', { name: /^CSV/ }).check();
  await exporting.getByRole('button', { name: 'Export' }).click();
  await expect(exporting.getByRole('status')).toContainText(/Written, .* rows/);
  expect(await violations(window), 'an export that is done').toEqual([]);
  await window.keyboard.press('Escape');

  await window.keyboard.press('Shift+ArrowRight');
  await window.keyboard.press('y');
  await expect(window.getByTestId('explanation')).toContainText('Consequence');
  expect(await violations(window), 'a decision explained').toEqual([]);

  await window.getByRole('tab', { name: 'SQL' }).click();
  const editor = window.getByRole('textbox', { name: 'SQL' });
  await editor.click();
  for (const [sql, what] of [
    ['SELECT * FROM nowhere', 'nowhere'],
    ['SELECT * FROM lwp', 'backend'],
  ] as const) {
    await window.keyboard.press('Control+a');
    await window.keyboard.type(sql);
    await window.keyboard.press('Control+Enter');
    await expect(window.getByRole('tabpanel')).toContainText(what);
    expect(await violations(window), sql).toEqual([]);
  }
});

test('messages and the report of an import have none', async ({ page, host }) => {
  await page.goto(host.url);
  await expect(page).toHaveTitle(/lock-convoy/);
  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (
    await chooser
  ).setFiles({ name: 'shopping.txt', mimeType: 'text/plain', buffer: Buffer.from('bread\n') });
  await expect(page.getByRole('alert')).toContainText('shopping.txt');
  expect(await violations(page), 'a message').toEqual([]);

  const second = page.waitForEvent('filechooser');
  await page.keyboard.press('Control+o');
  await (await second).setFiles(join(root, 'traces/real-convoy-spin.ftrace.txt.gz'));
  await expect(page).toHaveTitle(/real-convoy-spin/);
  await page.keyboard.press('Shift+R');
  await expect(page.getByRole('dialog', { name: 'Import report' })).toBeVisible();
  expect(await violations(page), 'the report').toEqual([]);
});

test('the start page, a recording under way and a trace that is not whole have none', async ({ page }) => {
  const host = await startHost();
  await page.goto(host.url);
  await expect(page.getByRole('button', { name: 'Record a scenario' })).toBeVisible();
  expect(await violations(page), 'the start page').toEqual([]);

  await page.keyboard.press('r');
  const dialog = page.getByRole('dialog', { name: 'Record a scenario' });
  await dialog.getByRole('textbox', { name: 'Duration' }).fill('3600 s');
  await dialog.getByRole('button', { name: /^Record/ }).click();
  const bar = page.getByRole('region', { name: 'Recording' });
  await expect(bar).toContainText(/events\/s/);
  expect(await violations(page), 'while recording').toEqual([]);
  await bar.getByRole('button', { name: 'Stop recording' }).click();
  await expect(page.getByText('Recording cancelled')).toBeVisible();
  await expect(page.getByRole('region', { name: 'About this trace' })).toContainText('incomplete');
  expect(await violations(page), 'what was recorded up to there').toEqual([]);
  await host.stop();
});

test('the page of a window that has no way in has none', async ({ page, host }) => {
  await page.goto(new URL('/', host.url).href);
  await expect(page.getByText(/Open the full address/)).toBeVisible();
  expect(await violations(page)).toEqual([]);
});
