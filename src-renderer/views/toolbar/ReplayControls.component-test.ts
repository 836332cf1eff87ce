import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { CommandId } from '#shared/api/commands.ts';
import { mount } from '../../testing/mount.ts';
import ReplayControls from './ReplayControls.vue';

const commands = (disabled: readonly CommandId[] = []) => ({
  run: vi.fn((_id: CommandId) => true),
  isEnabled: (id: CommandId) => !disabled.includes(id),
  keyOf: () => 'K',
});
const still = { short: false, playing: false, looping: false, hasRange: false };
const pace = { unit: 'time', rate: 1 } as const;

test('the button says what a press does, and runs it', async () => {
  const runner = commands();
  mount(ReplayControls, { ...still, playing: true, pace, commands: runner });
  await page.getByRole('button', { name: 'Pause' }).click();
  expect(runner.run).toHaveBeenCalledExactlyOnceWith('replay.toggle');
});

test('what cannot be done now is disabled', async () => {
  mount(ReplayControls, { ...still, pace, commands: commands(['replay.nextDecision']) });
  await expect.element(page.getByRole('button', { name: 'Next decision' })).toBeDisabled();
  await expect.element(page.getByRole('button', { name: 'Next event' })).toBeEnabled();
});

test('one list has both paces: seconds a second, and events a second', async () => {
  const choose = vi.fn();
  mount(ReplayControls, { ...still, pace, commands: commands(), 'onUpdate:pace': choose });
  const list = page.getByRole('combobox');
  await expect.element(list).toHaveValue('1');
  await userEvent.selectOptions(list, '10×');
  expect(choose).toHaveBeenLastCalledWith({ unit: 'time', rate: 10 });
  await userEvent.selectOptions(list, '1 event/s');
  expect(choose).toHaveBeenLastCalledWith({ unit: 'events', rate: 1 });
  // Keys belong to the window again: Space plays.
  expect(document.activeElement).toBe(document.body);
});

test('a narrow toolbar leaves what the menu has', async () => {
  mount(ReplayControls, { ...still, short: true, pace, commands: commands() });
  expect(page.getByRole('button').elements()).toHaveLength(5);
});
