/** Starts an app as Electron does: command line, its main script, the browser, `ready`. See README.md. */
import inspector from 'node:inspector';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { browser, startBrowser } from './chromium.ts';
import { readCommandLine } from './command-line.ts';
import { ipcMain } from './ipc-main.ts';
import { Menu } from './menu.ts';
import { protocol } from './schemes.ts';
import { dialog, screen, session } from './surroundings.ts';
import { utilityProcess } from './utility-process.ts';
import { followPages, webContents } from './web-contents.ts';

const own = (name: string): string => join(import.meta.dirname, name);
const args = process.argv.slice(2);
const { preloads, inspectPort, debuggingPort, script, manifest } = readCommandLine(args);

process.argv = [own('electron'), ...args];
Object.assign(process, { type: 'browser', defaultApp: true });
Object.defineProperty(process.versions, 'electron', { value: 'stand-in', enumerable: true });
app.describe(manifest);
if (inspectPort !== null) inspector.open(inspectPort, '127.0.0.1');

const electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  protocol,
  screen,
  session,
  utilityProcess,
  webContents,
  isStandin: true,
};
Object.assign(globalThis, { electronStandin: electron });
registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== 'electron') return next(specifier, context);
    const isImport = context.conditions.includes('import');
    const file = own(isImport ? 'electron-module.ts' : 'electron-module.cjs');
    const format = isImport ? 'module-typescript' : 'commonjs';
    return { url: pathToFileURL(file).href, format, shortCircuit: true };
  },
});

const require = createRequire(import.meta.url);
for (const preload of preloads) require(preload);
// Electron, too, holds `ready` back until the script has been evaluated.
await import(pathToFileURL(script).href);
await startBrowser(join(app.getPath('userData'), 'standin'), debuggingPort);
browser().onExit(() => process.exit(1));
process.once('exit', () => browser().kill());
followPages();
app.becomeReady();
