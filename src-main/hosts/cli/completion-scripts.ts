/** Scripts that make a shell complete the program's commands, options and values; file names elsewhere. */
import type { CommandFacts, OptionFacts, ProgramFacts } from './describe-program.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function completionScript(shell: Shell, program: ProgramFacts): string {
  return { bash, zsh, fish }[shell](program);
}

const spellings = ({ long, short }: OptionFacts): string[] => (short === null ? [long] : [short, long]);
const words = (command: CommandFacts): string => command.options.flatMap(spellings).join(' ');
/** Values of the first argument, where it has a list of them. */
const argumentChoices = ({ arguments: args }: CommandFacts): readonly string[] => args[0]?.choices ?? [];

function bash({ name, commands }: ProgramFacts): string {
  const fn = `_${name.replaceAll('-', '_')}`;
  const valued = commands.flatMap((command) =>
    command.options
      .filter(({ choices }) => choices.length > 0)
      .map(
        (option) =>
          `    ${spellings(option)
            .map((spelling) => `${command.name}:${spelling}`)
            .join('|')}) COMPREPLY=($(compgen -W "${option.choices.join(' ')}" -- "$word")); return ;;`,
      ),
  );
  const perCommand = commands.map(
    (command) =>
      `    ${command.name}) options="${words(command)}"; values="${argumentChoices(command).join(' ')}" ;;`,
  );
  return `# bash completion of ${name}
${fn}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  local options="" values=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${commands.map((command) => command.name).join(' ')}" -- "$word"))
    return
  fi
  case "$command:$before" in
${valued.join('\n')}
  esac
  case "$command" in
${perCommand.join('\n')}
  esac
  if [ "\${word:0:1}" = "-" ]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [ -n "$values" ]; then
    COMPREPLY=($(compgen -W "$values" -- "$word"))
  fi
}
complete -o default -F ${fn} ${name}
`;
}

/** Inside single quotes, where zsh's _arguments gives colons and brackets a meaning. */
const zshText = (text: string): string =>
  text.replaceAll("'", "'\\''").replaceAll(/[[\]:]/g, (special) => `\\${special}`);

function zsh({ name, commands }: ProgramFacts): string {
  const fn = `_${name.replaceAll('-', '_')}`;
  const optionSpecs = (option: OptionFacts): string[] => {
    const value = !option.takesValue
      ? ''
      : option.choices.length > 0
        ? `:value:(${option.choices.join(' ')})`
        : option.takesFile
          ? ':file:_files'
          : ':value:';
    return spellings(option).map((spelling) => `'${spelling}[${zshText(option.description)}]${value}'`);
  };
  const cases = commands.map((command) => {
    const choices = argumentChoices(command);
    const rest = choices.length > 0 ? `'1:value:(${choices.join(' ')})'` : "'*:file:_files'";
    const specs = [...command.options.flatMap(optionSpecs), rest];
    return `    ${command.name})\n      _arguments ${specs.join(' \\\n        ')} ;;`;
  });
  const list = commands.map((command) => `'${command.name}:${zshText(command.summary)}'`);
  return `#compdef ${name}
# zsh completion of ${name}
${fn}() {
  local -a commands=(
    ${list.join('\n    ')}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="\${words[2]}"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join('\n')}
  esac
}
compdef ${fn} ${name}
`;
}

const fishText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function fish({ name, commands }: ProgramFacts): string {
  const lines = [`# fish completion of ${name}`];
  for (const command of commands) {
    lines.push(
      `complete -c ${name} -n __fish_use_subcommand -f -a ${command.name} -d ${fishText(command.summary)}`,
    );
    const within = `complete -c ${name} -n '__fish_seen_subcommand_from ${command.name}'`;
    const choices = argumentChoices(command);
    if (choices.length > 0) lines.push(`${within} -f -a ${fishText(choices.join(' '))}`);
    for (const option of command.options) {
      const short = option.short === null ? '' : ` -s ${option.short.slice(1)}`;
      const value = !option.takesValue
        ? ''
        : option.choices.length > 0
          ? ` -x -a ${fishText(option.choices.join(' '))}`
          : ' -r';
      lines.push(`${within}${short} -l ${option.long.slice(2)}${value} -d ${fishText(option.description)}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
