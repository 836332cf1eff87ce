/** dist/ as the sources have it, built when it is not. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, inRoot, projectNode, root } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';

/** Everything that a build reads. */
const SOURCES = ['src-main', 'src-renderer', 'src-shared', 'electron.vite.config.ts', 'package-lock.json'];
const BUILT = [
  'dist/main/cli.js',
  'dist/main/loopback.js',
  'dist/main/electron.js',
  'dist/renderer/index.html',
];
/** Says what dist/ was built from; building a part of it removes this. */
export const STAMP = join(cacheDir, 'build.stamp');

/**
 * @param {string} path
 * @returns {string[]} the file itself, or everything below a folder, sorted; tests are not built
 */
function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.endsWith('.test.ts'))
    .map((name) => join(path, name))
    .sort();
}

/**
 * Identifies the state of the sources, by names, sizes and times: looking at a few hundred files costs
 * milliseconds, reading them does not.
 *
 * @returns {string}
 */
export function sourceStamp() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap((source) => filesBelow(inRoot(source)))) {
    const stats = statSync(file);
    if (stats.isDirectory()) continue;
    const { size, mtimeMs } = stats;
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/**
 * Builds what is out of date.
 *
 * @param {(line: string) => void} say
 * @returns {Promise<string>} the stamp of what is built: changes whenever the program may have
 * @throws {SetupFailure}
 */
export async function ensureBuilt(say) {
  const stamp = sourceStamp();
  const isBuilt = BUILT.every((file) => existsSync(inRoot(file)));
  if (isBuilt && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === stamp) return stamp;
  say('Building the workbench ...');
  const builder = inRoot('node_modules/electron-vite/bin/electron-vite.js');
  const code = await runCommand(projectNode, [builder, 'build', '--logLevel', 'warn'], { cwd: root });
  if (code !== 0) throw new SetupFailure(`The build failed (exit code ${code}); its own message is above.`);
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(STAMP, stamp);
  return stamp;
}
