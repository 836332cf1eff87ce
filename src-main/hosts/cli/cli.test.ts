/** The command line as people and scripts meet it: a process with arguments, streams and an exit code. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere, type Ran } from './testing/run-here.ts';

const root = new URL('../../../', import.meta.url).pathname;
const MAIN = join(root, 'src-main/hosts/cli/main.ts');
const CONVOY = join(root, 'traces/real-convoy-spin.ftrace.txt.gz');
const SCENARIO = `# Title: Two threads
cpus: 1
duration: 50 ms
processes:
  - name: app
    lwps:
      - name: worker
        count: 2
        program:
          - loop: forever
            steps:
              - compute: { exponential: 300us }
              - yield
`;

/** Runs `schedctl-workbench ARGS` in the test's folder. */
function run(...args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [MAIN, ...args],
      { cwd: folder, maxBuffer: 1 << 26 },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

const here = (name: string): string => join(folder, name);

/** Runs a command that is to succeed and say nothing but its answer. */
async function answer(...args: readonly string[]): Promise<string> {
  const ran = await run(...args);
  expect(ran).toMatchObject({ code: 0, stderr: '' });
  return ran.stdout;
}
const json = async <T>(...args: readonly string[]): Promise<T> => JSON.parse(await answer(...args)) as T;

interface Recorded {
  readonly file: string;
  readonly events: number;
  readonly digest: string;
  readonly complete: boolean;
}

let folder: string;
let recorded: Recorded;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-'));
  await writeFile(join(folder, 'two.yaml'), SCENARIO);
  await writeFile(join(folder, 'empty.sctrace'), '');
  await mkdir(join(folder, 'folder.sctrace'));
  recorded = await json('record', 'two.yaml', '-o', 'two.sctrace', '--json');
});
afterAll(() => rm(folder, { recursive: true }));

describe('record', () => {
  it('records a scenario into one file and says what it made', async () => {
    expect(recorded).toMatchObject({ file: join(folder, 'two.sctrace'), complete: true });
    expect(recorded.events).toBeGreaterThan(100);
    expect(recorded.digest).toMatch(/^[0-9a-f]{16}$/);
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['two.sctrace', 'two.yaml']));
    expect((await readdir(folder)).filter((name) => /part|wal|shm/.test(name))).toEqual([]);
  });

  it('gives the same digest for the same seed and another for another', async () => {
    const again = await json<Recorded>('record', 'two.yaml', '-o', 'again.sctrace', '--json');
    expect(again.digest).toBe(recorded.digest);
    const other = await json<Recorded>('record', 'two.yaml', '-o', 'other.sctrace', '--seed', '99', '--json');
    expect(other.digest).not.toBe(recorded.digest);
  });

  it('takes duration and CPUs from the command line', async () => {
    await answer('record', 'two.yaml', '-o', 'short.sctrace', '--duration', '10ms', '--cpus', '3');
    const info = await json<{ durationNs: number; cpus: unknown[] }>('info', 'short.sctrace', '--json');
    expect(info.durationNs).toBeLessThanOrEqual(10_000_000);
    expect(info.cpus).toHaveLength(3);
  });

  it('names file and line of every mistake in a scenario, and leaves nothing behind', async () => {
    await writeFile(join(folder, 'wrong.yaml'), 'cpus: many\nduration: 1 parsec\nprocesses: []\n');
    const { code, stdout, stderr } = await run('record', 'wrong.yaml', '-o', 'wrong.sctrace');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^wrong\.yaml, line 1: /);
    expect(stderr).toContain('line 2');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await readdir(folder)).filter((name) => name.startsWith('wrong.sctrace'))).toEqual([]);
  });

  it('does not replace a file unless told to', async () => {
    await writeFile(join(folder, 'mine.txt'), 'precious');
    const refused = await run('record', 'two.yaml', '-o', 'mine.txt');
    expect(refused).toMatchObject({
      code: 1,
      stderr: 'mine.txt already exists: give another name, or --force to replace it.\n',
    });
    expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('precious');
    await answer('record', 'two.yaml', '-o', 'mine.txt', '--force');
    expect(await answer('info', 'mine.txt')).toContain('complete    yes');
  });
});

describe('import, info, query, state, verify', () => {
  beforeAll(async () => {
    await answer('import', CONVOY, '-o', 'convoy.sctrace');
  });

  it('import says what was read, repaired and assumed', async () => {
    const { report, events } = await json<{ events: number; report: Record<string, unknown> }>(
      'import',
      CONVOY,
      '-o',
      'convoy2.sctrace',
      '--json',
    );
    expect(report).toMatchObject({ format: 'ftrace', events: 4494, brokenChains: 144, transitions: events });
  });

  it('holders joins a lock log, and finds the same acquisitions in a trace that it was imported with', async () => {
    const locks = join(root, 'test/fixtures/ftrace/locklogs/convoy-spin.csv.gz');
    const joined = await json<Record<string, unknown>>(
      'holders',
      'convoy.sctrace',
      '--locks',
      locks,
      '--json',
    );
    expect(joined).toMatchObject({
      acquisitions: 260,
      holds_with_switch_out: 86,
      worst_off_cpu_ns: 28_003_000,
    });
    await answer('import', CONVOY, '-o', 'locked.sctrace', '--locks', locks);
    expect(await json('holders', 'locked.sctrace', '--json')).toEqual(joined);
  });

  it('info tells source, completeness, events and digest', async () => {
    expect(await json('info', 'convoy.sctrace', '--json')).toMatchObject({
      file: join(folder, 'convoy.sctrace'),
      source: 'ftrace',
      complete: true,
      hasSchedctl: false,
      digest: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    expect(await json('info', 'two.sctrace', '--json')).toMatchObject({
      source: 'emulator',
      events: recorded.events,
      digest: recorded.digest,
      complete: true,
    });
  });

  it('query prints a table, CSV or JSON', async () => {
    const sql = 'SELECT id, name FROM cpu ORDER BY id';
    expect(await answer('query', 'convoy.sctrace', sql)).toBe('id  name\n--  -----\n 0  CPU 0\n 1  CPU 1\n');
    expect(await answer('query', 'convoy.sctrace', sql, '--format', 'csv')).toBe(
      'id,name\r\n0,CPU 0\r\n1,CPU 1\r\n',
    );
    expect(await json('query', 'convoy.sctrace', sql, '--json')).toHaveLength(2);
    expect(await json('query', 'convoy.sctrace', sql, '--format', 'json')).toEqual([
      { id: 0, name: 'CPU 0' },
      { id: 1, name: 'CPU 1' },
    ]);
  });

  it('query quotes CSV that needs it', async () => {
    const sql = `SELECT 'a,b' AS "x""y", 'say "hi"' AS z, NULL AS n, x'00ff' AS b`;
    expect(await answer('query', 'convoy.sctrace', sql, '--format', 'csv')).toBe(
      '"x""y",z,n,b\r\n"a,b","say ""hi""",,00ff\r\n',
    );
  });

  it('query makes text of what spreadsheets would calculate, where it is asked to', async () => {
    const query = ['query', 'convoy.sctrace', "SELECT '=1+1' AS a, -5 AS b", '--format', 'csv'];
    expect(await answer(...query)).toBe('a,b\r\n=1+1,-5\r\n');
    expect(await answer(...query, '--no-formulas')).toBe("a,b\r\n'=1+1,-5\r\n");
  });

  it.each([
    'DELETE FROM event',
    'ATTACH ? AS x',
    'PRAGMA journal_mode = WAL',
    'SELECT nothing FROM nowhere',
    '',
  ])('query refuses %j and changes nothing', async (sql) => {
    const before = await readFile(join(folder, 'convoy.sctrace'));
    const { code, stdout, stderr } = await run('query', 'convoy.sctrace', sql);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(await readFile(here('convoy.sctrace'))).toEqual(before);
  });

  it('state shows which LWPs run, and every field as JSON', async () => {
    const text = await answer('state', 'two.sctrace', '--at', '20ms');
    expect(text).toMatch(/^At 20\.000 ms: after event \d+ at /);
    expect(text).toMatch(/CPU 0 +worker [01] /);
    expect(text).toMatch(/worker \d .*running/);
    expect(await answer('state', 'two.sctrace', '--at', '20s')).toMatch(
      /^At 20\.0+ s, after the end of the trace/,
    );
    const state = await json<{ lwps: { fields: Record<string, number> }[]; timeNs: number }>(
      'state',
      'two.sctrace',
      '--at',
      '20000000',
      '--json',
    );
    expect(state.timeNs).toBeLessThanOrEqual(20_000_000);
    expect(state.lwps.filter(({ fields }) => fields['t_state'] === 4)).toHaveLength(1);
  });

  it('verify passes a trace as it was recorded and finds a changed row', async () => {
    expect(await answer('verify', 'two.sctrace')).toContain('are as recorded');
    expect(await answer('verify', 'convoy.sctrace')).toContain('are as recorded');
    const bytes = await readFile(join(folder, 'two.sctrace'));
    bytes.write('0123456789abcdef', bytes.indexOf(recorded.digest));
    await writeFile(join(folder, 'changed.sctrace'), bytes);
    const { code, stderr, stdout } = await run('verify', 'changed.sctrace');
    expect(code).toBe(1);
    expect(stdout).toContain('changed.sctrace is not as recorded: ');
    expect(stderr).toBe('');
  });
});

describe('what cannot be done', () => {
  it.each([
    ['info', 'none.sctrace'],
    ['info', 'two.yaml'],
    ['info', 'empty.sctrace'],
    ['info', 'folder.sctrace'],
    ['record', 'folder.sctrace', '-o', 'x.sctrace'],
    ['verify', 'two.yaml'],
    ['query', 'two.yaml', 'SELECT 1'],
    ['state', 'none.sctrace', '--at', '1ms'],
    ['record', 'none.yaml', '-o', 'x.sctrace'],
    ['import', 'none.txt', '-o', 'x.sctrace'],
    ['import', 'two.yaml', '-o', 'x.sctrace'],
    ['serve', 'none.sctrace'],
  ])(
    '%s %s: one sentence that names the file, exit code 1, nothing written',
    async (command, file, ...rest) => {
      const output = rest.map((arg) => (arg === 'x.sctrace' ? here(arg) : arg));
      const { code, stdout, stderr } = await runHere(command, here(file), ...output);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(stderr).toContain(file);
      await expect(stat(here('x.sctrace'))).rejects.toThrow();
    },
  );

  it.each([
    ['empty.sctrace', 'is empty'],
    ['folder.sctrace', 'is a folder'],
    ['none.sctrace', 'check the path'],
  ])('info %s says that it %s', async (file, says) => {
    expect((await runHere('info', here(file))).stderr).toContain(says);
  });

  it('a command that is mistyped is named, with the one that was meant', async () => {
    const { stderr } = await runHere('recrod');
    expect(stderr).toContain("unknown command 'recrod'");
    expect(stderr).toContain('record');
  });

  it('a folder that is not there is named before any work is done', async () => {
    const { code, stderr } = await runHere('record', here('two.yaml'), '-o', here('no/such/x.sctrace'));
    expect(code).toBe(1);
    expect(stderr).toContain(`The folder ${here('no/such')} for`);
  });

  it('a truncated trace is said to be damaged', async () => {
    const bytes = await readFile(here('two.sctrace'));
    await writeFile(here('cut.sctrace'), bytes.subarray(0, bytes.length >> 1));
    const { code, stdout, stderr } = await runHere('info', here('cut.sctrace'));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('cut.sctrace');
  });

  it.each([
    [[]],
    [['unknown']],
    [['record']],
    [['record', 'two.yaml']],
    [['record', 'two.yaml', '-o', 'x.sctrace', '--seed', 'abc']],
    [['record', 'two.yaml', '-o', 'x.sctrace', '--duration', 'soon']],
    [['record', 'two.yaml', '-o', 'x.sctrace', '--duration', '0s']],
    [['query', 'two.sctrace', 'SELECT 1', '--format', 'xml']],
    [['state', 'two.sctrace']],
    [['info', 'two.sctrace', '--frobnicate']],
    [['info', 'two.sctrace', 'surplus']],
  ])('%j is wrong usage: exit code 2, nothing on stdout', async (args: string[]) => {
    const { code, stdout, stderr } = await runHere(...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });
});

describe('export', () => {
  it('cuts a time range out as a separate trace', async () => {
    const cut = await json<Recorded>(
      ...['export', 'two.sctrace', '-o', 'range.sctrace', '--from', '10ms', '--to', '30ms', '--json'],
    );
    expect(cut).toMatchObject({ file: here('range.sctrace'), complete: true });
    expect(await answer('verify', 'range.sctrace')).toContain('as recorded');
  });

  it('writes what the extension says, and says how much', async () => {
    const lines = await answer('export', 'two.sctrace', '-o', 'lwps.csv', '--table', 'lwp');
    expect(lines).toMatch(/lwps\.csv: 2 rows, \d+ bytes\n$/);
    expect(await readFile(here('lwps.csv'), 'utf8')).toContain('worker 0');
    const chrome = await json<{ rows: number }>('export', 'two.sctrace', '-o', 'two.json', '--json');
    expect(chrome.rows).toBeGreaterThan(0);
    expect(JSON.parse(await readFile(here('two.json'), 'utf8'))).toHaveProperty('traceEvents');
  });

  it('writes all tables as Parquet into a folder, and replaces it only when told to', async () => {
    const command = ['export', 'two.sctrace', '-o', 'fleet', '--format', 'parquet'];
    await answer(...command);
    expect(await readdir(here('fleet'))).toContain('lwp_state.parquet');
    expect(await run(...command)).toMatchObject({ code: 1, stdout: '' });
    await answer(...command, '--force');
  });

  it.each<[readonly string[], number]>([
    [['two.sctrace', '-o', 'x.odt'], 2],
    [['two.sctrace', '-o', 'x.csv'], 2],
    [['two.sctrace', '-o', 'x.csv', '--table', 'nothing'], 2],
    [['two.sctrace', '-o', 'x.sctrace', '--table', 'lwp'], 2],
    [['two.sctrace', '-o', 'x.sctrace', '--from', '2s'], 2],
    [['two.sctrace', '-o', 'x.json', '--from', '2ms', '--to', '1ms'], 2],
    [['two.sctrace', '-o', 'two.sctrace', '--force'], 2],
    [['missing.sctrace', '-o', 'x.json'], 1],
  ])('export %j ends with a sentence and code %i, and leaves nothing', async (args, code) => {
    const ran = await runHere(
      'export',
      ...args.map((arg) => (/^two\.|^missing\.|^x\./.test(arg) ? here(arg) : arg)),
    );
    expect(ran).toMatchObject({ code, stdout: '' });
    expect(ran.stderr).not.toBe('');
    expect((await readdir(folder)).filter((name) => name.startsWith('x.'))).toEqual([]);
  });
});

describe('help', () => {
  it.each(['record', 'import', 'export', 'info', 'query', 'state', 'verify', 'serve'])(
    '%s has examples',
    async (command) => {
      const { code, stdout, stderr } = await runHere(command, '--help');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain(`$ schedctl-workbench ${command} `);
    },
  );

  it('lists the commands, and the version is that of the program', async () => {
    expect(await answer('--help')).toContain('record [options] <scenario>');
    expect(await answer('--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

it('a reader that has seen enough is no failure', async () => {
  const { code, stderr } = await new Promise<Ran>((resolve) => {
    const sql = 'SELECT seq FROM event';
    const command = `"${process.execPath}" "${MAIN}" query two.sctrace "${sql}" --format csv | head -1; exit \${PIPESTATUS[0]}`;
    execFile('bash', ['-c', command], { cwd: folder }, (error, stdout, text) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr: text });
    });
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
