/** Context switches of a trace as its source recorded them, in order of time; what an import inferred is left out. */
import { CAUSE } from '#shared/model/causes.ts';
import { OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { TraceDatabase } from '../read/trace-database.ts';

/** Changes of t_state from or to ONPROC that are no switch, or none that the source shows. */
const NO_SWITCH = new Set([
  CAUSE.import_gap,
  CAUSE.sched_process_exec,
  CAUSE.sched_process_fork,
  CAUSE.sched_wakeup_new,
  CAUSE.setup,
]);

export interface SwitchVisitor {
  /** @param state as ftrace writes prev_state: R, R+, S, D, T, X, `?` where it is not known */
  out(lwp: number, timeNs: number, state: string): void;
  in(lwp: number, timeNs: number): void;
}

/** Reads the whole trace once, calling back for each switch; holds a number for each LWP. */
export function contextSwitches(trace: TraceDatabase, visitor: SwitchVisitor): void {
  trace.guard(() => {
    const reasons: number[] = [];
    const rows = trace
      .prepare('SELECT time_ns, kind, lwp, cause, old, new FROM event WHERE kind IN (?, ?) ORDER BY seq')
      .iterate(KIND.t_state, KIND.off_cpu_reason) as IterableIterator<
      [number, number, number, number, number, number]
    >;
    for (const [timeNs, kind, lwp, cause, old, now] of rows) {
      if (kind === KIND.off_cpu_reason) reasons[lwp] = now;
      else if (NO_SWITCH.has(cause)) continue;
      else if (now === TS.ONPROC) visitor.in(lwp, timeNs);
      else if (old === TS.ONPROC) visitor.out(lwp, timeNs, stateLetter(now, reasons[lwp] ?? 0, cause));
    }
  });
}

function stateLetter(state: number, reason: number, cause: number): string {
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
