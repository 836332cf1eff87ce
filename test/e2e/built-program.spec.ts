/** The built command line with its built threads, beside the same program from its sources. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { projectNode } from '../../src-main/bootstrap/paths.mjs';
import { expect, test, workbench } from './workbench.ts';

const root = resolve(import.meta.dirname, '../..');
const SCENARIO = join(root, 'traces/scenarios/lock-convoy.yaml');
const REAL = join(root, 'traces/real-convoy-spin.ftrace.txt.gz');

interface Made {
  readonly events: number;
  readonly digest: string;
  readonly complete: boolean;
}

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'workbench-built-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = (name: string, ...args: string[]): Made =>
  JSON.parse(workbench('record', SCENARIO, '-o', join(folder, name), '--json', ...args)) as Made;

test('records the same trace in every process, built or not, and another with another seed', () => {
  const first = record('first.sctrace', '--duration', '200ms');
  const second = record('second.sctrace', '--duration', '200ms');
  const other = record('other.sctrace', '--duration', '200ms', '--seed', '99');
  const source = spawnSync(
    projectNode,
    [
      join(root, 'src-main/hosts/cli/main.ts'),
      ...['record', SCENARIO, '-o', join(folder, 'source.sctrace'), '--json', '--duration', '200ms'],
    ],
    { encoding: 'utf8' },
  );
  expect(first.complete).toBe(true);
  expect(first.events).toBeGreaterThan(1000);
  expect(second.digest).toBe(first.digest);
  expect((JSON.parse(source.stdout) as Made).digest).toBe(first.digest);
  expect(other.digest).not.toBe(first.digest);
  expect(workbench('verify', join(folder, 'first.sctrace'))).toContain('are as recorded');
});

test('imports a real trace that verifies', () => {
  const trace = join(folder, 'real.sctrace');
  workbench('import', REAL, '-o', trace);
  expect(workbench('verify', trace)).toContain('are as recorded');
});

test('told to end while it records, keeps what there is under the name of a part', async () => {
  const trace = join(folder, 'ended.sctrace');
  const cli = join(root, 'dist/main/cli.js');
  const child = spawn(projectNode, [cli, 'record', SCENARIO, '-o', trace, '--duration', '1000s'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await expect.poll(() => existsSync(`${trace}.part`)).toBe(true);
  await new Promise((later) => setTimeout(later, 500));
  child.kill('SIGINT');
  const code = await new Promise((done) => child.once('exit', done));
  // What a shell is told of a command that SIGINT has ended in good order.
  expect(code).toBe(128 + constants.signals.SIGINT);
  expect(said).toBe(`The recording was cancelled. The recording up to then is kept: ${trace}.part\n`);
  expect(existsSync(trace)).toBe(false);
  expect(workbench('verify', `${trace}.part`)).toContain('are as recorded');
});
