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
      'Copies what was recorded and what was noted, and derives everything else anew. The original stays as it is. ' +
        'A window does the same by itself, into a copy of its own.',
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
