/**
 * What a command writes, and what it never touches: every file that was there before is there afterwards, byte for
 * byte.
 */
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SyntheticTrace } from '#main/store/testing/synthetic-trace.ts';
import { TEST_SOURCE, writeEarlierSynthetic, writeSynthetic } from '#main/store/testing/temporary-folder.ts';
import { TraceWriter } from '#main/store/write/trace-writer.ts';
import { runHere } from './testing/run-here.ts';

const SCENARIO = `cpus: 1
duration: 5 ms
processes:
  - name: app
    lwps:
      - name: worker
        program:
          - compute: 1 ms
`;
const FTRACE = `# tracer: nop
  a-1 [000] d..2. 1.000000: sched_switch: prev_comm=a prev_pid=1 prev_prio=120 prev_state=S ==> next_comm=b next_pid=2 next_prio=120
  b-2 [000] d..2. 1.000100: sched_switch: prev_comm=b prev_pid=2 prev_prio=120 prev_state=S ==> next_comm=a next_pid=1 next_prio=120
`;
const base = mkdtempSync(join(tmpdir(), 'outputs-'));
afterAll(() => rmSync(base, { recursive: true }));
let folder: string;
let tests = 0;
const here = (name: string): string => join(folder, name);

/** Everything in the test's folder. */
const files = (): Record<string, string> =>
  Object.fromEntries(
    (readdirSync(folder, { recursive: true }) as string[])
      .filter((name) => statSync(here(name)).isFile())
      .map((name) => [name, readFileSync(here(name), 'latin1')]),
  );

beforeAll(() => {
  writeSynthetic(join(base, 'a.sctrace'), { events: 300 });
  writeEarlierSynthetic(join(base, 'old.sctrace'), { events: 300 });
});
beforeEach(() => {
  folder = join(base, `test-${++tests}`);
  mkdirSync(folder);
  for (const name of ['a.sctrace', 'old.sctrace']) writeFileSync(here(name), readFileSync(join(base, name)));
  writeFileSync(here('s.yaml'), SCENARIO);
  writeFileSync(here('log.txt'), FTRACE);
  writeFileSync(here('locks.csv'), 'tid,want_ns,acq_ns,rel_ns\n1,1000010000,1000020000,1000030000\n');
});

/** Commands by what they make; OUT is the name of their output. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  record: ['record', 's.yaml', '-o', 'OUT'],
  import: ['import', 'log.txt', '-o', 'OUT'],
  cut: ['export', 'a.sctrace', '-o', 'OUT', '--format', 'sctrace'],
  csv: ['export', 'a.sctrace', '-o', 'OUT', '--format', 'csv', '--table', 'lwp'],
  jsonl: ['export', 'a.sctrace', '-o', 'OUT', '--format', 'jsonl', '--table', 'lwp'],
  json: ['export', 'a.sctrace', '-o', 'OUT', '--format', 'chrome'],
  parquet: ['export', 'a.sctrace', '-o', 'OUT', '--format', 'parquet', '--table', 'lwp'],
  folder: ['export', 'a.sctrace', '-o', 'OUT', '--format', 'parquet'],
  upgrade: ['upgrade', 'old.sctrace', '-o', 'OUT'],
};
const KINDS = Object.keys(COMMANDS);
const SOURCES = ['a.sctrace', 'old.sctrace', 's.yaml', 'log.txt', 'locks.csv'];

const run = (kind: string, output: string, ...more: readonly string[]) =>
  runHere(
    ...COMMANDS[kind]!.map((arg) => (arg === 'OUT' ? here(output) : SOURCES.includes(arg) ? here(arg) : arg)),
    ...more,
  );

/** Runs a command that is to be refused with one sentence, and to leave everything as it was. */
async function refused(kind: string, output: string, ...more: readonly string[]): Promise<string> {
  const before = files();
  const { code, stdout, stderr } = await run(kind, output, ...more);
  expect(stdout).toBe('');
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stderr).not.toContain('defect');
  expect(code).not.toBe(0);
  expect(files()).toEqual(before);
  return stderr;
}

/** Begins a recording and leaves it as a killed process does. */
function cutOff(name: string, events: number): void {
  const made = new TraceWriter(here('killed.sctrace'), TEST_SOURCE);
  for (const batch of new SyntheticTrace({ events }).batches()) made.write(batch);
  made.commit();
  for (const ending of ['', '-wal']) {
    writeFileSync(here(`${name}${ending}`), readFileSync(`${made.partPath}${ending}`));
  }
  made.discard();
}

describe.each(KINDS)('%s', (kind) => {
  it('leaves what is called like a file in the making alone', async () => {
    mkdirSync(here('out.x.d'));
    const foreign = ['out.x.part', 'out.x.part.new', 'out.x.new', 'out.x.upgrading', 'out.x.d/part'];
    for (const name of foreign) writeFileSync(here(name), 'of somebody else');
    await run(kind, 'out.x');
    for (const name of foreign) expect(readFileSync(here(name), 'utf8')).toBe('of somebody else');
  });

  it('leaves a folder that is called so alone, with --force or without', async () => {
    mkdirSync(here('out.x.part'));
    writeFileSync(here('out.x.part/mine'), 'of somebody else');
    await run(kind, 'out.x');
    await run(kind, 'out.x', '--force');
    expect(readFileSync(here('out.x.part/mine'), 'utf8')).toBe('of somebody else');
  });

  it('leaves nothing but its result', async () => {
    const before = Object.keys(files());
    expect(await run(kind, 'out.x')).toMatchObject({ code: 0 });
    const made = Object.keys(files()).filter((name) => !before.includes(name));
    if (kind === 'folder') expect(made.every((name) => /^out\.x\/\w+\.parquet$/.test(name))).toBe(true);
    else expect(made).toEqual(['out.x']);
    expect(await run(kind, 'out.x', '--force')).toMatchObject({ code: 0 });
    expect(Object.keys(files()).filter((name) => !before.includes(name))).toEqual(made);
  });

  it('does not replace a file without --force', async () => {
    writeFileSync(here('out.x'), 'of somebody else');
    expect(await refused(kind, 'out.x')).toContain('out.x already exists');
  });

  it.each(['link to a file', 'dangling link', 'link to the source'])('never replaces a %s', async (what) => {
    writeFileSync(here('target'), 'of somebody else');
    const source = COMMANDS[kind]![1]!;
    const target = { 'link to a file': 'target', 'dangling link': 'nothing', 'link to the source': source }[
      what
    ]!;
    symlinkSync(here(target), here('out.x'));
    const before = target === 'nothing' ? null : files();
    for (const more of [[], ['--force']]) expect((await run(kind, 'out.x', ...more)).code).not.toBe(0);
    expect(readdirSync(folder)).toContain('out.x');
    if (before !== null) expect(files()).toEqual(before);
  });

  it('never replaces its own source, by whatever name', async () => {
    const source = COMMANDS[kind]![1]!;
    linkSync(here(source), here('hard-link'));
    mkdirSync(here('inside'));
    for (const name of [source, `inside/../${source}`, 'hard-link']) {
      for (const more of [[], ['--force']]) {
        expect(await refused(kind, name, ...more)).toContain('cannot be replaced by its own result');
      }
    }
  });

  it.skipIf(process.platform === 'win32')('never replaces a named pipe', async () => {
    spawnSync('mkfifo', [here('out.x')]);
    await refused(kind, 'out.x', '--force');
    expect(statSync(here('out.x')).isFIFO()).toBe(true);
  });

  it('an empty name and a name that is too long are said to be so', async () => {
    const argument = COMMANDS[kind]!.map((arg) =>
      arg === 'OUT' ? '' : SOURCES.includes(arg) ? here(arg) : arg,
    );
    expect(await runHere(...argument)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is empty') as string,
    });
    expect(await refused(kind, 'x'.repeat(300))).toContain('too long');
    const { code, stderr } = await run(kind, 'é'.repeat(125));
    if (code !== 0) expect(stderr).toMatch(/has 250 bytes, and there is room for 242/);
  });
});

it.skipIf(process.platform === 'win32').each(KINDS)('%s --force does not replace a device', async (kind) => {
  const { code } = await runHere(
    ...COMMANDS[kind]!.map((arg) => (arg === 'OUT' ? '/dev/null' : SOURCES.includes(arg) ? here(arg) : arg)),
    '--force',
  );
  expect(code).not.toBe(0);
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
});

it('the further records and the lock log of an import are sources, too', async () => {
  writeFileSync(here('also.txt'), FTRACE);
  expect(await refused('import', 'also.txt', '--also', here('also.txt'), '--force')).toContain(
    'its own result',
  );
  expect(await refused('import', 'locks.csv', '--locks', here('locks.csv'), '--force')).toContain(
    'its own result',
  );
});

it('the write-ahead log of a trace that is exported is a part of the source', async () => {
  cutOff('run.sctrace.part', 5000);
  const before = files();
  const args = ['--format', 'csv', '--table', 'lwp', '--force'];
  const { code } = await runHere(
    'export',
    here('run.sctrace.part'),
    '-o',
    here('run.sctrace.part-wal'),
    ...args,
  );
  expect(code).toBe(2);
  expect({ ...files(), 'run.sctrace.part-shm': '' }).toEqual({ ...before, 'run.sctrace.part-shm': '' });
});

describe('a folder of tables', () => {
  it('is replaced by --force only where it holds nothing else', async () => {
    await run('folder', 'fleet');
    writeFileSync(here('fleet/notes.txt'), 'of somebody else');
    expect(await refused('folder', 'fleet', '--force')).toContain('contains more than exported tables');
    rmSync(here('fleet/notes.txt'));
    expect(await run('folder', 'fleet', '--force')).toMatchObject({ code: 0 });
  });
});

describe('a recording that was cut off', () => {
  beforeEach(() => cutOff('run.sctrace.part', 5000));

  it.each(['record', 'import', 'cut'])('is left alone by %s to the same name', async (kind) => {
    expect(await refused(kind, 'run.sctrace')).toMatch(/run\.sctrace\.part is there already.*--force/);
  });

  it.each(['record', 'import', 'cut'])('is replaced by %s where --force asks for it', async (kind) => {
    expect(await run(kind, 'run.sctrace', '--force')).toMatchObject({ code: 0 });
    expect(readdirSync(folder).filter((name) => name.startsWith('run.'))).toEqual(['run.sctrace']);
  });

  it.each([[[]], [['--force']]])(
    'is finished by an export to its name, and kept (%j)',
    async (more: string[]) => {
      const part = here('run.sctrace.part');
      expect(await runHere('export', part, '-o', here('run.sctrace'), ...more)).toMatchObject({ code: 0 });
      expect(await runHere('verify', here('run.sctrace'))).toMatchObject({ code: 0 });
      expect((await runHere('info', here('run.sctrace'))).stdout).toContain('events      5000');
      expect((await runHere('verify', part)).stdout).toContain('5000 events');
    },
  );

  it('is kept by an export of it that fails', async () => {
    const before = files();
    const args = ['--from', '99s', '-o', here('run.sctrace'), '--force'];
    expect((await runHere('export', here('run.sctrace.part'), ...args)).code).not.toBe(0);
    expect({ ...files(), 'run.sctrace.part-shm': '' }).toEqual({ ...before, 'run.sctrace.part-shm': '' });
  });
});

describe('a journal beside the name of a new trace', () => {
  it('is refused: SQLite would take it for part of the trace', async () => {
    writeFileSync(here('run.sctrace-journal'), 'of a trace that is gone');
    for (const more of [[], ['--force']]) {
      expect(await refused('record', 'run.sctrace', ...more)).toContain('run.sctrace-journal exists');
    }
  });
});

// A limit on the size of files fails as a full disk does: in the middle of a table.
it.skipIf(process.platform === 'win32')(
  'an export that cannot be written to its end names the folder that was asked for, and leaves nothing',
  () => {
    const limited = `trap '' XFSZ; ulimit -f 8; exec "$0" "$@" export a.sctrace -o tables --format parquet`;
    const { status, stderr } = spawnSync(
      'sh',
      ['-c', limited, process.execPath, join(import.meta.dirname, 'main.ts')],
      { cwd: folder, encoding: 'utf8' },
    );
    expect({ status, stderr }).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`${here('tables')} cannot be written (EFBIG)`) as string,
    });
    expect(readdirSync(folder).filter((name) => name.startsWith('tables'))).toEqual([]);
  },
);
