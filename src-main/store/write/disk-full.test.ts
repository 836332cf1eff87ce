/** Disks that are really full: a small file system of its own, and a limit on the size of files. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import type { DiskFullOutcome } from '../testing/until-disk-full.ts';

const file = temporaryFolder();
const SCRIPT = join(import.meta.dirname, '../testing', 'until-disk-full.ts');

/** Runs a line of shell; `$NODE $SCRIPT $FOLDER` records into an empty folder until it is full. */
function outcomeOf(folder: string, shell: string, prefix: readonly string[] = []): DiskFullOutcome | null {
  mkdirSync(folder);
  const [command, ...rest] = [...prefix, 'sh', '-c', shell];
  const { status, stdout } = spawnSync(command, rest, {
    encoding: 'utf8',
    env: { ...process.env, NODE: process.execPath, SCRIPT, FOLDER: folder, TMPDIR: file('.') },
  });
  return status === 0 && stdout !== '' ? (JSON.parse(stdout) as DiskFullOutcome) : null;
}

// A mount in a namespace of its own needs no privileges, but not every system allows it.
const NAMESPACE = ['unshare', '--user', '--map-root-user', '--mount'];
const canMount =
  spawnSync(NAMESPACE[0]!, [...NAMESPACE.slice(1), 'sh', '-c', `mount -t tmpfs none ${file('.')}`]).status ===
  0;

it.skipIf(!canMount)(
  'a recording stops at a full disk, says so, and its file holds all that was committed',
  () => {
    const outcome = outcomeOf(
      file('small'),
      'mount -t tmpfs -o size=12m none "$FOLDER" && "$NODE" "$SCRIPT" "$FOLDER"',
      NAMESPACE,
    )!;
    expect(outcome.code).toBe('disk-full');
    expect(outcome.message).toMatch(/disk is full.*Make room/);
    expect(outcome.committed).toBeGreaterThan(0);
    expect(outcome.events).toBe(outcome.committed);
    expect(outcome.difference).toBeNull();
    expect(outcome.files.filter((name) => name.endsWith('.sctrace'))).toEqual([]);
  },
);

it.skipIf(process.platform === 'win32')(
  'a recording stops where its file may not grow, and the file can be used',
  () => {
    const outcome = outcomeOf(file('limited'), `trap '' XFSZ; ulimit -f 8192; "$NODE" "$SCRIPT" "$FOLDER"`)!;
    expect(['disk-full', 'write-failed']).toContain(outcome.code);
    expect(outcome.message).toContain('is kept in');
    expect(outcome.events).toBe(outcome.committed);
    expect(outcome.difference).toBeNull();
  },
);
