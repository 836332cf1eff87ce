/** Why the program cannot be set up, as a sentence for the person: what is missing and what to do. */
import { terminalText } from './terminal-text.mjs';

export class SetupFailure extends Error {}

/**
 * @param {unknown} thrown
 * @returns {string | null} a sentence for the person; null for what is a defect of the program
 */
function sentenceOf(thrown) {
  if (thrown instanceof SetupFailure) return thrown.message;
  const { syscall, path, message } = /** @type {NodeJS.ErrnoException} */ (thrown ?? {});
  if (syscall === undefined) return null;
  const about = path === undefined ? '' : ` Check the permissions of ${path} and the free space on its disk.`;
  return `The workbench cannot be set up here (${message}).${about}`;
}

/**
 * Runs a bootstrap program to its exit code. What the system refuses is told in a sentence; what else is
 * thrown is a defect and keeps its stack.
 *
 * @param {() => Promise<number>} program
 * @returns {Promise<void>}
 */
export async function runProgram(program) {
  try {
    process.exitCode = await program();
  } catch (thrown) {
    const sentence = sentenceOf(thrown);
    if (sentence === null) throw thrown;
    process.stderr.write(`${terminalText(sentence)}\n`);
    process.exitCode = 1;
  }
}
