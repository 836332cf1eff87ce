/** Arbitrary command lines. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeProgram } from '#main/hosts/cli/describe-program.ts';
import { createProgram } from '#main/hosts/cli/program.ts';
import { runProgram } from '#main/hosts/cli/run-program.ts';
import { FUZZ, FUZZ_TIMEOUT_MS, survives } from './fuzz.ts';

const { commands } = describeProgram(createProgram(() => undefined));
const NAMES = commands.map(({ name }) => name);
/** All but the one that lets a command replace files of the machine that runs this. */
const OPTIONS = [...new Set(commands.flatMap(({ options }) => options.map(({ long }) => long)))].filter(
  (option) => option !== '--force',
);

let folder: string;
const here = process.cwd();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fuzz-cli-'));
  process.chdir(folder);
  writeFileSync('empty.sctrace', '');
  writeFileSync('text.yaml', 'cpus: many\n');
  writeFileSync('noise.txt', Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919) % 251)));
});
afterAll(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true });
});

const word = fc.oneof(
  fc.constantFrom('empty.sctrace', 'text.yaml', 'noise.txt', 'none.sctrace', '.', '', '-', '--', 'x'),
  fc.constantFrom(
    '1',
    '-1',
    '1e9',
    '12.5ms',
    '0s',
    'SELECT 1',
    'csv',
    'json',
    'bash',
    '--json',
    '-o',
    '--help',
  ),
  fc.constantFrom(...OPTIONS),
  fc.string({ maxLength: 12, unit: 'binary' }),
);
/** `serve` with what it takes for a file would serve until it is told to end; `-` waits for standard input to end. */
const endsByItself = (args: readonly string[]): boolean =>
  (!args.includes('serve') || args.includes('none.sctrace')) && !args.includes('-');
const commandLine = fc
  .tuple(
    fc.oneof(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES), word),
    fc.array(word, { maxLength: 7 }),
  )
  .map(([name, rest]) => (name === 'serve' ? [name, 'none.sctrace', ...rest] : [name, ...rest]))
  .filter(endsByItself);

test('an arbitrary command line ends with a code, and says why', { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += String(text);
      return true;
    }),
  );
  try {
    // The first command that reads traces loads the importers, which is not what a case is timed for.
    await runProgram(['holders', 'none.sctrace']);
    await fc.assert(
      fc.asyncProperty(commandLine, async (args) => {
        Object.assign(written, { stdout: '', stderr: '' });
        await survives(async () => {
          const code = await runProgram(args);
          expect([0, 1, 2]).toContain(code);
          if (code !== 0) expect(written.stderr).toMatch(/\S/);
          expect(written.stderr).not.toMatch(/^\s+at .+:\d+|defect of the program/m);
        });
      }),
      FUZZ,
    );
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
});
