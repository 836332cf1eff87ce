/** Runs the program on an argument list and turns whatever happens into an exit code and one sentence. */
import { CommanderError } from 'commander';
import { WorkbenchError } from '#shared/base/errors.ts';
import { EXIT } from './exit-codes.ts';
import { tell } from './output.ts';
import { createProgram } from './program.ts';

/** @param args without the names of Node and script. @returns the exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let code: number = EXIT.done;
  try {
    await createProgram((failed) => (code = failed)).parseAsync(args, { from: 'user' });
    return code;
  } catch (thrown) {
    if (thrown instanceof CommanderError) {
      // Commander has said it already; help and version are no failures.
      return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
    }
    tell(...sentencesOf(thrown));
    return thrown instanceof WorkbenchError && thrown.code === 'usage' ? EXIT.usage : EXIT.failed;
  }
}

/** For people: what happened, a line each. A defect of the program says that it is one. */
function sentencesOf(thrown: unknown): string[] {
  if (thrown instanceof WorkbenchError) {
    const further = thrown.context.problems?.slice(1) ?? [];
    const lines = further.map(({ line, column, message }) => `  line ${line}, column ${column}: ${message}`);
    return [thrown.message, ...lines];
  }
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  return [`Unexpected error: ${what}. This is a defect of the program.`];
}
