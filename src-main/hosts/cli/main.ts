#!/usr/bin/env node
/** Entry point of the command line. */
import { endExitCode } from '../end-signals.ts';
import { endWithLauncher } from '../launcher.ts';
import { EXIT } from './exit-codes.ts';
import { tell } from './output.ts';
import { runProgram } from './run-program.ts';

// The reader of a pipe may have seen enough (`| head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  tell(`What was to be printed could not be written (${error.code ?? error.message}).`);
  process.exit(EXIT.failed);
});

// A terminal that is gone takes no more messages; what is being written is still brought to its end.
process.stderr.on('error', () => undefined);
endWithLauncher();
const code = await runProgram(process.argv.slice(2));
// What a signal has cut short has ended by it, in good order as it may be.
process.exitCode = code === EXIT.failed ? (endExitCode() ?? code) : code;
