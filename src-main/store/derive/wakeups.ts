/**
 * Wake-ups: which LWP made which runnable, when, and when it ran.
 *
 * A wake-up is t_state becoming TS_RUN from anything but a CPU or a run queue, with a reason that says so: woken,
 * or runnable for the first time. (An import may learn of one for a thread that it took for runnable already.)
 * The waker is the LWP on the CPU where that happened; there is none for a timer (`timeout`), on an idle CPU, and for
 * the outside world. The woken LWP has run when t_state becomes TS_ONPROC; never, if it stopped or ended before.
 *
 * Hot: allocates only for an LWP's first wake-up, and where more of them wait for their run than ever before.
 */
import type { CpuId, IndexIntoBatch, LwpId, Ns, Seq } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import type { TransitionColumns } from '#shared/model/transition-batch.ts';
import type { WakeupNodes } from '../levels/tiles/points.ts';
import type { TileBuilder } from '../levels/tiles/tile-builder.ts';
import { grown } from './grown.ts';
import type { SeriesRegistry } from './series-registry.ts';
import type { TableBuffers, Wakeup } from './table-buffers.ts';

/** An LWP that was woken and has not run yet. */
class Pending implements Wakeup {
  lwp: LwpId = NONE;
  wakeNs = 0;
  waker: LwpId = NONE;
  wakerCpu: CpuId = NONE;
  runNs = 0;
  runCpu: CpuId = NONE;
  sequence = 0;
}

export class Wakeups {
  private readonly state: MachineState;
  private readonly series: SeriesRegistry;
  private readonly tables: TableBuffers;
  private readonly builders: (TileBuilder<WakeupNodes> | undefined)[] = [];
  private readonly pending: (Pending | undefined)[] = [];
  /** Those of LWPs that have run, for the next ones. */
  private readonly spare: Pending[] = [];
  /** By LWP: cause of the reason that it has for being off its CPU. */
  private reasonCause = new Int32Array(64).fill(NONE);

  constructor(state: MachineState, series: SeriesRegistry, tables: TableBuffers) {
    this.state = state;
    this.series = series;
    this.tables = tables;
  }

  /** off_cpu_reason was assigned. */
  reasonChanged(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void {
    const lwp = columns.lwp[row]!;
    if (lwp >= this.reasonCause.length) {
      this.reasonCause = grown(this.reasonCause, lwp);
    }
    this.reasonCause[lwp] = columns.cause[row]!;
    if (columns.oldValue[row] !== OFF_CPU_REASON.unknown || columns.newValue[row] !== OFF_CPU_REASON.woken)
      return;
    if (this.state.read(KIND.t_state, lwp) === TS.RUN) {
      this.woken(lwp, columns.cpu[row]!, columns.timeNs[row]!, sequence);
    }
  }

  /** t_state was assigned, on the row's CPU. */
  stateChanged(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void {
    const lwp = columns.lwp[row]!;
    const cpu = columns.cpu[row]!;
    const timeNs = columns.timeNs[row]!;
    const oldState = columns.oldValue[row]!;
    const state = columns.newValue[row]!;
    const pending = this.pending[lwp];
    if (state === TS.ONPROC) {
      if (pending !== undefined) this.end(pending, timeNs, cpu);
      return;
    }
    if (pending !== undefined) this.end(pending, NONE, NONE);
    if (state !== TS.RUN || oldState === TS.ONPROC || oldState === TS.RUN) return;
    const reason = this.state.read(KIND.off_cpu_reason, lwp);
    if (reason !== OFF_CPU_REASON.woken && reason !== OFF_CPU_REASON.created) return;
    this.woken(lwp, cpu, timeNs, sequence);
  }

  /** The LWP has ended: its wake-ups are complete. */
  ended(lwp: LwpId): void {
    const pending = this.pending[lwp];
    if (pending !== undefined) this.end(pending, NONE, NONE);
    const builder = this.builders[lwp];
    if (builder === undefined) return;
    this.series.retire(builder);
    this.builders[lwp] = undefined;
  }

  /** The trace ends: LWPs that were woken and have not run yet never will. */
  finish(): void {
    for (const pending of this.pending) if (pending !== undefined) this.end(pending, NONE, NONE);
  }

  private woken(lwp: LwpId, cpu: CpuId, timeNs: Ns, sequence: Seq): void {
    const { state } = this;
    const isTimer = this.reasonCause[lwp] === CAUSE.timeout;
    const waker = cpu < 0 || isTimer ? NONE : state.read(KIND.cpu_dispthread, cpu);
    const pending = (this.pending[lwp] ??= this.spare.pop() ?? new Pending());
    pending.lwp = lwp;
    pending.wakeNs = timeNs;
    pending.waker = waker === lwp ? NONE : waker;
    pending.wakerCpu = cpu;
    pending.sequence = sequence;
    this.tables.changes?.wakeup(timeNs, lwp, pending.waker, cpu, sequence);
    const builder = (this.builders[lwp] ??= this.series.wakeups(lwp));
    const row = builder.push(timeNs);
    const nodes = builder.leaves;
    nodes.after[row] = NONE;
    nodes.waker[row] = pending.waker;
    nodes.sequence[row] = sequence;
    nodes.wakerCpu[row] = cpu;
    nodes.runCpu[row] = NONE;
  }

  private end(pending: Pending, runNs: Ns, runCpu: CpuId): void {
    const { lwp } = pending;
    pending.runNs = runNs;
    pending.runCpu = runCpu;
    const builder = this.builders[lwp]!;
    const row = builder.lastRow;
    builder.leaves.after[row] = runNs < 0 ? NONE : runNs - pending.wakeNs;
    builder.leaves.runCpu[row] = runCpu;
    builder.touch();
    this.tables.wakeup(pending);
    this.pending[lwp] = undefined;
    this.spare.push(pending);
  }
}
