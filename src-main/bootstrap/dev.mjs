/**
 * `npm run dev [-- [--loopback] [--no-window] [FILE]]`: the workbench from its sources. A change of the window is shown
 * at once, a change behind it starts the host again.
 */
import { sourceStamp } from './build.mjs';
import { electronBinary } from './electron-binary.mjs';
import { hasDisplay } from './find-browser.mjs';
import { ensureInstalled } from './install.mjs';
import { asWritten, inRoot, projectNode, root } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { runProgram } from './setup-failure.mjs';
import { ensureSample, traceOf } from './trace-to-show.mjs';

const USAGE = `Usage: npm run dev [-- [--loopback] [--no-window] [FILE]]

  FILE         a trace (.sctrace), a scenario (.yaml), or a trace of another tool;
               without it the sample is opened
  --loopback   use a browser even where Electron is there
  --no-window  only print the address
`;
const OPTIONS = ['--loopback', '--no-window'];
/** The command line from its source: nothing needs to be built. */
const CLI = inRoot('src-main/hosts/cli/main.ts');

/** @param {string} line */
const say = (line) => void process.stderr.write(`${line}\n`);

/**
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
async function dev(args) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const files = args.filter((arg) => !arg.startsWith('-'));
  const unknown = args.find((arg) => arg.startsWith('-') && !OPTIONS.includes(arg));
  if (unknown !== undefined || files.length > 1) {
    say(unknown === undefined ? 'Only one file can be opened.' : `There is no option ${unknown}.`);
    process.stderr.write(USAGE);
    return 2;
  }
  await ensureInstalled(say);
  const [file] = files;
  const trace =
    file === undefined
      ? await ensureSample(sourceStamp(), say, CLI)
      : await traceOf(asWritten(file), say, CLI);
  const window = !args.includes('--no-window');
  const electron = window && !args.includes('--loopback') && hasDisplay() ? electronBinary() : null;
  const options = electron === null ? (window ? [] : ['--no-window']) : ['--electron', electron];
  const server = inRoot('src-main/hosts/dev/main.ts');
  return runCommand(projectNode, [server, ...options, trace], { cwd: root, stdio: 'inherit' });
}

/** @param {readonly string[]} args */
export const main = (args) => runProgram(() => dev(args));
