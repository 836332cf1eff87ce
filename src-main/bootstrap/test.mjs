/**
 * `npm test [-- PART [ARGS]]`: installs what is missing and runs everything, or one part of it with further
 * arguments for its runner. Ends with the line "N passed, M failed", a total over all runners, in which each
 * compiler and linter run counts as one.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { inRoot, projectNode, root } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { countPlaywright, countVitest } from './runner-reports.mjs';
import { runProgram, SetupFailure } from './setup-failure.mjs';
import { ensureTestBrowser } from './test-browser.mjs';

/** @typedef {import('./runner-reports.mjs').Count} Count */

const LAYERS = ['src-shared', 'src-main', 'src-renderer'];
const VITEST_REPORT = inRoot('test-results/vitest.json');
const PLAYWRIGHT_REPORT = inRoot('test-results/playwright.json');

/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`);

/**
 * Runs a tool of node_modules with the project's Node, its output shown.
 *
 * @param {string} script
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} exit code
 */
function runTool(script, args, env = {}) {
  const all = { ...process.env, ...env };
  return runCommand(projectNode, [inRoot('node_modules', script), ...args], {
    cwd: root,
    env: all,
    stdio: 'inherit',
  });
}

/**
 * Steps that pass or fail as a whole.
 *
 * @param {readonly (readonly [title: string, script: string, args: readonly string[]])[]} steps
 * @returns {Promise<Count>}
 */
async function runSteps(steps) {
  const count = { passed: 0, failed: 0 };
  for (const [title, script, args] of steps) {
    const code = await runTool(script, args);
    say(code === 0 ? `ok      ${title}` : `FAILED  ${title} (exit code ${code})`);
    count[code === 0 ? 'passed' : 'failed']++;
  }
  return count;
}

/** @param {string} project */
const typesOf = (project, compiler = 'typescript/bin/tsc') =>
  /** @type {const} */ ([`types: ${project}`, compiler, ['-p', project]]);

const parts = {
  types: () =>
    runSteps([
      typesOf('src-shared'),
      typesOf('src-main/emulator'),
      typesOf('src-main'),
      typesOf('src-renderer', 'vue-tsc/bin/vue-tsc.js'),
      typesOf('test'),
    ]),

  lint: () =>
    runSteps([
      ['lint: eslint', 'eslint/bin/eslint.js', ['-c', 'test/lint/eslint.config.mjs', ...LAYERS, 'test']],
      ['lint: prettier', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
      [
        'lint: import rules',
        'dependency-cruiser/bin/dependency-cruiser.mjs',
        ['--config', 'test/lint/import-rules.cjs', ...LAYERS],
      ],
    ]),

  /** @param {readonly string[]} args */
  async unit(args) {
    rmSync(VITEST_REPORT, { force: true });
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`];
    const code = await runTool('vitest/vitest.mjs', [
      'run',
      '--config',
      'test/vitest.config.ts',
      ...reporters,
      ...args,
    ]);
    return countVitest(VITEST_REPORT, code);
  },

  /** @param {readonly string[]} args */
  async e2e(args) {
    const browser = await ensureTestBrowser(say);
    await ensureBuilt(say);
    rmSync(PLAYWRIGHT_REPORT, { force: true });
    const code = await runTool(
      '@playwright/test/cli.js',
      ['test', '--config', 'test/e2e/playwright.config.ts', ...args],
      {
        WORKBENCH_TEST_BROWSER: browser,
      },
    );
    return countPlaywright(PLAYWRIGHT_REPORT, code);
  },
};

/**
 * @param {keyof typeof parts} name
 * @param {readonly string[]} args
 * @returns {Promise<Count>}
 */
async function runPart(name, args) {
  say(`\n== ${name}`);
  try {
    return await parts[name](args);
  } catch (thrown) {
    // What keeps one part from running is a failure like any other: the rest still runs.
    say(thrown instanceof SetupFailure ? thrown.message : String(thrown));
    return { passed: 0, failed: 1 };
  }
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
async function test([part, ...rest]) {
  const all = /** @type {(keyof typeof parts)[]} */ (Object.keys(parts));
  const wanted = part === undefined ? all : all.filter((name) => name === part);
  if (wanted.length === 0) {
    process.stderr.write(`There is no part "${part}". Usage: npm test [-- ${all.join('|')} [ARGS]]\n`);
    return 2;
  }
  await ensureInstalled(say);
  mkdirSync(inRoot('test-results'), { recursive: true });
  const total = { passed: 0, failed: 0 };
  for (const name of wanted) {
    const { passed, failed } = await runPart(name, rest);
    total.passed += passed;
    total.failed += failed;
  }
  say(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 ? 0 : 1;
}

/** @param {readonly string[]} args */
export const main = (args) => runProgram(() => test(args));
