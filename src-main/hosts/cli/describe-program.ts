/** The program's commands as plain facts, from the same definitions that read the command line. */
import type { Command, Option } from 'commander';

export interface OptionFacts {
  readonly long: string;
  /** "-o", where there is one. */
  readonly short: string | null;
  /** As help shows it: "-o, --output <file>". */
  readonly flags: string;
  readonly description: string;
  readonly takesValue: boolean;
  /** Whether the value is a file's name. */
  readonly takesFile: boolean;
  /** The values that it takes; empty where any will do. */
  readonly choices: readonly string[];
}

export interface ArgumentFacts {
  readonly name: string;
  readonly description: string;
  readonly isRequired: boolean;
  readonly choices: readonly string[];
}

export interface CommandFacts {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  /** "[options] <file>" */
  readonly usage: string;
  readonly arguments: readonly ArgumentFacts[];
  readonly options: readonly OptionFacts[];
  readonly examples: readonly string[];
}

export interface ProgramFacts {
  readonly name: string;
  readonly description: string;
  readonly commands: readonly CommandFacts[];
}

const EXAMPLE = /^ {2}\$ (.*)$/gm;

export function describeProgram(program: Command): ProgramFacts {
  return {
    name: program.name(),
    description: program.description(),
    commands: program.commands.map(describeCommand),
  };
}

function describeCommand(command: Command): CommandFacts {
  return {
    name: command.name(),
    summary: command.summary(),
    description: command.description(),
    usage: command.usage(),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.name(),
      description: argument.description,
      isRequired: argument.required,
      choices: argument.argChoices ?? [],
    })),
    options: command.options.map(describeOption),
    examples: [...helpOf(command).matchAll(EXAMPLE)].map(([, line]) => line!),
  };
}

function describeOption(option: Option): OptionFacts {
  return {
    long: option.long!,
    short: option.short ?? null,
    flags: option.flags,
    description: option.description,
    takesValue: option.required || option.optional,
    takesFile: /[<[](file|folder)(?:\.\.\.)?[>\]]/.test(option.flags),
    choices: option.argChoices ?? [],
  };
}

/** The whole help, with what is written after it. */
function helpOf(command: Command): string {
  let text = '';
  const before = command.configureOutput();
  command.configureOutput({ ...before, writeOut: (part) => (text += part) });
  command.outputHelp();
  command.configureOutput(before);
  return text;
}
