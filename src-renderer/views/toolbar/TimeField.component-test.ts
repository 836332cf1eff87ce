import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { mount } from '../../testing/mount.ts';
import TimeField from './TimeField.vue';

const field = page.getByRole('textbox', { name: 'Time of the cursor' });
const at = { cursorNs: 250_000_000, endNs: 2_000_000_000, tickNs: null, disabled: false };

async function type(text: string): Promise<void> {
  await page.getByTestId('clock').click();
  await userEvent.fill(field, text);
}

test('a time is typed in its place, and Enter goes there', async () => {
  const [seek, edit] = [vi.fn(), vi.fn()];
  mount(TimeField, { ...at, onSeek: seek, onEdit: edit });
  await type('50 %');
  expect(edit).toHaveBeenCalledOnce();
  await userEvent.keyboard('{Enter}');
  expect(seek).toHaveBeenCalledExactlyOnceWith(1_000_000_000);
  await expect.element(page.getByTestId('clock')).toBeVisible();
});

test('what is no time says so, and Enter does nothing', async () => {
  const seek = vi.fn();
  mount(TimeField, { ...at, onSeek: seek });
  await type('5 parsecs');
  await userEvent.keyboard('{Enter}');
  expect(seek).not.toHaveBeenCalled();
  await expect.element(field).toHaveAttribute('aria-invalid', 'true');
  await expect.poll(() => page.getByRole('status').element().textContent).toContain('parsecs');
});

test('Escape leaves the time as it was', async () => {
  const seek = vi.fn();
  mount(TimeField, { ...at, onSeek: seek });
  await type('1');
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => page.getByTestId('clock').element().textContent).toContain('0.250');
  expect(seek).not.toHaveBeenCalled();
});
