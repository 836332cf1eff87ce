/** state FILE --at TIME: the machine as it was at a time. */
import { Command } from 'commander';
import { examples } from '../examples.ts';
import { describeMachine } from '../machine-text.ts';
import { machineFacts } from '../machine-facts.ts';
import { printJson, printLines } from '../output.ts';
import { parseTime } from '../times.ts';

export function stateCommand(): Command {
  return new Command('state')
    .summary('show the machine at a time')
    .description(
      'Shows the state of the whole machine after the last transition at or before a time: CPUs, run queues, threads, ' +
        'and the shared structures of preemption control.',
    )
    .argument('<file>', 'trace file (.sctrace)')
    .requiredOption('--at <time>', 'time since the start: 12.5ms, 1.5s, or nanoseconds', parseTime)
    .option('--json', 'print every field that differs from its initial value as JSON')
    .addHelpText('after', examples('state convoy.sctrace --at 12.5ms', 'state convoy.sctrace --at 1s --json'))
    .action(async (file: string, flags: { readonly at: number; readonly json?: true }) => {
      const { stateAt, summary, TraceDatabase } = await import('#main/store/index.ts');
      const trace = TraceDatabase.open(file);
      try {
        const at = stateAt(trace, { timeNs: flags.at });
        const about = summary(trace, { traceId: 'cli' });
        const facts = machineFacts(at, about);
        if (flags.json) await printJson({ file: trace.path, askedNs: flags.at, ...facts });
        else await printLines(describeMachine(flags.at, about, facts));
      } finally {
        trace.close();
      }
    });
}
