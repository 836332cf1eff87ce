/** import FILE -o FILE: another tool's trace to a trace file. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { ImportReport } from '#main/importers/import-report.ts';
import { threadWords } from '#shared/model/thread-words.ts';
import { cancelOnSignal } from '../cancel-on-signal.ts';
import { examples } from '../examples.ts';
import { outputFile } from '../output-file.ts';
import { printMade } from '../made-trace.ts';
import { describeProgress, ProgressLine } from '../progress.ts';
import { showTime } from '../times.ts';

interface ImportFlags {
  readonly output: string;
  readonly locks?: string;
  readonly also?: readonly string[];
  readonly kallsyms?: string;
  readonly rseqStats?: readonly string[];
  readonly force?: true;
  readonly json?: true;
}

export function importCommand(): Command {
  return new Command('import')
    .summary("turn another tool's trace into a trace file")
    .description(
      "Imports another tool's scheduler trace from a file or a pipe (- is standard input), plain or packed (gzip, xz, zstd, bzip2, zip), recognised by its content: ftrace's text (trace, trace_pipe), trace-cmd " +
        'report, perf script, perf sched script, babeltrace2, bpftrace (traces/scripts/sched.bt), DTrace (traces/scripts/schedctl.d), ' +
        "systrace, Chrome's and Perfetto's JSON. Reports the lines read, skipped, lost and repaired. Traces of the same run on the same " +
        'clock can be merged: a second file adds the events that the first lacks, and a lock log adds the holders and waiters of its lock.',
    )
    .argument('<file>', 'trace to import')
    .requiredOption('-o, --output <file>', 'trace file to write (.sctrace)')
    .option('--locks <file>', 'join the lock log of the same run: a CSV file with tid,want_ns,acq_ns,rel_ns')
    .option('--also <file...>', 'merge further traces of the same run, recorded on the same clock')
    .option(
      '--kallsyms <file>',
      'names of kernel functions for a text that has their addresses: /proc/kallsyms or System.map of the machine it is from',
    )
    .option(
      '--rseq-stats <file...>',
      'two copies of /sys/kernel/debug/rseq/stats, from before and after the run: report how many time slice extensions the trace cannot show',
    )
    .option('--force', 'replace the file, and the rest of an interrupted import to it')
    .option('--json', 'print the result as JSON, with the whole report')
    .addHelpText(
      'after',
      examples(
        'import ftrace.txt.gz -o capture.sctrace',
        'import ftrace.txt -o run.sctrace --locks locklog.csv',
        'import ftrace.txt -o run.sctrace --also perf-script.txt',
        'import trace.txt -o capture.sctrace --rseq-stats stats.before stats.after',
        'import trace.txt -o capture.sctrace --json',
        'import - -o capture.sctrace < trace.txt',
      ),
    )
    .action(async (source: string, flags: ImportFlags) => {
      const replace = flags.force === true;
      const optional = (name: string | undefined): string | undefined =>
        name === undefined ? undefined : sourceFile(name);
      const locks = optional(flags.locks);
      const also = flags.also?.map((file) => sourceFile(file));
      const kallsyms = optional(flags.kallsyms);
      const rseqStats = rseqStatsOf(flags.rseqStats);
      const single = [locks, kallsyms].filter((file) => file !== undefined);
      const sources = [sourceFile(source), ...single, ...(also ?? []), ...(rseqStats ?? [])];
      const path = outputFile(flags.output, { replace, sources });
      const { importFile } = await import('#main/workbench/make-trace.ts');
      const line = new ProgressLine();
      try {
        const made = await cancelOnSignal((signal) =>
          importFile(
            {
              source: sourceFile(source),
              path,
              locks,
              also,
              kallsyms,
              rseqStats,
            },
            {
              signal,
              replace,
              onProgress: (progress) => line.update(() => describeProgress(progress)),
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

/** The absolute path of a file to read; `-` is what comes in. */
const sourceFile = (name: string): string => (name === '-' ? '/dev/stdin' : resolve(name));

/** @throws WorkbenchError 'usage' for another number of files than two */
function rseqStatsOf(files: readonly string[] | undefined): readonly [string, string] | undefined {
  if (files === undefined) return undefined;
  const [before, after, ...more] = files;
  if (before === undefined || after === undefined || more.length > 0) {
    throw new WorkbenchError(
      'usage',
      `--rseq-stats takes two files, from before and after the run, and got ${files.length}.`,
    );
  }
  return [resolve(before), resolve(after)];
}

/** A time of the trace, in the unit that its clock has. */
const showSpan = ({ clockUnit }: ImportReport, timeNs: number): string =>
  clockUnit === 'unknown' ? `${timeNs} counts of its clock` : showTime(timeNs);

const count = (value: number, one: string): string => `${value} ${value === 1 ? one : `${one}s`}`;

function describe(path: string, events: number, report: ImportReport | null): string[] {
  if (report === null) return [`${path}: ${count(events, 'event')}`];
  return [
    `${path}: ${count(events, 'event')} from ${count(report.events, 'event')} in ${count(report.lines, 'line')} of ${report.format}, ` +
      `${showSpan(report, report.durationNs)}, ${count(report.cpus, 'CPU')}, ` +
      `${report.lwps} ${report.lwps === 1 ? threadWords(report.format).one : threadWords(report.format).many}`,
    `clock: ${report.clock}; time 0 is ${report.origin}`,
    ...report.repairs.map(
      ({ count: times, about, firstLine }) =>
        `repaired ${count(times, 'time')} (first in line ${firstLine}): ${about}`,
    ),
    ...(report.repeated === 0
      ? []
      : [`left out ${count(report.repeated, 'event')} that a second file repeats`]),
    ...report.losses.map(
      ({ cpu, events, line, fromNs, toNs }) =>
        `lost ${events < 0 ? 'an unknown number of events' : count(events, 'event')}${cpu < 0 ? '' : ` on CPU ${cpu}`} (line ${line}), ` +
        `from ${showSpan(report, fromNs)} to ${toNs < 0 ? 'the end' : showSpan(report, toNs)}`,
    ),
    ...report.skipped.map(
      ({ count: lines, reason, firstLine, firstText }) =>
        `left out ${count(lines, 'line')}: ${reason} (the first is line ${firstLine}: ${firstText})`,
    ),
    ...report.warnings.map((warning) => `note: ${warning}`),
  ];
}
