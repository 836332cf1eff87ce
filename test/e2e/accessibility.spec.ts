import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, startHost, test } from './workbench.ts';

/** What axe finds against WCAG 2.1 AA: each rule with the places that break it. */
async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    // Runs in the page itself: the window's policy allows no frames.
    .setLegacyMode(true)
    .analyze();
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  );
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(`in the ${colorScheme} theme`, () => {
    test.use({ colorScheme });

    test('the window has no fault that axe knows, whichever list is open', async ({ window }) => {
      await expect(window).toHaveTitle(/lock-convoy/);
      for (const [tab, what] of [
        ['SQL', window.getByRole('textbox', { name: 'SQL' })],
        ['Selection', window.getByRole('table', { name: 'Sums by thread' }).getByRole('row').nth(1)],
        ['Notes', window.getByText('No notes yet.')],
        ['Events', window.getByRole('table', { name: 'Events' }).getByRole('row').nth(1)],
      ] as const) {
        await window.getByRole('tab', { name: tab }).click();
        await expect(what).toBeVisible();
        expect(await violations(window), tab).toEqual([]);
      }
    });

    test('dialogs and the palette have none', async ({ window }) => {
      await expect(window).toHaveTitle(/lock-convoy/);
      for (const [key, name] of [
        ['?', 'Keys'],
        ['Control+Shift+P', 'Command palette'],
        ['r', 'Record a scenario'],
      ] as const) {
        await window.keyboard.press(key);
        const dialog = window.getByRole('dialog', { name });
        await expect(dialog).toBeVisible();
        expect(await violations(window), name).toEqual([]);
        await window.keyboard.press('Escape');
        await expect(dialog).toBeHidden();
      }
    });
  });
}

test('the start page has none', async ({ page }) => {
  const host = await startHost();
  await page.goto(host.url);
  await expect(page.getByRole('button', { name: 'Record a scenario' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await host.stop();
});
