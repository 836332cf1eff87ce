/**
 * `npm test [-- [--watch] [PART [ARGS]]]`: installs what is missing and runs everything, or one part of it with further
 * arguments for its runner. `changed` runs what the changes since a commit can have broken. Ends with the line
 * "N passed, M failed", a total over all runners, in which each compiler and linter run counts as one.
 */
import { mkdirSync } from 'node:fs';
import { changedFiles, partsFor, presentFiles } from './changed.mjs';
import { ensureInstalled } from './install.mjs';
import { inRoot } from './paths.mjs';
import { runProgram, SetupFailure } from './setup-failure.mjs';
import { furtherParts, parts } from './test-parts.mjs';
import { rerunOnChange } from './watch.mjs';

/** @typedef {import('./runner-reports.mjs').Count} Count */
/** @typedef {keyof typeof parts | keyof typeof furtherParts} PartName */

/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`);

/**
 * @param {PartName} name
 * @param {readonly string[]} args
 * @returns {Promise<Count>}
 */
async function runPart(name, args) {
  say(`\n== ${name}`);
  try {
    return await { ...parts, ...furtherParts }[name](args, say);
  } catch (thrown) {
    // What keeps one part from running is a failure like any other: the rest still runs.
    say(thrown instanceof SetupFailure ? thrown.message : String(thrown));
    return { passed: 0, failed: 1 };
  }
}

/**
 * @param {readonly (readonly [name: PartName, args: readonly string[]])[]} wanted
 * @returns {Promise<number>} exit code
 */
async function runParts(wanted) {
  const total = { passed: 0, failed: 0 };
  for (const [name, args] of wanted) {
    const { passed, failed } = await runPart(name, args);
    total.passed += passed;
    total.failed += failed;
  }
  say(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
async function runChanged([since]) {
  const files = changedFiles(since);
  const wanted = partsFor(files, presentFiles());
  say(`${files.length} ${files.length === 1 ? 'file' : 'files'} changed.`);
  return runParts(wanted);
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
async function test(args) {
  const isWatching = args[0] === '--watch';
  const [part, ...rest] = isWatching ? args.slice(1) : args;
  const all = /** @type {PartName[]} */ (Object.keys({ ...parts, ...furtherParts }));
  const wanted = all.filter((name) => (part === undefined ? name in parts : name === part));
  if (wanted.length === 0 && part !== 'changed') {
    const names = [...all, 'changed'].join('|');
    process.stderr.write(`There is no part "${part}". Usage: npm test [-- [--watch] ${names} [ARGS]]\n`);
    return 2;
  }
  await ensureInstalled(say);
  mkdirSync(inRoot('test-results'), { recursive: true });
  const run = () => (part === 'changed' ? runChanged(rest) : runParts(wanted.map((name) => [name, rest])));
  if (!isWatching) return run();
  // Vitest knows by itself which of its tests a change reaches.
  if (part === 'unit') return (await runPart('unit', ['--watch', ...rest])).failed === 0 ? 0 : 1;
  return rerunOnChange(run, say);
}

/** @param {readonly string[]} args */
export const main = (args) => runProgram(() => test(args));
