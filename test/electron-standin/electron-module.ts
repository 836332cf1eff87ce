/** What `import 'electron'` gives: the names that the app imports. */
const electron = (globalThis as unknown as { electronStandin: Record<string, unknown> }).electronStandin;

export default electron;
export const { app, BrowserWindow, dialog, ipcMain, Menu, protocol, screen, session, utilityProcess } =
  electron;
