/** Losses and repairs of an import as sentences. */
import type { ImportReport, Repair } from './import-report.ts';

const number = new Intl.NumberFormat('en-US');
const count = (value: number, one: string, many = `${one}s`): string =>
  `${number.format(value)} ${value === 1 ? one : many}`;

export function reportWarnings(report: ImportReport, losses: number): string[] {
  const warnings: string[] = [];
  if (losses > 0) {
    const known = report.eventsLost > 0 ? ` (${count(report.eventsLost, 'event')} at least)` : '';
    warnings.push(
      `The source lost events in ${count(losses, 'place')}${known}: what a CPU did there is unknown, and the ` +
        'thread that ran before it is shown in an unknown state until it is seen again.',
    );
  }
  const broken = repairs(report, 'broken_chain') + repairs(report, 'hidden_handover');
  if (broken > 0) {
    warnings.push(
      `${count(broken, 'time')} a thread was found on a CPU that no switch line shows it enter. Its run begins ` +
        'where it was woken on the idle CPU, else at the first line that names it; the thread before it is in an ' +
        'unknown state from there on.',
    );
  }
  const stepsBack = repairs(report, 'time_step_back');
  if (stepsBack > 0) {
    warnings.push(
      `${count(stepsBack, 'line')} ${stepsBack === 1 ? 'is' : 'are'} older than the one before: shown at the same time as it.`,
    );
  }
  const skipped = report.skipped.reduce((sum, skip) => sum + skip.count, 0);
  if (skipped > 0) {
    const first = report.skipped[0]!;
    warnings.push(
      `${count(skipped, 'line')} could not be read; the first is line ${first.firstLine}: ${first.reason}.`,
    );
  }
  return warnings;
}

const repairs = (report: ImportReport, kind: Repair['kind']): number =>
  report.repairs.find((repair) => repair.kind === kind)?.count ?? 0;
