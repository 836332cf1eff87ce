import { expect, it } from 'vitest';
import { userFolders } from './user-folders.ts';

it('follows the XDG variables on Linux where they are absolute, else their defaults', () => {
  expect(userFolders('linux', {}, '/home/ada')).toEqual({
    config: '/home/ada/.config/schedctl-workbench',
    recordings: '/home/ada/.local/share/schedctl-workbench/recordings',
    cache: '/home/ada/.cache/schedctl-workbench',
    exports: '/home/ada/.local/share/schedctl-workbench/exports',
  });
  expect(userFolders('linux', { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d' }, '/home/ada')).toEqual({
    config: '/c/schedctl-workbench',
    recordings: '/d/schedctl-workbench/recordings',
    cache: '/home/ada/.cache/schedctl-workbench',
    exports: '/d/schedctl-workbench/exports',
  });
  expect(userFolders('linux', { XDG_CONFIG_HOME: 'relative' }, '/home/ada').config).toBe(
    '/home/ada/.config/schedctl-workbench',
  );
});

it('uses Application Support on macOS', () => {
  expect(userFolders('darwin', { XDG_CONFIG_HOME: '/c' }, '/Users/ada')).toEqual({
    config: '/Users/ada/Library/Application Support/schedctl-workbench',
    recordings: '/Users/ada/Library/Application Support/schedctl-workbench/recordings',
    cache: '/Users/ada/Library/Caches/schedctl-workbench',
    exports: '/Users/ada/Library/Application Support/schedctl-workbench/exports',
  });
});
