/** Losses and repairs of an import as sentences. */
import type { Ns } from '#shared/base/brands.ts';
import type { ImportReport, Loss, Repair } from './import-report.ts';

/** Reasons and losses told one by one; the report has all of them. */
const LISTED = 20;

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
  for (const loss of report.losses.slice(0, LISTED)) warnings.push(lossSentence(loss));
  if (losses > LISTED) warnings.push(`Events were lost in ${number.format(losses - LISTED)} more places.`);
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
  for (const { count: lines, reason, firstLine, firstText } of report.skipped.slice(0, LISTED)) {
    warnings.push(
      `${count(lines, 'line')} could not be read: ${reason}. The first is line ${firstLine}: ${firstText}`,
    );
  }
  if (report.skipped.length > LISTED) {
    warnings.push(`Lines could not be read for ${report.skipped.length - LISTED} more reasons.`);
  }
  if (report.repeated > 0) {
    warnings.push(
      `${count(report.repeated, 'event')} that more than one file has ${report.repeated === 1 ? 'is' : 'are'} counted once.`,
    );
  }
  const unused = report.unusedEvents.reduce((sum, event) => sum + event.count, 0);
  warnings.push(
    `Read ${count(report.lines, 'line')} with ${count(report.events, 'event')}` +
      `${unused > 0 ? `, of which ${number.format(unused)} say nothing about the scheduler` : ''}; ` +
      `made ${count(report.transitions, 'transition')}.`,
  );
  return warnings;
}

/** `CPU 0 lost 236 events after 1.203 ms and before 1.874 ms (line 211).` */
function lossSentence({ cpu, events, line, fromNs, toNs }: Loss): string {
  const where = cpu < 0 ? 'Some CPU' : `CPU ${cpu}`;
  const what = events < 0 ? 'an unknown number of events' : count(events, 'event');
  const until = toNs < 0 ? '' : ` and before ${milliseconds(toNs)}`;
  return `${where} lost ${what} after ${milliseconds(fromNs)}${until} (line ${line}).`;
}

const milliseconds = (timeNs: Ns): string => `${(timeNs / 1e6).toFixed(3)} ms`;

const repairs = (report: ImportReport, kind: Repair['kind']): number =>
  report.repairs.find((repair) => repair.kind === kind)?.count ?? 0;
