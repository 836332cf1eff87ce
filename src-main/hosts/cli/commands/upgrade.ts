/** upgrade FILE -o FILE: a trace of an earlier version as one of this version. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { cancelOnSignal } from '../cancel-on-signal.ts';
import { examples } from '../examples.ts';
import { outputFile } from '../output-file.ts';
import { printJson, printLine } from '../output.ts';
import { ProgressLine, short } from '../progress.ts';

export function upgradeCommand(): Command {
  return new Command('upgrade')
    .summary('make a file of this version from a trace of an earlier one')
    .description(
      'Copies the recorded events and the notes, and derives everything else again. The original does not change. ' +
        'The window does the same on its own, into a cached copy.',
    )
    .argument('<file>', 'trace file of an earlier version (.sctrace)')
    .requiredOption('-o, --output <file>', 'trace file to write (.sctrace)')
    .option('--force', 'replace the file if it exists')
    .option('--json', 'print the result as JSON: file, events, fromVersion')
    .addHelpText('after', examples('upgrade old.sctrace -o new.sctrace'))
    .action(
      async (
        file: string,
        flags: { readonly output: string; readonly force?: true; readonly json?: true },
      ) => {
        const replace = flags.force === true;
        const to = outputFile(flags.output, { replace, sources: [resolve(file)] });
        const { upgradeTrace } = await import('#main/store/index.ts');
        const line = new ProgressLine();
        try {
          const { events, fromVersion } = await cancelOnSignal((signal) =>
            upgradeTrace(file, to, {
              signal,
              replace,
              onProgress: (done, all) => line.update(() => `${short(done)} of ${short(all)} events`),
            }),
          );
          line.clear();
          if (flags.json) await printJson({ file: to, events, fromVersion });
          else await printLine(`${to}: ${events} events, from schema ${fromVersion}`);
        } finally {
          line.clear();
        }
      },
    );
}
