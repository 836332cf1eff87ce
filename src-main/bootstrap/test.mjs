/**
 * `npm test [-- PART [ARGS]]`: installs what is missing and runs everything, or one part of it with further
 * arguments for its runner. Ends with the line "N passed, M failed", a total over all runners, in which each
 * compiler and linter run counts as one.
 */
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { ensureBuilt } from './build.mjs';
import { ensureElectron } from './electron-binary.mjs';
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
 * Runs a tool of node_modules with the project's Node, its output shown unless `stdio` says otherwise.
 *
 * @param {string} script
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @param {import('node:child_process').StdioOptions} [stdio]
 * @returns {Promise<number>} exit code
 */
function runTool(script, args, env = {}, stdio = 'inherit') {
  const all = { ...process.env, ...env };
  return runCommand(projectNode, [inRoot('node_modules', script), ...args], { cwd: root, env: all, stdio });
}

/**
 * Steps that pass or fail as a whole. Two run at a time, as there are two cores; what a step prints is shown whole when
 * it has ended.
 *
 * @param {readonly (readonly [title: string, script: string, args: readonly string[]])[]} steps
 * @returns {Promise<Count>}
 */
async function runSteps(steps) {
  const count = { passed: 0, failed: 0 };
  const waiting = steps.entries();
  const work = async () => {
    for (const [index, [title, script, args]] of waiting) {
      const output = inRoot(`test-results/step-${index}.txt`);
      const file = openSync(output, 'w');
      const code = await runTool(script, args, {}, ['ignore', file, file]);
      closeSync(file);
      process.stdout.write(readFileSync(output));
      say(code === 0 ? `ok      ${title}` : `FAILED  ${title} (exit code ${code})`);
      count[code === 0 ? 'passed' : 'failed']++;
    }
  };
  await Promise.all([work(), work()]);
  return count;
}

/**
 * @param {string} folder with the tests and their configuration
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} args
 * @returns {Promise<Count>}
 */
async function runPlaywright(folder, env, args) {
  await ensureBuilt(say);
  rmSync(PLAYWRIGHT_REPORT, { force: true });
  const config = `${folder}/playwright.config.ts`;
  const code = await runTool('@playwright/test/cli.js', ['test', '--config', config, ...args], env);
  return countPlaywright(PLAYWRIGHT_REPORT, code);
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
    const env = { WORKBENCH_TEST_BROWSER: await ensureTestBrowser(say) };
    return runPlaywright('test/e2e', env, args);
  },

  /**
   * The desktop app on a stand-in for Electron's binary, which has no windows without a browser.
   *
   * @param {readonly string[]} args
   */
  async desktop(args) {
    const env = { WORKBENCH_TEST_BROWSER: await ensureTestBrowser(say) };
    return runPlaywright('test/desktop', env, args);
  },
};

/** Run only where they are asked for. */
const furtherParts = {
  /**
   * The desktop app on Electron itself, where its binary is there.
   *
   * @param {readonly string[]} args
   */
  async electron(args) {
    if ((await ensureElectron(say)) === null) {
      say("Electron's binary is not to be had here: what follows runs on the stand-in for it.");
      return parts.desktop(args);
    }
    say('What follows runs on Electron.');
    return runPlaywright('test/desktop', { WORKBENCH_TEST_ELECTRON: 'real' }, args);
  },
};

/** @typedef {keyof typeof parts | keyof typeof furtherParts} PartName */

/**
 * @param {PartName} name
 * @param {readonly string[]} args
 * @returns {Promise<Count>}
 */
async function runPart(name, args) {
  say(`\n== ${name}`);
  try {
    return await { ...parts, ...furtherParts }[name](args);
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
  const all = /** @type {PartName[]} */ (Object.keys({ ...parts, ...furtherParts }));
  const wanted = all.filter((name) => (part === undefined ? name in parts : name === part));
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
