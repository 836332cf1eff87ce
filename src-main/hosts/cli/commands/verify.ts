/** verify FILE: replays a trace from the start and compares it with what was recorded. */
import { Command } from 'commander';
import { examples } from '../examples.ts';
import { printJson, printLine } from '../output.ts';
import { ProgressLine, short } from '../progress.ts';

/** @param onDifference called where the trace is not what was recorded */
export function verifyCommand(onDifference: () => void): Command {
  return new Command('verify')
    .summary('check that a trace is as recorded')
    .description(
      'Replays a trace from the start, compares every keyframe digest and derives all tables again. ' +
        'Exit code 1 where something differs.',
    )
    .argument('<file>', 'trace file (.sctrace)')
    .option('--json', 'print the result as JSON: ok, events, keyframes, difference, sequence')
    .addHelpText('after', examples('verify convoy.sctrace'))
    .action(async (file: string, flags: { readonly json?: true }) => {
      const { verifyTrace } = await import('#main/store/index.ts');
      const line = new ProgressLine();
      try {
        const result = verifyTrace(file, {
          onProgress: (events) => line.update(() => `${short(events)} events verified`),
        });
        line.clear();
        if (!result.ok) onDifference();
        if (flags.json) await printJson({ file, ...result });
        else if (result.ok) {
          await printLine(
            `${file}: ${result.events} events and ${result.keyframes} keyframes are as recorded`,
          );
        } else await printLine(`${file} is not as recorded: ${result.difference}`);
      } finally {
        line.clear();
      }
    });
}
