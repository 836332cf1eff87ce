import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { mount } from '../../testing/mount.ts';
import NoticeStack from './NoticeStack.vue';

test('an error is an alert, and what it offers dismisses it', async () => {
  const [run, dismiss] = [vi.fn(), vi.fn()];
  const failed = { id: 7, severity: 'error', title: 'It failed', message: 'The disk is full.' } as const;
  mount(NoticeStack, { notices: [{ ...failed, action: { label: 'Open', run } }], onDismiss: dismiss });
  expect(page.getByRole('alert').element().textContent).toContain('The disk is full.');
  await page.getByRole('button', { name: 'Open' }).click();
  expect(dismiss).toHaveBeenCalledExactlyOnceWith(7);
  expect(run).toHaveBeenCalledOnce();
});

test('what has happened is a status, and can be dismissed', async () => {
  const dismiss = vi.fn();
  const notice = { id: 3, severity: 'info', title: 'Imported', message: 'a.sctrace' } as const;
  mount(NoticeStack, { notices: [notice], onDismiss: dismiss });
  expect(page.getByRole('status').element().textContent).toContain('Imported');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  expect(dismiss).toHaveBeenCalledExactlyOnceWith(3);
});
