/**
 * The native menu. Its actions are those of the window, by the same names and keys as in the palette
 * (src-shared/api/commands.ts); they run in the window. Only what concerns windows and the app is Electron's own.
 */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import {
  acceleratorOf,
  COMMAND_GROUPS,
  COMMAND_IDS,
  COMMANDS,
  type CommandGroup,
  type CommandId,
} from '#shared/api/commands.ts';
import type { RecentFile } from '#shared/api/contract.ts';

const MAX_RECENT = 10;

/** What works without a trace, and the exceptions in it. */
const FREE_GROUPS: readonly CommandGroup[] = ['Find', 'File', 'Window'];
const TRACE_COMMANDS: readonly CommandId[] = ['file.close', 'file.export', 'timeline.filterLanes'];
/** These have a place among the host's own items. */
const PLACED_GROUPS: readonly CommandGroup[] = ['File', 'Window'];

export const needsTrace = (id: CommandId): boolean =>
  !FREE_GROUPS.includes(COMMANDS[id].group) || TRACE_COMMANDS.includes(id);

export interface MenuState {
  /** Runs a command in the window that has the focus. */
  readonly run: (command: CommandId) => void;
  readonly hasTrace: boolean;
  readonly recent: readonly RecentFile[];
  readonly openRecent: (path: string) => void;
}

export function setApplicationMenu(state: MenuState): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(state)));
}

/** @param isMac there the app has a menu of its own, and closing a window does not quit */
export function menuTemplate(
  state: MenuState,
  isMac: boolean = process.platform === 'darwin',
  isPackaged: boolean = app.isPackaged,
): MenuItemConstructorOptions[] {
  const commandsOf = (group: CommandGroup): MenuItemConstructorOptions[] =>
    COMMAND_IDS.filter((id) => COMMANDS[id].group === group).map((id) => commandItem(id, state));
  const separator = { type: 'separator' } as const;
  return [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        ...commandsOf('File'),
        { label: 'Open &recent', id: 'recent', submenu: recentItems(state) },
        separator,
        { role: 'close' },
        ...(isMac ? [] : [{ role: 'quit' as const }]),
      ],
    },
    { role: 'editMenu' },
    ...COMMAND_GROUPS.filter((group) => !PLACED_GROUPS.includes(group)).map((group) => ({
      label: group,
      submenu: commandsOf(group),
    })),
    {
      label: '&View',
      submenu: [
        ...commandsOf('Window'),
        separator,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(isPackaged ? [] : [separator, { role: 'toggleDevTools' as const }]),
      ],
    },
    { role: 'windowMenu' },
    ...(isMac ? [] : [{ role: 'help' as const, submenu: [{ role: 'about' as const }] }]),
  ];
}

function commandItem(id: CommandId, { run, hasTrace }: MenuState): MenuItemConstructorOptions {
  const accelerator = acceleratorOf(id);
  return {
    id,
    label: COMMANDS[id].title,
    ...(accelerator === null ? {} : { accelerator }),
    enabled: hasTrace || !needsTrace(id),
    click: () => run(id),
  };
}

function recentItems({ recent, openRecent }: MenuState): MenuItemConstructorOptions[] {
  if (recent.length === 0) return [{ label: 'No recent files', enabled: false }];
  return recent.slice(0, MAX_RECENT).map(({ path, name }) => ({
    // An ampersand would be a mnemonic.
    label: name.replaceAll('&', '&&'),
    toolTip: path,
    click: () => openRecent(path),
  }));
}
