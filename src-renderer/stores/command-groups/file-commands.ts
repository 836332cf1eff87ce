/** Actions on files: open, record, export, close. */
import type { CommandHandler } from '../commands.ts';
import { useConnection } from '../connection.ts';
import { useDialogs } from '../dialogs.ts';
import { useImporting } from '../importing.ts';
import { chooseAndOpen, openNewWindow } from '../open-file.ts';
import { useSession } from '../session.ts';

export function fileCommands(): CommandHandler[] {
  const connection = useConnection();
  const importing = useImporting();
  const session = useSession();
  const dialogs = useDialogs();
  return [
    { id: 'file.open', run: chooseAndOpen, enabled: () => connection.connected },
    { id: 'file.newWindow', run: openNewWindow, enabled: () => connection.connected },
    { id: 'file.record', run: () => dialogs.show('record'), enabled: () => connection.connected },
    {
      id: 'file.export',
      run: () => dialogs.show('export'),
      enabled: () => connection.connected && session.trace !== null,
    },
    {
      id: 'file.importReport',
      run: () => dialogs.show('importReport'),
      enabled: () => importing.report !== null,
    },
    { id: 'file.close', run: session.close, enabled: () => session.trace !== null },
  ];
}
