import type { MenuItemConstructorOptions } from 'electron';
import { expect, it, vi } from 'vitest';
import { COMMAND_IDS, COMMANDS } from '#shared/api/commands.ts';

vi.mock('electron', () => ({ app: {}, Menu: {} }));
const { menuTemplate } = await import('./application-menu.ts');

const run = vi.fn();
const openRecent = vi.fn();
const state = { run, hasTrace: true, recent: [], openRecent };

const items = (template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])]);
const click = (item: MenuItemConstructorOptions | undefined): void => (item!.click as () => void)();

it.each([true, false])(
  'has every command of the palette once, under its own name (on a Mac: %s)',
  (isMac) => {
    const all = items(menuTemplate(state, isMac, true));
    const labels = all
      .filter(({ id }) => id !== undefined && id !== 'recent')
      .map(({ id, label }) => [id, label]);
    expect(labels.sort()).toEqual(COMMAND_IDS.map((id) => [id, COMMANDS[id].title]).sort());
  },
);

it('runs a command by its id', () => {
  click(items(menuTemplate(state, false, true)).find(({ id }) => id === 'file.record'));
  expect(run).toHaveBeenCalledWith('file.record');
});

it('offers nothing that needs a trace while there is none', () => {
  const all = items(menuTemplate({ ...state, hasTrace: false }, false, true));
  expect(all.find(({ id }) => id === 'replay.toggle')!.enabled).toBe(false);
  expect(all.find(({ id }) => id === 'file.open')!.enabled).toBe(true);
});

it('lists recent files by name and opens them by path', () => {
  const recent = [{ path: '/a/b & c.sctrace', name: 'b & c.sctrace', openedAtMs: 1 }];
  const item = items(menuTemplate({ ...state, recent }, false, true)).find(
    ({ label }) => label === 'b && c.sctrace',
  );
  click(item);
  expect(openRecent).toHaveBeenCalledWith('/a/b & c.sctrace');
});

it('has developer tools in development only', () => {
  const roles = (isPackaged: boolean) =>
    items(menuTemplate(state, false, isPackaged)).map(({ role }) => role);
  expect(roles(false)).toContain('toggleDevTools');
  expect(roles(true)).not.toContain('toggleDevTools');
});
