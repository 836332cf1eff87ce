/** From what the person named to a trace file that a window can open. */
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
} from 'node:fs';
import { basename, extname, join } from 'node:path';
import { cacheDir, inRoot, projectNode } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';

const SAMPLE_SCENARIO = inRoot('traces/scenarios/convoy-behind-a-revoked-request.yaml');
const SAMPLES = join(cacheDir, 'samples');
const MADE_HERE = join(cacheDir, 'traces');

const BUILT_CLI = inRoot('dist/main/cli.js');

/**
 * Runs the command line of the workbench, whose progress goes to stderr.
 *
 * @param {string} cli its entry point, built or source
 * @param {readonly string[]} args
 * @returns {Promise<number>}
 */
const workbench = (cli, args) => runCommand(projectNode, [cli, ...args]);

/**
 * The trace of the first start: recorded once for each state of the program, so that it is never one of a
 * schema or an emulator that is no more.
 *
 * @param {string} buildStamp
 * @param {(line: string) => void} say
 * @param {string} [cli]
 * @returns {Promise<string>} path of the sample
 * @throws {SetupFailure}
 */
export async function ensureSample(buildStamp, say, cli = BUILT_CLI) {
  const folder = join(SAMPLES, buildStamp.slice(0, 16));
  const sample = join(folder, 'convoy-behind-a-revoked-request.sctrace');
  if (existsSync(sample)) return sample;
  say('Recording the sample trace ...');
  mkdirSync(folder, { recursive: true });
  for (const other of readdirSync(SAMPLES)) {
    if (join(SAMPLES, other) !== folder) rmSync(join(SAMPLES, other), { recursive: true, force: true });
  }
  const code = await workbench(cli, ['record', SAMPLE_SCENARIO, '-o', sample, '--force']);
  if (code !== 0) throw new SetupFailure('The sample trace could not be recorded; the reason is above.');
  return sample;
}

/** @type {Record<string, string>} */
const WHY_UNREADABLE = {
  ENOENT: 'there is no such file. Check the path.',
  ENOTDIR: 'there is no such file. Check the path.',
  EACCES: 'permission to read it is denied. Check the permissions of the file and its folder.',
};

/**
 * @param {string} file
 * @returns {boolean} whether it begins as an SQLite database does
 * @throws {SetupFailure} where it cannot be read
 */
export function isDatabase(file) {
  const magic = Buffer.from('SQLite format 3\0');
  const start = Buffer.alloc(magic.length);
  /** @type {number} */
  let descriptor;
  try {
    descriptor = openSync(file, 'r');
  } catch (thrown) {
    const { code = '', message } = /** @type {NodeJS.ErrnoException} */ (thrown);
    throw new SetupFailure(`${file}: ${WHY_UNREADABLE[code] ?? `it cannot be read (${message}).`}`);
  }
  try {
    if (fstatSync(descriptor).isDirectory()) {
      throw new SetupFailure(`${file}: it is a folder. Name a file in it.`);
    }
    return readSync(descriptor, start) === magic.length && start.equals(magic);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Makes a trace of a scenario (recorded) or of another tool's trace (imported); a trace file is taken as
 * it is. What is made here stays in the cache folder until a file of the same name is given again.
 *
 * @param {string} file absolute path
 * @param {(line: string) => void} say
 * @param {string} [cli]
 * @returns {Promise<string>} path of the trace
 * @throws {SetupFailure}
 */
export async function traceOf(file, say, cli = BUILT_CLI) {
  if (isDatabase(file)) return file;
  const isScenario = ['.yaml', '.yml'].includes(extname(file));
  mkdirSync(MADE_HERE, { recursive: true });
  const trace = join(MADE_HERE, `${basename(file, extname(file))}.sctrace`);
  say(`${isScenario ? 'Recording' : 'Importing'} ${basename(file)} ...`);
  const code = await workbench(cli, [isScenario ? 'record' : 'import', file, '-o', trace, '--force']);
  if (code !== 0) throw new SetupFailure(`${basename(file)} could not be opened; the reason is above.`);
  return trace;
}
