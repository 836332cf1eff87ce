import { expect, test } from './workbench.ts';

test.beforeEach(async ({ window }) => {
  await expect(window).toHaveTitle(/lock-convoy/);
});

test('follows the theme of the system, and keeps the one that the reader chose', async ({ window }) => {
  const root = window.locator('html');
  await window.emulateMedia({ colorScheme: 'dark' });
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await window.emulateMedia({ colorScheme: 'light' });
  await expect(root).toHaveAttribute('data-theme', 'light');

  await window.getByRole('button', { name: 'Theme: as the system' }).click();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  // Written a moment after the last change.
  await window.waitForTimeout(1_000);
  await window.reload();
  await expect(window.getByRole('button', { name: 'Theme: dark' })).toBeVisible();
  await expect(root).toHaveAttribute('data-theme', 'dark');

  await window.getByRole('button', { name: 'Theme: dark' }).click();
  await window.getByRole('button', { name: 'Theme: light' }).click();
  await expect(window.getByRole('button', { name: 'Theme: as the system' })).toBeVisible();
  await window.waitForTimeout(1_000);
});

for (const [what, width, height] of [
  ['a small screen', 1280, 720],
  ['a screen at 200 % zoom', 720, 450],
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
    expect(await window.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
}

test('goes round the panels with F6', async ({ window }) => {
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
