/** The command line as Electron reads it: its own switches, then the app, then the app's arguments. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

export interface CommandLine {
  /** Modules to load before the app (-r): Playwright's. */
  readonly preloads: readonly string[];
  /** Port of the inspector of the main process; null: none. */
  readonly inspectPort: number | null;
  /** Port of Chromium's remote debugging; null: none. */
  readonly debuggingPort: string | null;
  /** The app's folder, and the script that package.json names as its main one. */
  readonly appPath: string;
  readonly script: string;
  readonly manifest: { readonly name?: string; readonly version?: string };
}

export function readCommandLine(args: readonly string[]): CommandLine {
  const preloads: string[] = [];
  let inspectPort: number | null = null;
  let debuggingPort: string | null = null;
  let app: string | null = null;
  for (let at = 0; at < args.length && app === null; at++) {
    const argument = args[at]!;
    if (argument === '-r') preloads.push(args[++at]!);
    else if (argument.startsWith('--inspect=')) inspectPort = Number(argument.slice('--inspect='.length));
    else if (argument.startsWith('--remote-debugging-port=')) {
      debuggingPort = argument.slice('--remote-debugging-port='.length);
    } else if (!argument.startsWith('-')) app = resolve(argument);
  }
  if (app === null) throw new Error('the command line names no app');
  return { preloads, inspectPort, debuggingPort, ...describeApp(app) };
}

/** An app is named by its folder, or by a script below it. */
function describeApp(app: string): Pick<CommandLine, 'appPath' | 'script' | 'manifest'> {
  const isFolder = statSync(app).isDirectory();
  let appPath = isFolder ? app : dirname(app);
  while (!existsSync(join(appPath, 'package.json'))) appPath = dirname(appPath);
  const manifest = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8')) as {
    name?: string;
    version?: string;
    main?: string;
  };
  return { appPath, script: isFolder ? join(app, manifest.main ?? 'index.js') : app, manifest };
}
