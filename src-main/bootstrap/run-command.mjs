/** Starting other programs. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * @typedef {object} CommandOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {import('node:child_process').StdioOptions} [stdio] the default shows both outputs on stderr
 * @property {number} [timeoutMs] the program is killed after that
 */

/** Nothing that a program prints while it sets things up belongs to stdout, which may be piped on. */
const TO_STDERR = /** @type {const} */ (['ignore', 2, 2]);

/** How often to check that this process's launcher is still there. */
const PARENT_CHECK_MS = 250;

/**
 * The process that started process `pid`; null where the system does not say (it has no /proc, or the process is gone).
 *
 * @param {number} pid
 */
function parentOf(pid) {
  try {
    // The command stands in brackets, and may have brackets itself: its state and its parent follow the last one.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/**
 * Calls `onGone` once when the process that started this one has ended. npm, told to end, ends its shell but
 * not the shell's children; killed or hung up, it does not even end its shell, which waits on. Without this a host
 * would go on for ever.
 *
 * @param {() => void} onGone
 * @returns {() => void} ends the watch
 */
function watchParent(onGone) {
  const parent = process.ppid;
  // Only npm's own shell: another one may have been left alone on purpose (nohup).
  const npm = process.env.npm_lifecycle_event === undefined ? null : parentOf(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === null || parentOf(parent) === npm)) return;
    clearInterval(timer);
    onGone();
  }, PARENT_CHECK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Signals that ask for something. An interrupt from the terminal reaches the program by itself, too: it counts one
 * only.
 */
const PASSED_ON = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']);

/**
 * Runs a program to its end. Whatever this process is told is passed on, and a program of this project ends
 * with it (hosts/launcher.ts).
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<number>} its exit code; 128 + number of the signal that ended it, as a shell has it
 * @throws where it cannot be started
 */
export function runCommand(command, args, { cwd, env, stdio = [...TO_STDERR], timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...(env ?? process.env), SCHEDCTL_WORKBENCH_LAUNCHER: `${process.pid}` },
      stdio,
      timeout: timeoutMs,
    });
    /** @param {NodeJS.Signals} signal */
    const passOn = (signal) => void child.kill(signal);
    for (const signal of PASSED_ON) process.on(signal, passOn);
    const unwatch = watchParent(() => passOn('SIGTERM'));
    const done = () => {
      for (const signal of PASSED_ON) process.removeListener(signal, passOn);
      unwatch();
    };
    child.once('error', (error) => (done(), reject(error)));
    child.once('exit', (code, signal) => {
      done();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
