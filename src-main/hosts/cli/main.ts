#!/usr/bin/env node
/** Entry point of the command line. */
import { EXIT } from './exit-codes.ts';
import { runProgram } from './run-program.ts';

// The reader of a pipe may have seen enough (`| head`): that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.done : EXIT.failed);
});

process.exitCode = await runProgram(process.argv.slice(2));
