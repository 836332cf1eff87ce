/** Why the program cannot be set up, as a sentence for the person: what is missing and what to do. */
export class SetupFailure extends Error {}

/**
 * Runs a bootstrap program to its exit code. A {@link SetupFailure} is printed as it is; what else is thrown
 * is a defect and keeps its stack.
 *
 * @param {() => Promise<number>} program
 * @returns {Promise<void>}
 */
export async function runProgram(program) {
  try {
    process.exitCode = await program();
  } catch (thrown) {
    if (!(thrown instanceof SetupFailure)) throw thrown;
    process.stderr.write(`${thrown.message}\n`);
    process.exitCode = 1;
  }
}
