/**
 * `npm run package [-- [--dir] [--electron-dist FOLDER] [--output FOLDER]]`: packs the desktop app for this system,
 * into release/ where nothing else is said, and says how large everything is. --dir makes the folder of the app only.
 * Electron comes from the folder given, from ELECTRON_OVERRIDE_DIST_PATH, or from its own package, which downloads it
 * where that is possible.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { electronBinary, ensureElectron } from './electron-binary.mjs';
import { ensureInstalled } from './install.mjs';
import { asWritten, inRoot, projectNode, root } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { runProgram, SetupFailure } from './setup-failure.mjs';

/** What the folder of Electron has for each system; the builder renames it. */
const BINARIES = { linux: 'electron', darwin: 'Electron.app', win32: 'electron.exe' };

/** @param {string} line */
const say = (line) => void process.stdout.write(`${line}\n`);

/**
 * @param {string | undefined} given
 * @returns {Promise<string>} folder of Electron's binary
 * @throws {SetupFailure} where there is none
 */
async function electronFolder(given) {
  const folder = given === undefined ? process.env.ELECTRON_OVERRIDE_DIST_PATH : asWritten(given);
  const name = BINARIES[/** @type {keyof typeof BINARIES} */ (process.platform)];
  if (folder !== undefined) {
    if (existsSync(join(folder, name))) return folder;
    throw new SetupFailure(`${folder} has no ${name}: give the folder in which Electron is unpacked.`);
  }
  await ensureElectron(say);
  if (electronBinary() !== null) return inRoot('node_modules/electron/dist');
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(inRoot('node_modules/electron/package.json'), 'utf8'));
  const { version } = /** @type {{ version: string }} */ (manifest);
  throw new SetupFailure(
    `Electron's own binary is missing: version ${version} for ${process.platform}-${process.arch} could not be ` +
      'downloaded here. Unpack electron-v' +
      `${version}-${process.platform}-${process.arch}.zip somewhere and give its folder: ` +
      'npm run package -- --dir --electron-dist FOLDER',
  );
}

/**
 * @param {string} path
 * @returns {number} bytes of a file, or of everything in a folder
 */
function sizeOf(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

/** @param {string} path */
const describe = (path) => `${(sizeOf(path) / 2 ** 20).toFixed(1).padStart(8)} MB  ${path}`;

/**
 * Says how large what was made is, and what of it is ours.
 *
 * @param {string} release
 */
function reportSizes(release) {
  for (const name of readdirSync(release).sort()) {
    const path = join(release, name);
    if (!/unpacked$|^mac|\.(AppImage|deb|dmg|exe)$/.test(name)) continue;
    say(describe(path));
    for (const part of ['resources/app.asar', 'resources/app.asar.unpacked']) {
      if (existsSync(join(path, part))) say(describe(join(path, part)));
    }
  }
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
async function pack(args) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      dir: { type: 'boolean', default: false },
      'electron-dist': { type: 'string' },
      output: { type: 'string' },
    },
  });
  await ensureInstalled(say);
  const release = values.output === undefined ? inRoot('release') : asWritten(values.output);
  const electronDist = await electronFolder(values['electron-dist']);
  await ensureBuilt(say);
  const code = await runCommand(
    projectNode,
    [
      inRoot('node_modules/electron-builder/cli.js'),
      ...['--config', 'src-main/hosts/electron/packaging/electron-builder.yml', '--publish', 'never'],
      `-c.electronDist=${electronDist}`,
      `-c.directories.output=${release}`,
      ...(values.dir ? ['--dir'] : []),
    ],
    { cwd: root },
  );
  if (code === 0) reportSizes(release);
  return code;
}

/** @param {readonly string[]} args */
export const main = (args) => runProgram(() => pack(args));
