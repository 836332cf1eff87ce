/** The manual page, in the man(7) language. */
import { EXIT } from './exit-codes.ts';
import type { CommandFacts, ProgramFacts } from './describe-program.ts';

/** Text as troff prints it: no line may begin with a control character, and hyphens of options stay hyphens. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^([.'])/gm, '\\&$1');
}

export function manPage(program: ProgramFacts): string {
  const { name, description, commands } = program;
  const lines = [
    `.TH ${name.toUpperCase()} 1`,
    '.SH NAME',
    `${escaped(name)} \\- records, imports and examines traces of preemption control`,
    '.SH SYNOPSIS',
    `.B ${escaped(name)}`,
    '.I command',
    '[\\fIoptions\\fR] [\\fIarguments\\fR]',
    '.SH DESCRIPTION',
    escaped(description),
    '.SH COMMANDS',
    ...commands.flatMap((command) => commandLines(command)),
    '.SH EXIT STATUS',
    ...Object.entries(EXIT).flatMap(([meaning, code]) => ['.TP', `.B ${code}`, EXIT_MEANINGS[meaning]!]),
    '.SH EXAMPLES',
    ...commands.flatMap(({ examples }) =>
      examples.slice(0, 1).flatMap((example) => ['.PP', '.EX', escaped(`$ ${example}`), '.EE']),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

const EXIT_MEANINGS: Readonly<Record<string, string>> = {
  done: 'Done.',
  failed: 'Failed; one sentence on standard error says why.',
  usage: 'Wrong usage.',
} satisfies Record<keyof typeof EXIT, string>;

function commandLines(command: CommandFacts): string[] {
  return [
    `.SS ${escaped(`${command.name} ${command.usage}`)}`,
    escaped(command.description),
    ...command.arguments.flatMap(({ name, description }) => [
      '.TP',
      `.I ${escaped(name)}`,
      escaped(description),
    ]),
    ...command.options.flatMap(({ flags, description, choices }) => [
      '.TP',
      `.B ${escaped(flags)}`,
      escaped(description + (choices.length === 0 ? '' : ` (${choices.join(', ')})`)),
    ]),
  ];
}
