/** Starting other programs. */
import { spawn } from 'node:child_process';
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

/**
 * Runs a program to its end. Signals that would end this process reach the program too (they share the
 * terminal), so they are left to it.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {CommandOptions} [options]
 * @returns {Promise<number>} its exit code; 128 + number of the signal that ended it, as a shell has it
 * @throws where it cannot be started
 */
export function runCommand(command, args, { cwd, env, stdio = [...TO_STDERR], timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio, timeout: timeoutMs });
    const pass = () => undefined;
    const hand = () => void child.kill('SIGTERM');
    process.on('SIGINT', pass);
    process.on('SIGTERM', hand);
    const done = () => {
      process.removeListener('SIGINT', pass);
      process.removeListener('SIGTERM', hand);
    };
    child.once('error', (error) => (done(), reject(error)));
    child.once('exit', (code, signal) => {
      done();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
