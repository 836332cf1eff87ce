/**
 * Electron's own binary. Since version 43 its package brings none: it is downloaded on first use, and where
 * GitHub cannot be reached it is not available. This looks for it without importing electron, which would
 * start a download.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, inRoot, projectNode } from './paths.mjs';
import { runCommand } from './run-command.mjs';

const PACKAGE = inRoot('node_modules/electron');
/** Holds the version whose download has been tried: once is enough, the loopback host does as well. */
const TRIED = join(cacheDir, 'electron-download.tried');

const PROBE_TIMEOUT_MS = 4_000;
/** For some 110 MB. */
const DOWNLOAD_TIMEOUT_MS = 240_000;

/** @returns {string | null} path of the binary, if it is there */
export function electronBinary() {
  const pathFile = join(PACKAGE, 'path.txt');
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : 'electron';
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(PACKAGE, 'dist');
  const binary = join(folder, name);
  return existsSync(binary) ? binary : null;
}

/** @returns {string} */
function electronVersion() {
  /** @type {unknown} */
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8'));
  return /** @type {{ version: string }} */ (manifest).version;
}

/**
 * Whether the place of the download answers: a machine without network waits for minutes otherwise.
 *
 * @param {string} version
 * @returns {Promise<boolean>}
 */
async function isReachable(version) {
  const { ELECTRON_MIRROR: mirror = 'https://github.com/electron/electron/releases/download/' } = process.env;
  try {
    const response = await fetch(`${mirror}v${version}/SHASUMS256.txt`, {
      method: 'HEAD',
      redirect: 'manual',
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    });
    return response.status < 400;
  } catch {
    return false;
  }
}

/**
 * The binary, downloaded where that is possible and has not been tried before.
 *
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>} null: not installed here
 */
export async function ensureElectron(say) {
  const present = electronBinary();
  if (present !== null) return present;
  const version = electronVersion();
  if (existsSync(TRIED) && readFileSync(TRIED, 'utf8') === version) return null;
  if (await isReachable(version)) {
    say('Downloading Electron (once; about 110 MB) ...');
    await runCommand(projectNode, [join(PACKAGE, 'install.js')], { timeoutMs: DOWNLOAD_TIMEOUT_MS });
  }
  mkdirSync(cacheDir, { recursive: true });
  writeFileSync(TRIED, version);
  return electronBinary();
}
