/** What a window asks about itself: its host, its settings, what was opened before, the host's dialog. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecentFile } from '#shared/api/contract.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

/** Sample files: traces, and real captures to import. */
const SAMPLE = /\.(sctrace|ftrace\.txt(\.gz)?)$/;

export function windowHandlers(
  parts: ServiceParts,
): HandlersOf<
  'workbench.hello' | 'recent.list' | 'settings.read' | 'settings.write' | 'dialog.openFiles' | 'window.open'
> {
  return {
    'workbench.hello': (_params, _signal, { host }) => ({ ...parts.hello, openPath: host.openPath() }),
    'recent.list': async () => ({
      recent: await parts.recent.list(),
      samples: await listSamples(parts.samplesFolder),
    }),
    'settings.read': async () => ({ settings: await parts.settings.read() }),
    'settings.write': async ({ settings }) => {
      await parts.settings.write(settings);
      parts.emit('settings.changed', { settings });
      return null;
    },
    'dialog.openFiles': async (_params, _signal, { host: { openFilesDialog } }) => {
      if (openFilesDialog === undefined) {
        throw new WorkbenchError('bad-request', 'This host has no dialog: choose the file in the window.');
      }
      const paths = await openFilesDialog();
      for (const path of paths) parts.permitted.permit(path);
      return { paths };
    },
    'window.open': ({ path }, _signal, { host: { openWindow } }) => {
      if (openWindow === undefined) {
        throw new WorkbenchError(
          'bad-request',
          'This host opens no windows: open another one in the browser.',
        );
      }
      openWindow(path ?? null);
      return null;
    },
  };
}

async function listSamples(folder: string): Promise<readonly RecentFile[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const samples: RecentFile[] = [];
  for (const name of names.filter((candidate) => SAMPLE.test(candidate)).sort()) {
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (info?.isFile()) samples.push({ path, name, openedAtMs: info.mtimeMs });
  }
  return samples;
}
