/** Context switches of a trace as its source recorded them, in order of time; what an import inferred is left out. */
import type { CauseId, LwpId, Ns } from '#shared/base/brands.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { eachCheckedRow } from '../read/checked-rows.ts';

/** Changes of t_state from or to ONPROC that are no switch, or none that the source shows. */
const CHANGES =
  'SELECT time_ns, kind, cpu, lwp, cause, old, new FROM event WHERE kind IN (?, ?, ?) ORDER BY seq';
const CHANGE = ['integer', 'integer', 'integer', 'integer', 'integer', 'integer', 'integer'] as const;

const NO_SWITCH = new Set([
  CAUSE.import_gap,
  CAUSE.sched_process_exec,
  CAUSE.sched_process_fork,
  CAUSE.sched_wakeup_new,
  CAUSE.setup,
]);

export interface SwitchVisitor {
  /** @param state as ftrace writes prev_state: R, R+, S, D, T, X, `?` where it is not known */
  out(lwp: LwpId, timeNs: Ns, state: string): void;
  in(lwp: LwpId, timeNs: Ns): void;
}

/** Where the emulated kernel puts the thread of a CPU on a queue. */
const QUEUED = new Set([CAUSE.setbackdq, CAUSE.setfrontdq]);

/**
 * Reads the whole trace once, calling back for each switch; holds a number for each LWP and CPU.
 *
 * The emulated kernel, like the original, puts a thread that may lose its CPU on a queue, and then looks for the best.
 * Where that is the same thread again, no other having been chosen for the CPU, it has not switched.
 */
export function contextSwitches(trace: TraceDatabase, visitor: SwitchVisitor): void {
  trace.guard(() => {
    const reasons: number[] = [];
    /** By CPU: its thread, where that is on a queue and no other is chosen yet. */
    const queued: (number | undefined)[] = [];
    const rows = eachCheckedRow(
      trace,
      CHANGES,
      CHANGE,
      KIND.t_state,
      KIND.off_cpu_reason,
      KIND.cpu_dispthread,
    );
    for (const [timeNs, kind, cpu, lwp, cause, old, now] of rows) {
      if (kind === KIND.cpu_dispthread) {
        const left = queued[cpu];
        if (left === undefined || left === now) continue;
        queued[cpu] = undefined;
        visitor.out(left, timeNs, 'R');
      } else if (kind === KIND.off_cpu_reason) reasons[lwp] = now;
      else if (NO_SWITCH.has(cause)) continue;
      else if (now === TS.ONPROC) {
        if (queued[cpu] === lwp) queued[cpu] = undefined;
        else visitor.in(lwp, timeNs);
      } else if (old === TS.ONPROC) {
        if (QUEUED.has(cause)) queued[cpu] = lwp;
        else visitor.out(lwp, timeNs, stateLetter(now, reasons[lwp] ?? 0, cause));
      }
    }
  });
}

function stateLetter(state: number, reason: number, cause: CauseId): string {
  switch (state) {
    case TS.RUN:
      if (reason === OFF_CPU_REASON.unknown) return '?';
      return cause === CAUSE.sched_switch_in_kernel ? 'R+' : 'R';
    case TS.SLEEP:
    case TS.WAIT:
      return reason === OFF_CPU_REASON.uninterruptible ? 'D' : 'S';
    case TS.STOPPED:
      return 'T';
    case TS.ZOMB:
      return 'X';
    default:
      return '?';
  }
}
