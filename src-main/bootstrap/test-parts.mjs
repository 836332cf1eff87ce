/** The parts of `npm test`: each runs its tools and counts what they say. */
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { ensureBuilt } from './build.mjs';
import { ensureElectron } from './electron-binary.mjs';
import { cacheDir, inRoot } from './paths.mjs';
import { runTool } from './run-tool.mjs';
import { countPlaywright, countVitest } from './runner-reports.mjs';
import { ensureTestBrowser } from './test-browser.mjs';

/** @typedef {import('./runner-reports.mjs').Count} Count */
/** @typedef {(line: string) => void} Say */
/** @typedef {readonly [title: string, script: string, args: readonly string[]]} Step */

const LAYERS = ['src-shared', 'src-main', 'src-renderer'];
const CONFIGURATIONS = ['electron.vite.config.ts', 'eslint.config.mjs', 'vitest.config.ts'];
const VITEST_REPORT = inRoot('test-results/vitest.json');
const COMPONENTS_REPORT = inRoot('test-results/components.json');
const PLAYWRIGHT_REPORT = inRoot('test-results/playwright.json');

/** A project of TypeScript, and the compiler that reads its files. The largest come first: two run at a time. */
export const TYPE_PROJECTS = /** @type {const} */ ([
  'test/tsconfig.json',
  'src-main/tsconfig.test.json',
  'src-main/tsconfig.json',
  'src-renderer/tsconfig.json',
  'src-renderer/tsconfig.test.json',
  'src-main/emulator/tsconfig.test.json',
  'src-main/emulator/tsconfig.json',
  'src-shared/tsconfig.test.json',
  'src-shared/tsconfig.json',
]);

/**
 * Steps that pass or fail as a whole. Two run at a time, as there are two cores; what a step prints is shown whole when
 * it has ended.
 *
 * @param {readonly Step[]} steps
 * @param {Say} say
 * @returns {Promise<Count>}
 */
async function runSteps(steps, say) {
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
 * @param {Say} say
 * @returns {Promise<Count>}
 */
async function runPlaywright(folder, env, args, say) {
  await ensureBuilt(say);
  rmSync(PLAYWRIGHT_REPORT, { force: true });
  const config = `${folder}/playwright.config.ts`;
  const code = await runTool('@playwright/test/cli.js', ['test', '--config', config, ...args], env);
  return countPlaywright(PLAYWRIGHT_REPORT, code);
}

/**
 * What was checked before and has not changed since is not checked again: each compiler keeps what it knows in its own
 * folder, as none reads another's.
 *
 * @param {string} project
 * @returns {Step}
 */
function typesOf(project) {
  const [name, compiler] = project.startsWith('src-renderer')
    ? ['vue-tsc', 'vue-tsc/bin/vue-tsc.js']
    : ['typescript-7', 'typescript-7/bin/tsc'];
  const kept = `${cacheDir}/types/${name}/${project.replaceAll('/', '-')}.tsbuildinfo`;
  return [`types: ${project}`, compiler, ['-p', project, '--incremental', '--tsBuildInfoFile', kept]];
}

/** @param {readonly string[]} files */
const lintable = (files) => files.filter((file) => /[.](ts|vue|mjs)$/.test(file));

export const parts = {
  /**
   * @param {readonly string[]} args the projects; none: all
   * @param {Say} say
   */
  async types(args, say) {
    const projects = args.length === 0 ? TYPE_PROJECTS : args;
    return runSteps(projects.map(typesOf), say);
  },

  /**
   * @param {readonly string[]} args the files and folders; none: all. The import rules look at all files anyway.
   * @param {Say} say
   */
  async lint(args, say) {
    const linted = args.length === 0 ? [...LAYERS, 'test', ...CONFIGURATIONS] : lintable(args);
    const formatted = args.length === 0 ? ['.'] : args;
    /** @type {Step[]} */
    const steps = [
      [
        'lint: import rules',
        'dependency-cruiser/bin/dependency-cruiser.mjs',
        ['--config', 'test/lint/import-rules.cjs', ...LAYERS],
      ],
      [
        'lint: prettier',
        'prettier/bin/prettier.cjs',
        ['--check', '--ignore-unknown', '--log-level', 'warn', ...formatted],
      ],
    ];
    if (linted.length > 0) steps.unshift(['lint: eslint', 'eslint/bin/eslint.js', linted]);
    return runSteps(steps, say);
  },

  /** @param {readonly string[]} args of Vitest; `--related FILES` runs the tests that reach these files */
  async unit(args) {
    if (args.includes('--watch')) {
      const code = await runTool('vitest/vitest.mjs', args);
      return { passed: 0, failed: code === 0 ? 0 : 1 };
    }
    const [command, ...rest] =
      args[0] === '--related' ? ['related', '--run', ...args.slice(1)] : ['run', ...args];
    rmSync(VITEST_REPORT, { force: true });
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${VITEST_REPORT}`];
    const code = await runTool('vitest/vitest.mjs', [command, ...reporters, ...rest]);
    return countVitest(VITEST_REPORT, code);
  },

  /**
   * Views by themselves, mounted in the browser that the end-to-end tests use.
   *
   * @param {readonly string[]} args of Vitest
   * @param {Say} say
   */
  async components(args, say) {
    const env = { WORKBENCH_TEST_BROWSER: await ensureTestBrowser(say) };
    rmSync(COMPONENTS_REPORT, { force: true });
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${COMPONENTS_REPORT}`];
    const config = 'test/components/vitest.config.ts';
    const code = await runTool('vitest/vitest.mjs', ['run', '--config', config, ...reporters, ...args], env);
    return countVitest(COMPONENTS_REPORT, code);
  },

  /**
   * @param {readonly string[]} args
   * @param {Say} say
   */
  async e2e(args, say) {
    const env = { WORKBENCH_TEST_BROWSER: await ensureTestBrowser(say) };
    return runPlaywright('test/e2e', env, args, say);
  },

  /**
   * The desktop app on a stand-in for Electron's binary, which has no windows without a browser.
   *
   * @param {readonly string[]} args
   * @param {Say} say
   */
  async desktop(args, say) {
    const env = { WORKBENCH_TEST_BROWSER: await ensureTestBrowser(say) };
    return runPlaywright('test/desktop', env, args, say);
  },
};

/** Run only where they are asked for. */
export const furtherParts = {
  /**
   * The desktop app on Electron itself, where its binary is there.
   *
   * @param {readonly string[]} args
   * @param {Say} say
   */
  async electron(args, say) {
    if ((await ensureElectron(say)) === null) {
      say("Electron's binary is not installed: the tests run on the stand-in for it.");
      return parts.desktop(args, say);
    }
    say('The tests run on Electron.');
    return runPlaywright('test/desktop', { WORKBENCH_TEST_ELECTRON: 'real' }, args, say);
  },
};
