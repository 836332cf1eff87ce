import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ReadOnlyOutcome } from '../testing/on-read-only-medium.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';

const file = temporaryFolder();
const folder = file('medium');
mkdirSync(folder);
const path = join(folder, 'a.sctrace');
writeSynthetic(path, { events: 500 });

/** Runs a program where the folder cannot be written; a mount in a namespace of its own needs no privileges. */
function whereReadOnly(...command: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
} {
  const mount = 'mount --bind "$FOLDER" "$FOLDER" && mount -o remount,bind,ro "$FOLDER" && exec "$@"';
  return spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', mount, 'sh', ...command], {
    encoding: 'utf8',
    env: { ...process.env, FOLDER: folder },
  });
}
// Not every system allows it.
const canMount = whereReadOnly('true').status === 0;

it.skipIf(!canMount)(
  'a finished trace is read and verified on a read-only medium, where it takes no notes',
  () => {
    const script = join(import.meta.dirname, '../testing', 'on-read-only-medium.ts');
    const { stdout } = whereReadOnly(process.execPath, script, path);
    expect(JSON.parse(stdout) as ReadOnlyOutcome).toEqual({
      events: 100,
      isNoteSaved: false,
      difference: null,
      files: ['a.sctrace'],
    });
  },
);
