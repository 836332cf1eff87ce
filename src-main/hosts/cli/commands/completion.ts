/** completion SHELL: a script that makes a shell complete this program's command lines. */
import { Argument, Command } from 'commander';
import { completionScript, SHELLS, type Shell } from '../completion-scripts.ts';
import { describeProgram } from '../describe-program.ts';
import { examples } from '../examples.ts';
import { print, printJson } from '../output.ts';

export function completionCommand(): Command {
  const command = new Command('completion');
  return command
    .summary('print a script that completes command lines in a shell')
    .description(
      'Prints a completion script for a shell. With --json it prints the commands, arguments and options themselves.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .option('--json', 'print the commands as JSON: name, description, commands')
    .addHelpText(
      'after',
      examples(
        'completion bash > ~/.local/share/bash-completion/completions/schedctl-workbench',
        'completion zsh > ~/.zfunc/_schedctl-workbench',
        'completion fish > ~/.config/fish/completions/schedctl-workbench.fish',
      ),
    )
    .action(async (shell: Shell, flags: { readonly json?: true }) => {
      const facts = describeProgram(command.parent!);
      if (flags.json) await printJson(facts);
      else await print(completionScript(shell, facts));
    });
}
