/** Files that the system asks the app to open: on the command line, by a second start, by the file manager. */
import { resolve } from 'node:path';
import { app } from 'electron';

/**
 * The files named on a command line. Electron's own arguments and switches are not files; when not packaged,
 * the first argument is the app's folder.
 *
 * @param argv as process.argv has it
 * @param folder what relative names are relative to
 */
export function filesOnCommandLine(argv: readonly string[], folder: string, isPackaged: boolean): string[] {
  const names = argv.slice(1).filter((argument) => !argument.startsWith('-'));
  return names.slice(isPackaged ? 0 : 1).map((name) => resolve(folder, name));
}

/** What a second start hands to the first. */
interface HandedOver {
  readonly files: readonly string[];
}

function isHandedOver(data: unknown): data is HandedOver {
  const { files } = (data ?? {}) as Partial<HandedOver>;
  return Array.isArray(files) && files.every((file) => typeof file === 'string');
}

export interface FilesToOpen {
  /** False where another workbench runs, which has been handed the files: this one has to end. */
  readonly isFirst: boolean;
  /** Takes the file to begin with, if one was named. */
  takeFirst(): string | null;
  /** From now on `open` is called for each further file, or with null when only the window was asked for. */
  listen(open: (file: string | null) => void): void;
}

/** Before the app is ready. */
export function filesToOpen(): FilesToOpen {
  const named = filesOnCommandLine(process.argv, process.cwd(), app.isPackaged);
  const queue: (string | null)[] = [...named];
  let deliver = (file: string | null): void => void queue.push(file);

  app.on('open-file', (event, file) => {
    event.preventDefault();
    deliver(file);
  });
  const handed: HandedOver = { files: named };
  const isFirst = app.requestSingleInstanceLock({ ...handed });
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const files = isHandedOver(data) ? data.files : [];
    if (files.length === 0) deliver(null);
    for (const file of files) deliver(file);
  });
  return {
    isFirst,
    takeFirst: () => queue.shift() ?? null,
    listen(open) {
      deliver = open;
      for (const file of queue.splice(0)) open(file);
    },
  };
}
