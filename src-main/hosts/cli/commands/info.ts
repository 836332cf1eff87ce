/** info FILE: what a trace is, whether it is complete, and the subjects that it names. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { TraceSummary } from '#shared/api/contract.ts';
import { PAGE_KIND } from '#shared/model/enums.ts';
import { threadWords } from '#shared/model/thread-words.ts';
import { examples } from '../examples.ts';
import { printJson, printLines } from '../output.ts';
import { showTime } from '../times.ts';

export function infoCommand(): Command {
  return new Command('info')
    .summary('describe a trace file')
    .description('Shows where a trace comes from, whether it is complete, and how much it contains.')
    .argument('<file>', 'trace file (.sctrace)')
    .option('--json', 'print everything as JSON')
    .addHelpText('after', examples('info convoy.sctrace', 'info convoy.sctrace --json'))
    .action(async (file: string, flags: { readonly json?: true }) => {
      const { summary, TraceDatabase } = await import('#main/store/index.ts');
      const trace = TraceDatabase.open(resolve(file));
      try {
        const { path, ...facts } = summary(trace, { traceId: 'cli' });
        if (flags.json) {
          const { clock, recordedBy, recordedAtMs } = trace.meta;
          // Which open trace it is to a service means nothing here.
          await printJson({ file: path, ...facts, traceId: undefined, clock, recordedBy, recordedAtMs });
          return;
        }
        const lines = [
          `file        ${path}`,
          `source      ${facts.source}: ${facts.sourceDetail}`,
          `complete    ${facts.complete ? 'yes' : `no: ${facts.incompleteReason ?? 'The recording was cut off.'}`}`,
          `events      ${facts.events}`,
          `duration    ${showTime(facts.durationNs)}`,
          `digest      ${facts.digest}`,
          `machine     ${facts.cpus.length} CPUs, ${facts.processes.length} processes, ${facts.lwps.length} ${threadWords(facts.source).many}`,
          preemptionControl(facts),
          ...facts.warnings.map((warning) => `note        ${warning}`),
        ];
        await printLines(lines);
      } finally {
        trace.close();
      }
    });
}

/** The line about preemption control, in the words of the system that the trace is of. */
function preemptionControl({ hasSchedctl, pages }: Pick<TraceSummary, 'hasSchedctl' | 'pages'>): string {
  if (!hasSchedctl) return 'schedctl    the trace has no data on preemption control';
  const count = pages.length;
  return pages.some(({ kind }) => kind === PAGE_KIND.rseq)
    ? `rseq        time slice extensions, in ${count} ${count === 1 ? 'process' : 'processes'}`
    : `schedctl    ${count} ${count === 1 ? 'page' : 'pages'} of shared structures`;
}
