/** holders TRACE: list lock holders that lost their CPU, and the cost. */
import { resolve } from 'node:path';
import { Command } from 'commander';
import type { LockHolders } from '#main/analysis/lock-holders.ts';
import { threadWords } from '#shared/model/thread-words.ts';
import { cancelOnSignal } from '../cancel-on-signal.ts';
import { examples } from '../examples.ts';
import { printJson, printLines, tell } from '../output.ts';
import { ProgressLine } from '../progress.ts';
import { showTime } from '../times.ts';

interface HoldersFlags {
  readonly locks?: string;
  readonly json?: true;
}

export function holdersCommand(): Command {
  return new Command('holders')
    .summary('list lock holders that lost their CPU, and the cost')
    .description(
      'Joins lock acquisitions with context switches: how many holds had a switch-out inside, how long the holder was off its CPU ' +
        'while holding, and the worst hold. The trace is a .sctrace or any text that import reads. The acquisitions are those ' +
        'in the trace, or those of a lock log: a CSV file with the columns tid,want_ns,acq_ns,rel_ns, nanoseconds on the clock of the trace.',
    )
    .argument('<trace>', "trace file (.sctrace), or another tool's trace")
    .option('--locks <file>', 'lock log of the same run (CSV, plain or gzip)')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      examples('holders convoy.sctrace', 'holders ftrace.txt.gz --locks locklog.csv --json'),
    )
    .action(async (trace: string, flags: HoldersFlags) => {
      const { holdersIn, openForHolders } = await import('#main/workbench/lock-holders.ts');
      const line = new ProgressLine();
      try {
        const source = await cancelOnSignal((signal) =>
          openForHolders(resolve(trace), flags.locks === undefined ? undefined : resolve(flags.locks), {
            signal,
            onProgress: ({ fraction }) =>
              line.update(
                () => `reading the trace${fraction === null ? '' : `, ${Math.round(fraction * 100)} %`}`,
              ),
          }),
        );
        const { source: kind, holders, warnings } = holdersIn(source);
        line.clear();
        for (const warning of warnings) tell(`note: ${warning}`);
        if (flags.json) await printJson(holders);
        else await printLines(describe(holders, kind));
      } finally {
        line.clear();
      }
    });
}

/** @param source of the trace: its words for threads */
function describe(holders: LockHolders, source: string): string[] {
  const states = Object.entries(holders.switch_outs_by_prev_state);
  const worst = holders.worst_hold;
  return [
    `${holders.acquisitions} acquisitions, held for ${showTime(holders.hold_ns_sum)} and waited for ${showTime(holders.wait_ns_sum)} in total`,
    `${holders.holds_with_switch_out} holds were interrupted by a switch-out` +
      (states.length === 0
        ? ''
        : `: ${states.map(([state, count]) => `${count} times in state ${state}`).join(', ')}`),
    `off the CPU while holding: ${showTime(holders.off_cpu_while_holding_ns)}`,
    ...(worst === null
      ? []
      : [
          `the worst hold was off its CPU for ${showTime(holders.worst_off_cpu_ns)}: ${threadWords(source).number} ${worst.tid}, from ${worst.acq_ns} to ${worst.rel_ns} ns on the trace's clock`,
        ]),
    ...(holders.switch_outs_without_a_switch_in_line === 0
      ? []
      : [
          `${holders.switch_outs_without_a_switch_in_line} times no line shows the holder switched in again: the sums leave that time out`,
        ]),
  ];
}
