/** Decisions about time slice extensions in words. */
import { describe, expect, it } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION, PAGE_KIND, WITHOUT_NOPREEMPT } from '#shared/model/enums.ts';
import { KIND, UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import type { EventRow } from './event-row.ts';
import { describeEvent } from './events.ts';
import { nameTable } from './names.ts';
import { explainSlice, NO_SLICE_FACTS, sliceTimerOf, type SliceFacts } from './slice-extension.ts';

const names = nameTable({
  source: 'ftrace',
  cpus: [{ id: 0, name: 'CPU 0' }],
  processes: [{ id: 0, pid: 61, name: 'slicew' }],
  lwps: [
    { id: 0, process: 0, lwpNumber: 65, name: 'worker/2' },
    { id: 1, process: 0, lwpNumber: 69, name: 'poker/0' },
  ],
  pages: [{ id: 0, process: 0, address: null, kind: PAGE_KIND.rseq }],
  syncs: [],
  syscalls: [{ id: 0, name: 'getpid' }],
});
const row = (fields: Partial<EventRow>): EventRow => ({
  sequence: 9,
  timeNs: 38_000,
  kind: KIND.decision,
  cpu: 0,
  lwp: 0,
  object: DECISION.forced,
  cause: CAUSE.rseq_slice_expired,
  oldValue: UNKNOWN_VALUE,
  newValue: WITHOUT_NOPREEMPT.same,
  ...fields,
});
const timerRow = (fields: Partial<EventRow>): EventRow =>
  row({
    kind: KIND.slice_timer,
    timeNs: 0,
    object: 36_500,
    cause: CAUSE.sched_wakeup,
    oldValue: 3_000,
    newValue: 1,
    ...fields,
  });
const facts = (more: Partial<SliceFacts> = {}): SliceFacts => ({
  ...NO_SLICE_FACTS,
  timer: sliceTimerOf(timerRow({})),
  ...more,
});
/** As it reads, with ordinary spaces. */
const effect = (fields: Partial<EventRow>, known: SliceFacts): string =>
  explainSlice(row(fields), known, names).effect.replaceAll('\u00a0', ' ');
const granted = { object: DECISION.deferredAtPreempt, cause: CAUSE.rseq_grant_slice_extension, timeNs: 0 };

describe('what is said of an extension', () => {
  it.each<[string, Partial<EventRow>, SliceFacts, string]>([
    [
      'who asked, and the timer',
      granted,
      facts(),
      'The wake-up of poker/0 asked for the CPU 3.00 µs before. The kernel let the thread keep running and armed a timer of 36.5 µs to limit it.',
    ],
    [
      'that hrtick asked',
      granted,
      facts({ timer: sliceTimerOf(timerRow({ cause: CAUSE.hrtick, newValue: -1 })) }),
      'Its slice was used up: hrtick asked for the CPU 3.00 µs before. The kernel let the thread keep running and armed a timer of 36.5 µs to limit it.',
    ],
    [
      'no more than the trace has',
      granted,
      facts({ timer: sliceTimerOf(timerRow({ object: -1, oldValue: -1, newValue: -1 })) }),
      'The trace does not show what asked for the CPU. The kernel let the thread keep running and armed a timer to limit it.',
    ],
    [
      'that the timer fired',
      {},
      facts(),
      'The timer of 36.5 µs fired, 38.0 µs after the grant: the kernel ended the extension and rescheduled.',
    ],
    [
      'that it was yielded when the timer fired',
      {},
      facts({ alsoYielded: true }),
      'The timer of 36.5 µs fired, 38.0 µs after the grant: the kernel ended the extension and rescheduled. The thread was just entering rseq_slice_yield, so the kernel also counts it as yielded.',
    ],
    [
      'the call that ended it',
      { object: DECISION.aborted, cause: CAUSE.rseq_syscall_enter_work },
      facts({ syscall: 0 }),
      'The system call getpid ended the extension, 38.0 µs after the grant: only rseq_slice_yield should.',
    ],
    [
      'that the call is not known',
      { object: DECISION.endedByCall, cause: CAUSE.rseq_syscall_enter_work },
      NO_SLICE_FACTS,
      'A system call ended the extension. The trace does not say whether it was rseq_slice_yield.',
    ],
  ])('%s', (_what, fields, known, text) => {
    expect(effect(fields, known)).toBe(text);
  });

  it('is no ticks, no priority and no sc_yield', () => {
    for (const [outcome, cause] of [
      [DECISION.deferredAtPreempt, CAUSE.rseq_grant_slice_extension],
      [DECISION.yielded, CAUSE.sys_rseq_slice_yield],
      [DECISION.forced, CAUSE.rseq_slice_expired],
      [DECISION.forced, CAUSE.rseq_slice_revoked],
      [DECISION.aborted, CAUSE.rseq_syscall_enter_work],
    ] as const) {
      const text = explainSlice(row({ object: outcome, cause }), facts(), names);
      expect(text.test).toBeNull();
      expect(JSON.stringify(text)).not.toMatch(/timeleft|priority|sc_|nopreempt/);
    }
  });

  it('in a row of the event list has the names of Linux', () => {
    const shown = (fields: Partial<EventRow>): string[] => {
      const { what, change } = describeEvent(row(fields), names);
      return [what, change.replaceAll('\u00a0', ' ')];
    };
    // Also where an earlier version wrote a 0 for the ticks.
    expect(shown({ oldValue: 0 })).toEqual(['extension expired', '']);
    expect(shown({ kind: KIND.sc_nopreempt, object: 0, oldValue: 1, newValue: 0 })).toEqual([
      'slice_ctrl.granted',
      '1 → 0',
    ]);
    expect(shown({ kind: KIND.sc_cpu, object: 0, oldValue: 0, newValue: 1 })).toEqual(['cpu_id', '0 → 1']);
    expect(shown(timerRow({}))).toEqual([
      'extension timer',
      '36.5 µs, asked by the wake-up of poker/0 3.00 µs before',
    ]);
    expect(shown({ kind: KIND.slice_syscall, object: 0 })).toEqual(['system call', 'getpid']);
  });
});
