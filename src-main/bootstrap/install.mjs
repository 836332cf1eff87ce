/** node_modules as the lock file has it, installed when it is not. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot, projectNode, root } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [optional]
 */

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>} by path in node_modules
 */
function lockedPackages(file) {
  /** @type {unknown} */
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  return /** @type {{ packages: Record<string, LockedPackage> }} */ (lock).packages;
}

/**
 * Compares what is wanted with what npm wrote down when it had finished. Optional packages may be missing:
 * they are for other systems.
 *
 * @param {string} folder of the project
 * @returns {boolean}
 */
export function matchesLock(folder) {
  const record = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(record)) return false;
  const installed = lockedPackages(record);
  return Object.entries(lockedPackages(join(folder, 'package-lock.json'))).every(
    ([path, { version, optional }]) =>
      path === '' ||
      installed[path]?.version === version ||
      (optional === true && installed[path] === undefined),
  );
}

/**
 * How to run npm: the one that runs this script, by the Node it runs on. Not by this process's Node, which
 * may be the very one in node_modules that is about to be replaced.
 *
 * @returns {{ command: string, args: string[] }}
 */
function findNpm() {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  if (npm !== undefined && node !== undefined && existsSync(npm) && !node.startsWith(root)) {
    return { command: node, args: [npm] };
  }
  // Started without npm. Beside Node's executable there is usually npm's script, which needs no shell to run.
  const beside = [
    join(dirname(process.execPath), 'node_modules/npm/bin/npm-cli.js'),
    join(dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js'),
    '/usr/share/nodejs/npm/bin/npm-cli.js',
  ];
  const script = beside.find((file) => existsSync(file));
  return script === undefined ? { command: 'npm', args: [] } : { command: process.execPath, args: [script] };
}

/** @param {readonly string[]} args */
async function npm(args) {
  const { command, args: first } = findNpm();
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const code = await runCommand(command, [...first, ...args, ...quiet], { cwd: root }).catch(() => {
    throw new SetupFailure('npm cannot be started. Install npm 10 or later and run the command again.');
  });
  if (code === 0) return;
  throw new SetupFailure(
    `npm ${args[0]} failed (exit code ${code}); its own message is above. ` +
      'If the network is the cause, run the command again when it is back.',
  );
}

/** @returns {boolean} */
const isInstalled = () => existsSync(projectNode) && matchesLock(root);

/**
 * Installs what is missing.
 *
 * @param {(line: string) => void} say
 * @returns {Promise<void>}
 * @throws {SetupFailure}
 */
export async function ensureInstalled(say) {
  if (isInstalled()) return;
  say('Installing the dependencies of the workbench (once; about half a minute) ...');
  // No package's own install script but one: better-sqlite3 brings its binary, and npm would try to compile it.
  await npm(['ci', '--ignore-scripts']);
  // That one fetches Node 24 itself, and then npm links its command.
  await npm(['rebuild', 'node', '--ignore-scripts=false']);
  if (!existsSync(projectNode)) {
    // Otherwise the record says that all is well, and the next run would believe it.
    rmSync(inRoot('node_modules/.package-lock.json'), { force: true });
    throw new SetupFailure(
      'Node 24, which the project brings along, did not get installed: its install script did not run or could not ' +
        'download it. See "npm config get ignore-scripts" and the network, and run the command again.',
    );
  }
}
