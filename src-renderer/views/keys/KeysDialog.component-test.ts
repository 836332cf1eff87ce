import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { COMMANDS, type CommandId } from '#shared/api/commands.ts';
import { mount } from '../../testing/mount.ts';
import KeysDialog from './KeysDialog.vue';

const ids: readonly CommandId[] = ['replay.toggle', 'file.open'];
const commands = ids.map((id) => ({ id, ...COMMANDS[id] }));

test('lists the commands by group, and is modal: the window behind it is out of reach', async () => {
  const behind = document.body.appendChild(document.createElement('button'));
  mount(KeysDialog, { commands });
  await expect.element(page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
  expect(page.getByRole('region').elements()).toHaveLength(2);
  behind.focus();
  expect(document.activeElement).not.toBe(behind);
  behind.remove();
});

test('Escape, its button and a press beside it close it; a press inside does not', async () => {
  const close = vi.fn();
  mount(KeysDialog, { commands, onClose: close });
  await page.getByRole('heading', { name: 'Keys' }).click();
  expect(close).not.toHaveBeenCalled();
  await userEvent.keyboard('{Escape}');
  expect(close).toHaveBeenCalledTimes(1);
  await page.getByRole('button', { name: 'Close' }).click();
  expect(close).toHaveBeenCalledTimes(2);
});

test('the focus goes back to where it was', () => {
  const opener = document.body.appendChild(document.createElement('button'));
  opener.focus();
  const dialog = mount(KeysDialog, { commands });
  expect(document.activeElement).not.toBe(opener);
  dialog.querySelector('dialog')!.close();
  expect(document.activeElement).toBe(opener);
  opener.remove();
});
