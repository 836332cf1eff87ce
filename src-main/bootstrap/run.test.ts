/** The first file that runs: what it says where it cannot go on. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const RUN = join(import.meta.dirname, 'run.cjs');
const COMMAND = join(import.meta.dirname, 'schedctl-workbench.cjs');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `run.cjs ARGS` on a Node that says that it is `version`. */
function runOn(version: string, ...args: readonly string[]) {
  return runFileOn(version, RUN, ...args);
}

function runFileOn(version: string, file: string, ...args: readonly string[]) {
  const disguise = join(folder, `node-${version}.cjs`);
  const versions = `{ ...process.versions, node: '${version}' }`;
  writeFileSync(disguise, `Object.defineProperty(process, 'versions', { value: ${versions} });\n`);
  return spawnSync(process.execPath, ['--require', disguise, file, ...args], {
    encoding: 'utf8',
    env: { ...process.env, INIT_CWD: folder },
  });
}

test.each(['18.20.4', '0.10.48', '9.0.0'])(
  'Node %s gets one sentence that says what is needed',
  (version) => {
    const { status, stdout, stderr } = runOn(version, 'start');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      `schedctl workbench needs Node 20 or later; this is Node ${version}. ` +
        'Get one from https://nodejs.org/ and run the command again.\n',
    );
  },
);

test('Node 20 goes on', () => {
  expect(runOn('20.0.0', 'start', '--help')).toMatchObject({ status: 0, stderr: '' });
});

test('the command says the same', () => {
  const { status, stderr } = runFileOn('18.20.4', COMMAND, 'info');
  expect({ status, stderr }).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('needs Node 20') as string,
  });
});

test.each([
  ['two files', ['a', 'b'], 'Only one file can be opened.'],
  ['an option that there is not', ['--window'], 'There is no option --window.'],
])('%s: wrong usage', (_what, args, says) => {
  const { status, stdout, stderr } = runOn('24.0.0', 'start', ...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(says);
});

test('what the system refuses is told without a stack', () => {
  const script = `import { runProgram } from ${JSON.stringify(join(import.meta.dirname, 'setup-failure.mjs'))};
    import { mkdirSync } from 'node:fs';
    await runProgram(() => mkdirSync('/dev/null/x'));`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^The workbench cannot be set up here \(ENOTDIR: .*Check the permissions of \/dev\/null\/x/,
  );
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
