import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { notesInTrace } from '../write/notes.ts';
import { TraceDatabase } from './trace-database.ts';
import type { ReadOnlyOutcome } from '../testing/on-read-only-medium.ts';
import { temporaryFolder, writeSynthetic } from '../testing/temporary-folder.ts';

const file = temporaryFolder();
const finished = file('finished.sctrace');
writeSynthetic(finished, { events: 500 });

/** Files of a trace, as something left them. */
type Leave = (path: string, copyTo: (from: string, ending: string) => void) => void;

/** Lets `write` change a copy of the trace and takes its files away in the middle of it. */
const inTheMiddleOf =
  (endings: readonly string[], ...statements: readonly string[]): Leave =>
  (path, copyTo) => {
    const db = new Database(path);
    for (const statement of statements) db.exec(statement);
    for (const ending of endings) copyTo(path + ending, ending);
    db.close();
  };
const withLog = ['PRAGMA journal_mode = WAL', 'UPDATE note SET kind = kind WHERE id < 0; VACUUM'];

const left: readonly (readonly [title: string, leave: Leave])[] = [
  ['a finished trace', (path, copyTo) => copyTo(path, '')],
  [
    'one in the mode of a log, without one',
    inTheMiddleOf([''], 'PRAGMA journal_mode = WAL; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'),
  ],
  ['one with a log and without its index', inTheMiddleOf(['', '-wal'], ...withLog)],
  ['one with a log and its index', inTheMiddleOf(['', '-wal', '-shm'], ...withLog)],
  [
    'one with an empty log',
    (path, copyTo) => {
      inTheMiddleOf([''], 'PRAGMA journal_mode = WAL')(path, copyTo);
      writeFileSync(file('empty'), '');
      copyTo(file('empty'), '-wal');
    },
  ],
  [
    'one whose change was cut off',
    inTheMiddleOf(
      ['', '-journal'],
      'PRAGMA cache_size = 2; PRAGMA cache_spill = 2; BEGIN; CREATE TABLE half AS SELECT * FROM event; UPDATE event SET time_ns = 0',
    ),
  ],
];

const medium = file('medium');
mkdirSync(medium);
/** @returns the path of the trace, in a folder of its own on the medium */
function putOnMedium(leave: Leave): string {
  const folder = mkdtempSync(join(medium, 'trace-'));
  const path = join(folder, 'a.sctrace');
  const scratch = join(mkdtempSync(file('scratch-')), 'a.sctrace');
  copyFileSync(finished, scratch);
  leave(scratch, (from, ending) => {
    copyFileSync(from, path + ending);
    // A younger file is waited for: it may be a recording that begins.
    utimesSync(path + ending, 0, 0);
  });
  return path;
}
const paths = left.map(([, leave]) => putOnMedium(leave));
/** The expected result of each: nothing is lost, and no other file is there afterwards. */
const expected = paths.map((path) => ({
  events: 100,
  isNoteSaved: false,
  difference: null,
  files: readdirSync(dirname(path)),
}));

/** Runs a program where the folder cannot be written; a mount in a namespace of its own needs no privileges. */
function whereReadOnly(
  folder: string,
  ...command: readonly string[]
): {
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
const canMount = whereReadOnly(file('.'), 'true').status === 0;

const script = join(import.meta.dirname, '../testing', 'on-read-only-medium.ts');
const titles = left.map(([title]) => title).join(', ');

it.skipIf(!canMount)(`on a read-only medium are read and verified, and take no notes: ${titles}`, () => {
  const { stdout } = whereReadOnly(medium, process.execPath, script, ...paths);
  expect(JSON.parse(stdout) as ReadOnlyOutcome[]).toEqual(expected);
});

// Permissions do not restrict root, as in a container.
const otherUser = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

it.skipIf(process.platform === 'win32')(`in folders that this user may not write to, too: ${titles}`, () => {
  const folders = [dirname(medium), medium, ...paths.map((path) => dirname(path))];
  for (const path of paths)
    for (const name of readdirSync(dirname(path))) chmodSync(join(dirname(path), name), 0o444);
  for (const folder of folders) chmodSync(folder, 0o555);
  try {
    const { stdout } = spawnSync(process.execPath, [script, ...paths], {
      encoding: 'utf8',
      cwd: '/',
      ...otherUser,
    });
    expect(JSON.parse(stdout) as ReadOnlyOutcome[]).toEqual(expected);
  } finally {
    for (const folder of folders) chmodSync(folder, 0o755);
  }
});

it.skipIf(process.platform === 'win32').each(['-wal', '-shm', '-journal'])(
  'a pipe with the name of a %s beside a trace is refused, and not waited for',
  (ending) => {
    const path = putOnMedium((scratch, copyTo) => copyTo(scratch, ''));
    execFileSync('mkfifo', [path + ending]);
    expect(() => TraceDatabase.open(path)).toThrow(
      `${path}${ending} is a named pipe, and SQLite would take it for part of the trace: move it away.`,
    );
  },
);

it.skipIf(process.platform === 'win32')('a log lies beside the file that a link leads to', () => {
  const path = putOnMedium(
    inTheMiddleOf(
      ['', '-wal'],
      'PRAGMA journal_mode = WAL',
      'UPDATE meta SET value = value; INSERT INTO note (kind, start_ns, end_ns, content, created_ms) VALUES (\'bookmark\', 1, NULL, \'{"name":"kept"}\', 1)',
    ),
  );
  const link = file('link.sctrace');
  symlinkSync(path, link);
  const trace = TraceDatabase.open(link);
  expect(notesInTrace(trace)).toHaveLength(1);
  trace.close();
});

it.skipIf(process.platform === 'win32')('a name that is as long as names get is read', () => {
  const path = file(`${'n'.repeat(255 - '.sctrace'.length)}.sctrace`);
  copyFileSync(finished, path);
  TraceDatabase.open(path).close();
});
