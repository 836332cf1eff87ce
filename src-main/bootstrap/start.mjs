/**
 * `npm start [-- FILE]`: installs and builds what is missing, and opens the workbench on a trace, a scenario
 * (recorded first), another tool's trace (imported first), or without a file on the sample.
 */
import { ensureBuilt } from './build.mjs';
import { electronBinary, ensureElectron } from './electron-binary.mjs';
import { browserSwitches, hasDisplay } from './find-browser.mjs';
import { ensureInstalled } from './install.mjs';
import { asWritten, inRoot, projectNode, root } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { runProgram } from './setup-failure.mjs';
import { terminalText } from './terminal-text.mjs';
import { ensureSample, traceOf } from './trace-to-show.mjs';

const USAGE = `Usage: npm start [-- [--loopback] [FILE]]

  FILE        a trace (.sctrace), a scenario (.yaml), or a trace of another tool;
              without it the sample is opened
  --loopback  use a browser even where Electron is there
`;

/** @param {string} line */
const say = (line) => void process.stderr.write(`${terminalText(line)}\n`);

/** An Electron that ends sooner than this, with an error, could not start at all. */
const ELECTRON_START_MS = 5_000;

/**
 * @param {string} binary
 * @param {string} trace
 * @returns {Promise<number | null>} exit code; null where Electron could not start
 */
async function runElectron(binary, trace) {
  const startedMs = Date.now();
  const code = await runCommand(binary, [...browserSwitches(), root, trace], { stdio: 'inherit' }).catch(
    () => 127,
  );
  return code !== 0 && Date.now() - startedMs < ELECTRON_START_MS ? null : code;
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
async function start(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const files = args.filter((arg) => !arg.startsWith('-'));
  const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--loopback');
  if (unknown !== undefined || files.length > 1) {
    say(unknown === undefined ? 'Only one file can be opened.' : `There is no option ${unknown}.`);
    process.stderr.write(USAGE);
    return 2;
  }
  await ensureInstalled(say);
  const buildStamp = await ensureBuilt(say);
  const file = files[0];
  const trace =
    file === undefined ? await ensureSample(buildStamp, say) : await traceOf(asWritten(file), say);

  if (!args.includes('--loopback')) {
    // Without a display there is nothing to show Electron's window on, so it is not worth a download.
    const electron = hasDisplay() ? await ensureElectron(say) : electronBinary();
    if (electron !== null && hasDisplay()) {
      const code = await runElectron(electron, trace);
      if (code !== null) return code;
      say('Electron could not start; the workbench opens in a browser instead.');
    } else {
      const why = electron === null ? 'The Electron binary is not installed' : 'There is no display';
      say(`${why}; the workbench opens in a browser instead.`);
    }
  }
  return runCommand(projectNode, [inRoot('dist/main/loopback.js'), trace], { stdio: 'inherit' });
}

/** @param {readonly string[]} args */
export const main = (args) => runProgram(() => start(args));
