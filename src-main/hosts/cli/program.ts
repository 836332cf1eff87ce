/** The program's commands. Each loads what it needs when it runs, so that `--help` answers at once. */
import { Command } from 'commander';
import { terminalLines } from '#main/bootstrap/terminal-text.mjs';
import { programVersion } from '#main/workbench/program.ts';
import { EXIT } from './exit-codes.ts';
import { completionCommand } from './commands/completion.ts';
import { holdersCommand } from './commands/holders.ts';
import { findingsCommand } from './commands/findings.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { infoCommand } from './commands/info.ts';
import { queryCommand } from './commands/query.ts';
import { recordCommand } from './commands/record.ts';
import { serveCommand } from './commands/serve.ts';
import { stateCommand } from './commands/state.ts';
import { upgradeCommand } from './commands/upgrade.ts';
import { verifyCommand } from './commands/verify.ts';

const PROGRAM_NAME = 'schedctl-workbench';

/** What is wrong with a command line quotes it. */
const OUTPUT = { writeErr: (text: string): void => void process.stderr.write(terminalLines(text)) };

/** @param onExitCode takes the exit code of a command that has run without an error but has found one */
export function createProgram(onExitCode: (code: number) => void): Command {
  const program = new Command(PROGRAM_NAME)
    .description(
      'Records, imports and examines traces of preemption control: which thread lost the CPU, why, and what it cost.',
    )
    .version(programVersion())
    .exitOverride()
    .configureOutput(OUTPUT)
    .showHelpAfterError(`(${PROGRAM_NAME} --help lists the commands)`)
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 failed, 2 wrong usage, 128 and more: ended by a signal (130 for Ctrl-C).',
    );
  const commands = [
    recordCommand(),
    importCommand(),
    findingsCommand(() => onExitCode(EXIT.failed)),
    holdersCommand(),
    exportCommand(),
    infoCommand(),
    queryCommand(),
    stateCommand(),
    upgradeCommand(),
    verifyCommand(() => onExitCode(EXIT.failed)),
    serveCommand(),
    completionCommand(),
  ];
  for (const command of commands) {
    program.addCommand(
      command
        .configureOutput(OUTPUT)
        .exitOverride()
        .showHelpAfterError(`(${PROGRAM_NAME} ${command.name()} --help says more)`),
    );
  }
  return program;
}
