/** Requests to end, as the processes of this program meet them. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { END_SIGNALS } from './end-signals.ts';

const folder = mkdtempSync(join(tmpdir(), 'end-signals-'));
afterAll(() => rmSync(folder, { recursive: true }));
const urlOf = (file: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, file)).href);

/** Starts a script that prints `ready`. */
async function started(name: string, text: string, env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const script = join(folder, name);
  writeFileSync(script, text);
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  let output = '';
  while (!output.includes('ready')) output += String((await once(child.stdout, 'data'))[0]);
  return child;
}

async function ended(child: ChildProcess): Promise<number | string> {
  const [code, signal] =
    child.exitCode === null && child.signalCode === null
      ? ((await once(child, 'exit')) as [number | null, string | null])
      : [child.exitCode, child.signalCode];
  return code ?? signal!;
}

describe.each(END_SIGNALS)('%s', (signal) => {
  it('ends what is tidied up in good order, even where it comes twice', async () => {
    const child = await started(
      `tidy-${signal}.mjs`,
      `import { onEndSignal } from ${urlOf('end-signals.ts')};
       onEndSignal(() => setTimeout(() => process.exit(7), 100));
       setInterval(() => undefined, 1000); console.log('ready');`,
    );
    child.kill(signal);
    child.kill(signal);
    expect(await ended(child)).toBe(7);
  });

  it('ends what does not come to its end', async () => {
    const child = await started(
      `stuck-${signal}.mjs`,
      `import { onEndSignal } from ${urlOf('end-signals.ts')};
       onEndSignal(() => undefined); setInterval(() => undefined, 1000); console.log('ready');`,
    );
    child.kill(signal);
    expect(await ended(child)).toBe(signal);
  });

  it('reaches what the launcher has started', async () => {
    const program = join(folder, `program-${signal}.mjs`);
    writeFileSync(
      program,
      `process.on('${signal}', () => process.exit(9)); setInterval(() => undefined, 1000); console.log('ready');`,
    );
    const launcher = await started(
      `launcher-${signal}.mjs`,
      `import { runCommand } from ${urlOf('../bootstrap/run-command.mjs')};
       process.exitCode = await runCommand(process.execPath, [${JSON.stringify(program)}], { stdio: 'inherit' });`,
    );
    launcher.kill(signal);
    expect(await ended(launcher)).toBe(9);
  });
});

/** A program that leaves the file `mark` when it ends with its launcher, and a script that launches it. */
function launched(name: string): { readonly launcher: string; readonly mark: string } {
  const [program, mark] = [join(folder, `${name}.mjs`), join(folder, `${name}-ended`)];
  writeFileSync(
    program,
    `import { writeFileSync } from 'node:fs';
     import { endWithLauncher } from ${urlOf('launcher.ts')};
     process.on('SIGTERM', () => { writeFileSync(${JSON.stringify(mark)}, ''); process.exit(); });
     endWithLauncher(); setInterval(() => undefined, 1000); console.log('ready');`,
  );
  const launcher = `import { runCommand } from ${urlOf('../bootstrap/run-command.mjs')};
     await runCommand(process.execPath, [${JSON.stringify(program)}], { stdio: 'inherit' });`;
  return { launcher, mark };
}

it('a program whose launcher is killed is asked to end', async () => {
  const { launcher, mark } = launched('orphan');
  const child = await started('killed-launcher.mjs', launcher);
  child.kill('SIGKILL');
  await expect.poll(() => existsSync(mark), { timeout: 10_000 }).toBe(true);
});

// Who started a shell is told by /proc.
it.runIf(existsSync('/proc/self/stat')).each(['SIGKILL', 'SIGHUP'] as const)(
  'a program ends where npm has ended by %s and its shell waits on',
  async (signal) => {
    const { launcher, mark } = launched(`under-npm-${signal}`);
    const script = join(folder, `script-${signal}.mjs`);
    writeFileSync(script, launcher);
    // The second command keeps the shell from becoming the first.
    const shell = JSON.stringify(`"${process.execPath}" "${script}"; true`);
    const npm = await started(
      `npm-${signal}.mjs`,
      `import { spawn } from 'node:child_process';
       spawn('sh', ['-c', ${shell}], { stdio: 'inherit' });`,
      { npm_lifecycle_event: 'start' },
    );
    npm.kill(signal);
    await expect.poll(() => existsSync(mark), { timeout: 10_000 }).toBe(true);
  },
);

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends an import that waits for its input, leaves nothing, and is told as %i',
  async (signal, code) => {
    const made = mkdtempSync(join(folder, 'made-'));
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'cli/main.ts'), 'import', '-', '-o', join(made, 'a.sctrace')],
      { stdio: ['pipe', 'inherit', 'pipe'] },
    );
    await expect.poll(() => readdirSync(made), { timeout: 20_000 }).toContain('a.sctrace.part');
    child.kill(signal);
    expect(await ended(child)).toBe(code);
    expect(readdirSync(made)).toEqual([]);
  },
);

it.skipIf(process.platform === 'win32')(
  'a named pipe without a writer is no trace, and is not waited for',
  () => {
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    const cli = join(import.meta.dirname, 'cli/main.ts');
    for (const command of [['info'], ['verify'], ['state', '--at', '1ms']]) {
      const { status, stderr } = spawnSync(process.execPath, [cli, command[0]!, pipe, ...command.slice(1)], {
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: `${pipe} is a pipe, not a file: name a file.\n`,
      });
    }
  },
);

it.skipIf(process.platform !== 'linux')('an output that cannot be written is told, and is a failure', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'cli/main.ts'), '--version'],
    {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    },
  );
  closeSync(full);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'What was to be printed could not be written (ENOSPC).\n',
  });
});
