/** import FILE -o FILE: another tool's trace to a trace file. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { ImportReport } from '#main/importers/import-report.ts';
import { cancelOnSignal } from '../cancel-on-signal.ts';
import { examples } from '../examples.ts';
import { outputFile } from '../output-file.ts';
import { printMade } from '../made-trace.ts';
import { ProgressLine, short } from '../progress.ts';
import { showTime } from '../times.ts';

interface ImportFlags {
  readonly output: string;
  readonly force?: true;
  readonly json?: true;
}

export function importCommand(): Command {
  return new Command('import')
    .summary("turn another tool's trace into a trace file")
    .description(
      "Imports a scheduler trace of another tool: ftrace's text (trace, trace_pipe) or that of trace-cmd report or perf script, plain or gzip, recognised by " +
        'its content. Says what was read, left out, lost and repaired.',
    )
    .argument('<file>', 'trace to import')
    .requiredOption('-o, --output <file>', 'trace file to write (.sctrace)')
    .option('--force', 'replace the file if it exists')
    .option('--json', 'print the result as JSON, with the whole report')
    .addHelpText(
      'after',
      examples('import ftrace.txt.gz -o capture.sctrace', 'import trace.txt -o capture.sctrace --json'),
    )
    .action(async (source: string, flags: ImportFlags) => {
      const path = outputFile(flags.output, flags.force === true);
      const { importFile } = await import('#main/workbench/make-trace.ts');
      const line = new ProgressLine();
      try {
        const made = await cancelOnSignal((signal) =>
          importFile(
            { source: resolve(source), path },
            {
              signal,
              onProgress: ({ events, fraction, eventsPerSecond }) =>
                line.update(
                  () =>
                    `${fraction === null ? '' : `${Math.round(fraction * 100)} %, `}${short(events)} events, ${short(eventsPerSecond)}/s`,
                ),
            },
          ),
        );
        line.clear();
        await printMade(made, flags.json === true, () => describe(made.path, made.events, made.report));
      } finally {
        line.clear();
      }
    });
}

function describe(path: string, events: number, report: ImportReport | null): string[] {
  if (report === null) return [`${path}: ${events} events`];
  return [
    `${path}: ${events} events from ${report.events} events in ${report.lines} lines of ${report.format}, ` +
      `${showTime(report.durationNs)}, ${report.cpus} CPUs, ${report.lwps} threads`,
    `clock: ${report.clock}; time 0 is ${report.origin}`,
    ...report.repairs.map(
      ({ count, about, firstLine }) =>
        `repaired ${count} ${count === 1 ? 'time' : 'times'} (first in line ${firstLine}): ${about}`,
    ),
    ...report.skipped.map(
      ({ count, reason, firstLine, firstText }) =>
        `left out ${count} ${count === 1 ? 'line' : 'lines'}: ${reason} (the first is line ${firstLine}: ${firstText})`,
    ),
    ...report.warnings.map((warning) => `note: ${warning}`),
  ];
}
