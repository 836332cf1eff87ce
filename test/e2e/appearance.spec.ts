import { expect, test } from './workbench.ts';

test('follows the theme of the system, and keeps the one that the reader chose', async ({ window }) => {
  const root = window.locator('html');
  await window.emulateMedia({ colorScheme: 'dark' });
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await window.emulateMedia({ colorScheme: 'light' });
  await expect(root).toHaveAttribute('data-theme', 'light');

  const view = window.getByRole('button', { name: /^View/ });
  await view.click();
  const theme = window.getByRole('radiogroup', { name: 'Theme' });
  await expect(theme.getByRole('radio', { name: 'System' })).toBeChecked();
  await theme.getByRole('radio', { name: 'Dark' }).click();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  // Written a moment after the last change.
  await window.waitForTimeout(1_000);
  await window.reload();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await view.click();
  await expect(theme.getByRole('radio', { name: 'Dark' })).toBeChecked();
  await theme.getByRole('radio', { name: 'System' }).click();
  await expect(root).toHaveAttribute('data-theme', 'light');
  await window.waitForTimeout(1_000);
});

test('has a menu for colours, density and ruler, which the keys change as well', async ({ window }) => {
  const root = window.locator('html');
  await window.getByRole('button', { name: /^View/ }).click();
  const menu = window.getByRole('dialog', { name: 'View' });
  await menu.getByRole('radio', { name: 'Colour-blind safe' }).click();
  await expect(root).toHaveAttribute('data-colours', 'colour-blind');
  await menu.getByRole('radio', { name: 'Roomy' }).click();
  await expect(root).toHaveAttribute('data-density', 'roomy');
  await menu.getByRole('radio', { name: 'Ticks' }).click();
  const ruler = window.getByRole('combobox', { name: 'Ruler units' });
  await expect(ruler).toHaveValue('ticks');
  await window.keyboard.press('Escape');
  await expect(menu).toBeHidden();

  await window.keyboard.press('Shift+G');
  await expect(ruler).toHaveValue('absolute');
  await window.keyboard.press('Shift+C');
  await expect(root).toHaveAttribute('data-colours', 'usual');
  await window.keyboard.press('Shift+T');
  await expect(root).toHaveAttribute('data-density', 'default');
  await window.waitForTimeout(1_000);
});

for (const [what, width, height] of [
  ['a small screen', 1280, 720],
  ['a screen at 200 % zoom', 720, 450],
  ['a small screen at 200 % zoom', 640, 360],
] as const) {
  test(`fits ${what}: nothing runs out of the window or over its neighbour`, async ({ window }) => {
    await window.setViewportSize({ width, height });
    await expect(window.locator('html')).toHaveAttribute('data-density', 'compact');
    const controls = window.getByRole('banner', { name: 'Toolbar' }).getByRole('button');
    const boxes = await Promise.all((await controls.all()).map((control) => control.boundingBox()));
    for (const box of boxes) {
      expect(box!.x).toBeGreaterThanOrEqual(0);
      expect(box!.x + box!.width).toBeLessThanOrEqual(width);
    }
    const overlaps = boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter(
          (b) =>
            a!.x < b!.x + b!.width &&
            b!.x < a!.x + a!.width &&
            a!.y < b!.y + b!.height &&
            b!.y < a!.y + a!.height,
        ),
    );
    expect(overlaps).toEqual([]);
    const middles = boxes.map((box) => box!.y + box!.height / 2);
    expect(Math.max(...middles) - Math.min(...middles), 'one row').toBeLessThan(4);
    expect(await window.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test('at 200 % zoom, what the toolbar has no room for is in its menu, by keyboard', async ({ window }) => {
  await window.setViewportSize({ width: 720, height: 450 });
  const toolbar = window.getByRole('banner', { name: 'Toolbar' });
  await expect(toolbar.getByRole('button', { name: 'Record' })).toBeHidden();
  const more = toolbar.getByRole('button', { name: 'More' });
  await more.focus();
  await window.keyboard.press('Enter');
  const menu = window.getByRole('menu', { name: 'More' });
  for (const name of [
    /^Open a trace/,
    /^Record/,
    /^Export/,
    /^Next switch/,
    /^Loop/,
    /^New window/,
    /^Show the keyboard shortcuts/,
  ]) {
    await expect(
      menu.getByRole('menuitem', { name }).or(menu.getByRole('menuitemcheckbox', { name })),
    ).toBeVisible();
  }
  await expect(menu.getByRole('menuitem', { name: /^Open a trace/ })).toBeFocused();
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('Enter');
  const dialog = window.getByRole('dialog', { name: 'Export' });
  await expect(dialog).toBeVisible();
  await window.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(more).toBeFocused();

  await window.keyboard.press('/');
  const find = window.getByRole('combobox', { name: 'Find or jump to a time' });
  await expect(find).toBeFocused();
  await window.keyboard.type('350 ms');
  await window.keyboard.press('Enter');
  await expect(find).toBeHidden();
  await expect(window.getByTestId('clock')).toContainText('0.350');
});

test('opens and exports by buttons that are in sight', async ({ window }) => {
  const toolbar = window.getByRole('banner', { name: 'Toolbar' });
  await expect(toolbar.getByRole('button', { name: 'Open', exact: true })).toBeEnabled();
  await toolbar.getByRole('button', { name: 'Export' }).click();
  await expect(window.getByRole('dialog', { name: 'Export' })).toBeVisible();
});

test.describe('goes round the panels with F6', () => {
  for (const tab of ['SQL', 'Notes', 'Summary', 'Events']) {
    test(`when the list is ${tab}`, async ({ window }) => {
      await window.getByRole('tab', { name: tab }).click();
      const focused = () => window.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
      const seen: string[] = [];
      for (let i = 0; i < 4; i++) {
        await window.keyboard.press('F6');
        seen.push(await focused());
      }
      expect(new Set(seen).size).toBe(4);
      expect(seen).toContain('Toolbar');
      expect(seen).toContain('Inspector');
      await window.keyboard.press('Shift+F6');
      expect(await focused()).toBe(seen[2]);
    });
  }
});
