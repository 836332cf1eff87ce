/** What `npm test -- changed` runs: the parts that a change can have broken. */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { root } from './paths.mjs';
import { SetupFailure } from './setup-failure.mjs';
import { TYPE_PROJECTS } from './test-parts.mjs';

/**
 * @param {readonly string[]} args
 * @returns {string | null} what git printed; null where it failed
 */
function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  return status === 0 ? stdout.trimEnd() : null;
}

/**
 * Files that differ from a commit, committed or not, new ones too.
 *
 * @param {string} [since] a commit; without it, where this branch left the one that it follows, else the last commit
 * @returns {string[]} paths within the checkout
 * @throws {SetupFailure} where git cannot say
 */
export function changedFiles(since) {
  const base = since ?? git('merge-base', 'HEAD', '@{upstream}') ?? 'HEAD';
  const changed = git('diff', '--name-only', '--no-renames', base, '--');
  const added = git('ls-files', '--others', '--exclude-standard');
  if (changed === null || added === null) {
    throw new SetupFailure(
      `Git cannot list what has changed since ${base}. Name a commit of this checkout: npm test -- changed COMMIT`,
    );
  }
  return [...new Set([...changed.split('\n'), ...added.split('\n')])].filter((file) => file !== '').sort();
}

/** @returns {string[]} all files of the checkout that are there, ignored ones left out */
export function presentFiles() {
  const all = git('ls-files', '--cached', '--others', '--exclude-standard')?.split('\n') ?? [];
  const gone = new Set(git('ls-files', '--deleted')?.split('\n') ?? []);
  return [...new Set(all)].filter((file) => !gone.has(file));
}

/** Every tool reads these, or every file depends on them. */
const READ_BY_ALL =
  /^(package(-lock)?[.]json|[^/]+[.]config[.](ts|mjs)|(.*[/])?tsconfig[.a-z]*[.]json|test[/](vitest[.]config[.]ts|lint[/].*)|[.]prettierrc[.]json)$/;
const MODULE = /[.](ts|vue|mjs|cjs)$/;
const TEST = /[.]test[.]ts$/;
/** Tests, and what they share: no part of the program. */
const FOR_TESTS = /[.]test[.]ts$|[/]testing[/]/;

/** Where a change is, and the projects of TypeScript that see it. */
const TYPES = /** @type {const} */ ([
  { path: /^src-shared[/]/, projects: TYPE_PROJECTS },
  {
    path: /^src-main[/]/,
    projects: TYPE_PROJECTS.filter((project) => !/^src-(shared|renderer)/.test(project)),
  },
  {
    path: /^src-renderer[/]/,
    projects: TYPE_PROJECTS.filter((project) => !/^src-(shared|main)/.test(project)),
  },
  { path: /^test[/]/, projects: TYPE_PROJECTS.filter((project) => /test[./]/.test(project)) },
]);

/** What the window and its hosts are made of, and what answers them. */
const SEEN_IN_BROWSER =
  /^(src-renderer|src-shared|src-main[/](hosts[/](?!electron|cli[/])|workbench|bootstrap))[/]/;
/** What views that are mounted by themselves import. */
const SEEN_IN_COMPONENTS = /^(src-renderer|src-shared|test[/]components)[/]/;
const SEEN_ON_DESKTOP =
  /^(src-renderer[/]transport|src-shared[/]api|src-main[/]hosts[/](?!cli|loopback)|test[/]electron-standin)[/]/;

/**
 * The specs of a folder that a change can have broken.
 *
 * @param {readonly string[]} changed
 * @param {string} folder
 * @param {RegExp} seen
 * @returns {readonly string[] | null} Playwright's arguments, none meaning all; null: there are none
 */
function specsFor(changed, folder, seen) {
  const inFolder = changed.filter((file) => file.startsWith(`${folder}/`) && MODULE.test(file));
  const specs = inFolder.filter((file) => file.endsWith('.spec.ts'));
  const isAll = changed.some((file) => seen.test(file) && MODULE.test(file) && !FOR_TESTS.test(file));
  // What the specs of a folder share is read by all of them.
  if (isAll || inFolder.length > specs.length) return [];
  return specs.length > 0 ? specs : null;
}

/**
 * The unit tests that a change can have broken: those that import a changed file, by whatever way, and all where a file
 * changed that tests read (a scenario, a vector, a capture).
 *
 * @param {readonly string[]} changed
 * @param {readonly string[]} present
 * @returns {readonly string[] | null} Vitest's arguments; null: there are none
 */
function unitFor(changed, present) {
  const isText = (/** @type {string} */ file) => file.endsWith('.md') || file.startsWith('.');
  const modules = changed.filter((file) => MODULE.test(file) && present.includes(file));
  if (changed.some((file) => READ_BY_ALL.test(file) || (!MODULE.test(file) && !isText(file)))) return [];
  const related = [...modules];
  // Threads are started by the name of their file, which no import shows.
  if (modules.some((file) => /^src-(main|shared)[/]/.test(file) && !TEST.test(file))) {
    related.push(...present.filter((file) => file.endsWith('/thread-url.ts')));
  }
  // Documents are compared with what is generated, and their examples with the sources.
  if (changed.some(isText) || modules.length > 0) {
    related.push(...present.filter((file) => /^test[/](generate|documents)[/].*[.]test[.]ts$/.test(file)));
  }
  // Programs that tests start are not imported either.
  const started = modules
    .filter((file) => /[/](testing|bootstrap)[/]/.test(file))
    .map((file) => dirname(dirname(file)));
  related.push(
    ...present.filter((file) => TEST.test(file) && started.some((folder) => file.startsWith(`${folder}/`))),
  );
  return related.length > 0 ? ['--related', ...new Set(related)] : null;
}

/**
 * @param {readonly string[]} changed files, deleted ones too
 * @param {readonly string[]} present files of the checkout
 * @returns {(readonly [part: 'types' | 'lint' | 'unit' | 'components' | 'e2e' | 'desktop', args: readonly string[]])[]}
 */
export function partsFor(changed, present) {
  /** @type {ReturnType<typeof partsFor>} */
  const wanted = [];
  if (changed.length === 0) return wanted;
  if (changed.some((file) => READ_BY_ALL.test(file))) {
    wanted.push(['types', []], ['lint', []]);
  } else {
    const code = changed.filter((file) => MODULE.test(file));
    const projects = TYPE_PROJECTS.filter((project) =>
      code.some((file) => TYPES.some(({ path, projects }) => path.test(file) && projects.includes(project))),
    );
    if (projects.length > 0) wanted.push(['types', projects]);
    const there = changed.filter((file) => present.includes(file));
    if (there.length > 0) wanted.push(['lint', there]);
  }
  const unit = unitFor(changed, present);
  if (unit !== null) wanted.push(['unit', unit]);
  if (changed.some((file) => SEEN_IN_COMPONENTS.test(file))) wanted.push(['components', []]);
  const e2e = specsFor(changed, 'test/e2e', SEEN_IN_BROWSER);
  if (e2e !== null) wanted.push(['e2e', e2e]);
  const desktop = specsFor(changed, 'test/desktop', SEEN_ON_DESKTOP);
  if (desktop !== null) wanted.push(['desktop', desktop]);
  return wanted;
}
