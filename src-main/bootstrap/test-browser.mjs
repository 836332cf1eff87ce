/** The browser of the end-to-end tests: one that is there, else one that is fetched. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { browserSwitches, findBrowser } from './find-browser.mjs';
import { inRoot, projectNode, root } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupFailure } from './setup-failure.mjs';

const PLAYWRIGHT = inRoot('node_modules/@playwright/test/cli.js');
/** For some 150 MB. */
const DOWNLOAD_TIMEOUT_MS = 300_000;
const CONNECT_TIMEOUT_MS = 10_000;
const START_TIMEOUT_MS = 30_000;

/**
 * Whether a browser starts: a downloaded one may lack libraries of the system.
 *
 * @param {string} browser
 * @returns {boolean}
 */
function starts(browser) {
  const args = ['--headless', ...browserSwitches(), '--disable-gpu', '--dump-dom', 'about:blank'];
  return spawnSync(browser, args, { stdio: 'ignore', timeout: START_TIMEOUT_MS }).status === 0;
}

/** @returns {string | null} Playwright's own browser, if it has been downloaded */
function playwrightBrowser() {
  const script = "process.stdout.write(require('@playwright/test').chromium.executablePath())";
  const path = spawnSync(projectNode, ['-e', script], { cwd: root, encoding: 'utf8' }).stdout;
  return existsSync(path) ? path : null;
}

/** @returns {Promise<string | null>} */
async function downloadPlaywrightBrowser() {
  const env = { ...process.env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: String(CONNECT_TIMEOUT_MS) };
  const args = [PLAYWRIGHT, 'install', 'chromium'];
  const code = await runCommand(projectNode, args, { cwd: root, env, timeoutMs: DOWNLOAD_TIMEOUT_MS });
  return code === 0 ? playwrightBrowser() : null;
}

/**
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>} Debian's Chromium, where this process may install it
 */
async function installDebianBrowser(say) {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return null;
  say('It could not be downloaded; installing the package chromium ...');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runCommand('apt-get', ['-q', 'update'], { env });
  const code = await runCommand('apt-get', ['-q', 'install', '-y', '--no-install-recommends', 'chromium'], {
    env,
  });
  return code === 0 ? findBrowser() : null;
}

/**
 * @param {(line: string) => void} say
 * @returns {Promise<string>} path of a browser that starts
 * @throws {SetupFailure} where there is none and none can be fetched
 */
export async function ensureTestBrowser(say) {
  const present = findBrowser() ?? playwrightBrowser();
  if (present !== null && starts(present)) return present;
  say("No browser found for the end-to-end tests; downloading Playwright's ...");
  const downloaded = await downloadPlaywrightBrowser();
  if (downloaded !== null && starts(downloaded)) return downloaded;
  const installed = await installDebianBrowser(say);
  if (installed !== null && starts(installed)) return installed;
  throw new SetupFailure(
    'The end-to-end tests need a browser, and none could be downloaded. Install Chromium or Chrome so that it is on ' +
      'the PATH (on Debian: apt-get install chromium) and run the command again.',
  );
}
