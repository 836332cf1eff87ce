/**
 * Decisions about time slice extensions of Linux (rseq) in words: what asked for the CPU, the timer that limits the
 * extension, and how it ended. Linux compares no ticks and writes no sc_yield: nothing here speaks of them.
 */
import type { CauseId, Ns } from '#shared/base/brands.ts';
import { CAUSE, CAUSE_NAMES } from '#shared/model/causes.ts';
import { DECISION } from '#shared/model/enums.ts';
import { formatDuration } from '../format-time.ts';
import { decisionName, sentenceCase, type DecisionText } from './decisions.ts';
import type { EventRow } from './event-row.ts';
import type { NameTable } from './names.ts';

/** The timer of an extension, and what asked for the reschedule that it put off; null where the trace does not tell. */
export interface SliceTimer {
  readonly grantedNs: Ns;
  readonly lengthNs: Ns | null;
  readonly asked: {
    readonly agoNs: Ns;
    /** CAUSE of what asked. */
    readonly cause: CauseId;
    /** LWP whose wake-up asked, -1 for none. */
    readonly woken: number;
  } | null;
}

/** What the rows around a decision tell of its extension. */
export interface SliceFacts {
  /** Null where the grant is not in the trace. */
  readonly timer: SliceTimer | null;
  /** Id of the system call that ended it, null where it is not known. */
  readonly syscall: number | null;
  /** The timer fired when the thread was entering rseq_slice_yield, and the kernel counts both. */
  readonly alsoYielded: boolean;
}

export const NO_SLICE_FACTS: SliceFacts = { timer: null, syscall: null, alsoYielded: false };

/** From a row of kind slice_timer. */
export function sliceTimerOf({ timeNs, object, oldValue, newValue, cause }: EventRow): SliceTimer {
  return {
    grantedNs: timeNs,
    lengthNs: object < 0 ? null : object,
    asked: oldValue < 0 ? null : { agoNs: oldValue, cause, woken: newValue },
  };
}

/** One line: `37 µs, asked by the wake-up of poker/0 3 µs before`. */
export function sliceTimerText({ lengthNs, asked }: SliceTimer, names: NameTable): string {
  const length = lengthNs === null ? 'length unknown' : formatDuration(lengthNs);
  return asked === null
    ? length
    : `${length}, asked by ${askedBy(asked, names)} ${formatDuration(asked.agoNs)} before`;
}

function askedBy({ cause, woken }: NonNullable<SliceTimer['asked']>, names: NameTable): string {
  if (woken >= 0) return `the wake-up of ${names.lwp(woken)}`;
  return cause === CAUSE.hrtick ? 'hrtick' : 'the tick';
}

/** Explains a decision about an extension. */
export function explainSlice(row: EventRow, facts: SliceFacts, names: NameTable): DecisionText {
  return {
    title: sentenceCase(decisionName(row.object, row.cause)),
    place: CAUSE_NAMES[row.cause] ?? `function ${row.cause}`,
    test: null,
    effect: effectOf(row, facts, names),
    without:
      row.object === DECISION.deferredAtPreempt
        ? 'Without the extension it would have lost its CPU here.'
        : '',
  };
}

function effectOf(row: EventRow, { timer, syscall, alsoYielded }: SliceFacts, names: NameTable): string {
  const length = timer === null || timer.lengthNs === null ? '' : ` of ${formatDuration(timer.lengthNs)}`;
  const after = timer === null ? '' : `, ${formatDuration(row.timeNs - timer.grantedNs)} after the grant`;
  switch (row.cause) {
    case CAUSE.rseq_grant_slice_extension:
      return `${askedSentence(timer, names)} The kernel let the thread keep running and armed a timer${length} to limit it.`;
    case CAUSE.sys_rseq_slice_yield:
      return `The thread gave up its CPU by rseq_slice_yield${after}: before the timer${length} fired.`;
    case CAUSE.rseq_slice_expired:
      return (
        `The timer${length} fired${after}: the kernel ended the extension and rescheduled.` +
        (alsoYielded
          ? ' The thread was just entering rseq_slice_yield, so the kernel also counts it as yielded.'
          : '')
      );
    case CAUSE.rseq_slice_revoked:
      return `The thread was switched out${after}: before the timer${length} fired, and without a system call. The kernel revoked the extension.`;
    default:
      if (row.object === DECISION.endedByCall) {
        return `A system call ended the extension${after}. The trace does not say whether it was rseq_slice_yield.`;
      }
      return syscall === null
        ? `A system call other than rseq_slice_yield ended the extension${after}; the trace does not say which.`
        : `The system call ${names.syscall(syscall)} ended the extension${after}: only rseq_slice_yield should.`;
  }
}

function askedSentence(timer: SliceTimer | null, names: NameTable): string {
  const asked = timer?.asked ?? null;
  if (asked === null) return 'The trace does not show what asked for the CPU.';
  const by = askedBy(asked, names);
  const before = `${formatDuration(asked.agoNs)} before`;
  return asked.cause === CAUSE.hrtick
    ? `Its slice was used up: hrtick asked for the CPU ${before}.`
    : `${sentenceCase(by)} asked for the CPU ${before}.`;
}
