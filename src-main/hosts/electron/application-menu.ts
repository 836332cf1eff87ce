/** The native menu. Actions of the workbench run in the window, by the names that its palette knows them by. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';

/** `run` is called with a command's id. */
export function setApplicationMenu(run: (command: string) => void): void {
  const isMac = process.platform === 'darwin';
  const command = (label: string, id: string, accelerator: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => run(id),
  });
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' as const }] : []),
    {
      label: '&File',
      submenu: [
        command('&Open …', 'file.open', 'CmdOrCtrl+O'),
        { type: 'separator' },
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
