/** What an import says about time slice extensions (rseq), in sentences. */
import type { RseqCounts } from '../rseq-stats/rseq-stats.ts';
import type { UnnamedTimer } from './unnamed-timers.ts';

interface SliceFacts {
  /** Extensions whose timer the trace shows. */
  readonly grants: number;
  /** Of these, ended by a system call that the trace does not record. */
  readonly unknownEnds: number;
  readonly timerEvents: number;
  readonly counts: RseqCounts | null;
  /** A timer that behaves as that of the extension and has another name. */
  readonly suspect: UnnamedTimer | null;
}

const number = new Intl.NumberFormat('en-US');
const extensions = (count: number): string =>
  `${number.format(count)} ${count === 1 ? 'time slice extension' : 'time slice extensions'}`;

export function sliceWarnings({ grants, unknownEnds, timerEvents, counts, suspect }: SliceFacts): string[] {
  const warnings: string[] = [];
  if (suspect !== null) {
    warnings.push(
      `${number.format(suspect.lostCpu)} times a thread armed a timer with the function ${suspect.name}, which soon ended, ` +
        'and then lost its CPU: so behaves the timer of a time slice extension, rseq_slice_expired. A tool that reads a ' +
        'trace on another machine resolves functions with the wrong symbols; then no extension is shown. Print it with ' +
        'the symbols of the machine that it is from (perf script --kallsyms FILE); where the text has addresses, import it with --kallsyms FILE.',
    );
  }
  if (counts !== null) warnings.push(...withCounts(grants, timerEvents, counts));
  else if (grants > 0) {
    warnings.push(
      `The trace shows ${extensions(grants)} by their timers. There may have been more: the kernel arms no timer where ` +
        'the time is up before the thread leaves the kernel, and such a thread is shown as preempted. The counters in ' +
        '/sys/kernel/debug/rseq/stats before and after the run tell how many (--rseq-stats BEFORE AFTER).',
    );
  }
  if (unknownEnds > 0) {
    warnings.push(
      `A system call ended ${extensions(unknownEnds)} in time, and the trace does not record which: rseq_slice_yield or ` +
        'another one. Record syscalls:sys_enter_rseq_slice_yield and sys_exit_rseq_slice_yield, or raw_syscalls.',
    );
  }
  return warnings;
}

function withCounts(grants: number, timerEvents: number, counts: RseqCounts): string[] {
  const { granted, expired, revoked, yielded, aborted } = counts;
  const kinds =
    `(${number.format(yielded)} yielded, ${number.format(expired)} expired, ` +
    `${number.format(Math.max(0, revoked - expired))} more revoked, ${number.format(aborted)} ended by another system call)`;
  const hidden = granted - grants;
  if (granted === 0) return ['The kernel granted no time slice extension in the run.'];
  if (grants === 0 && timerEvents === 0) {
    return [
      `The kernel granted ${extensions(granted)} ${kinds}, and the trace shows none of them: it has no events of timers. ` +
        'Record timer:hrtimer_start, hrtimer_cancel and hrtimer_expire_entry.',
    ];
  }
  if (hidden < 0) {
    return [
      `The trace shows ${extensions(grants)} and the kernel counted ${number.format(granted)}: the counters were not ` +
        'read around this run, or not all of it.',
    ];
  }
  const share = ((hidden / granted) * 100).toFixed(1);
  return [
    `The kernel granted ${extensions(granted)} ${kinds}, of which the trace shows ${number.format(grants)} by their timers. ` +
      (hidden === 0
        ? 'None is missing.'
        : `${number.format(hidden)} (${share} %) had none, as their time was up before the thread left the kernel: these ` +
          'threads are shown as preempted.'),
  ];
}
