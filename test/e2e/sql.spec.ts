import type { Locator, Page } from '@playwright/test';
import { expect, test } from './workbench.ts';

const answer = (window: Page): Locator => window.getByRole('table', { name: 'Answer' });
const clock = async (window: Page): Promise<string> =>
  (await window.getByTestId('clock').innerText()).replace(/\s/g, '');

async function ask(window: Page, sql: string): Promise<void> {
  const editor = window.getByRole('textbox', { name: 'SQL' });
  await editor.click();
  await window.keyboard.press('Control+a');
  // Pasted, not typed: completion and closing brackets are not what is tested here.
  await window.evaluate((text) => navigator.clipboard.writeText(text), sql);
  await window.keyboard.press('Control+v');
  await window.keyboard.press('Control+Enter');
}

test.beforeEach(async ({ window, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await expect(window).toHaveTitle(/lock-convoy/);
  await window.getByRole('tab', { name: 'SQL' }).click();
  await expect(window.getByRole('textbox', { name: 'SQL' })).toContainText('FROM v_decision');
});

// The context goes on to the next test, and permissions are not taken away by themselves.
test.afterEach(({ context }) => context.clearPermissions());

test('answers, and goes to the time and the thread of a row', async ({ window }) => {
  await ask(
    window,
    "SELECT seq, time_ns, lwp, lwp_name, outcome FROM v_decision WHERE outcome = 'yielded' LIMIT 3",
  );
  await expect(answer(window).locator('.sheet').getByRole('row')).toHaveCount(3);
  const row = answer(window).locator('.sheet').getByRole('row').nth(1);
  const [, time, , thread] = (await row.getByRole('cell').allInnerTexts()).map((cell) => cell.trim());
  await row.getByRole('cell').nth(4).click();
  await expect.poll(() => clock(window)).toBe(time!.replace(/\s/g, ''));
  await expect(
    window.getByRole('complementary', { name: 'Inspector' }).getByRole('heading', { level: 2 }),
  ).toHaveText(thread!);
});

test('pages through more rows than are in the document', async ({ window }) => {
  await ask(window, 'SELECT seq, time_ns FROM event LIMIT 20000');
  await expect(answer(window)).toHaveAttribute('aria-rowcount', '20001');
  await answer(window).evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await expect(answer(window).getByRole('cell', { name: '20000', exact: true })).toBeVisible();
  expect(await answer(window).getByRole('row').count()).toBeLessThan(100);
});

test('says what is wrong with a statement, and refuses to write', async ({ window }) => {
  await ask(window, 'SELECT nonsense FROM event');
  await expect(window.getByRole('alert')).toContainText('nonsense');
  await ask(window, 'DELETE FROM event');
  await expect(window.getByRole('alert')).toBeVisible();
  await expect(window.getByRole('alert')).not.toContainText('nonsense');
});

test('stops a query that takes too long for its reader', async ({ window }) => {
  await ask(window, 'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n');
  await window.getByRole('button', { name: 'Stop' }).click();
  await expect(window.getByText('Stopped.')).toBeVisible();
  await expect(window.getByRole('button', { name: /^Run Ctrl/ })).toBeVisible();
});

test('completes names of views and columns, and shows what there is', async ({ window }) => {
  const editor = window.getByRole('textbox', { name: 'SQL' });
  await editor.click();
  await window.keyboard.press('Control+a');
  await window.keyboard.type('SELECT * FROM v_lock');
  await expect(window.locator('.cm-tooltip-autocomplete')).toContainText('v_lock_hold');
  await window.keyboard.press('Escape');
  await window.getByRole('button', { name: 'Tables' }).click();
  await window.getByRole('button', { name: 'v_wakeup' }).click();
  await expect(editor).toContainText('FROM v_wakeup');
});
