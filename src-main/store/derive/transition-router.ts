/**
 * Replays transitions on a machine and tells each to what is derived from its kind: lanes, nopreempt windows,
 * decisions, wake-ups, curves. The same class runs when recording and when verifying.
 *
 * Hot: {@link TransitionRouter.add} runs once a transition; most kinds only update the machine's state.
 */
import { InvariantError } from '#shared/base/assert.ts';
import type { CpuId, IndexIntoBatch, KindId, LwpId, Ns, PageId, Seq, SyncId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { SC_CPU_UPDATE_CAUSES } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND, KIND_SPECS, SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { MachineState, subjectIdOf, type SubjectLimits } from '#shared/model/machine-state.ts';
import type { TransitionColumns } from '#shared/model/transition-batch.ts';
import { FOLLOWED_BITS } from '../../findings/track/followed-kinds.ts';
import type { CountBuilder } from '../levels/curves/counts.ts';
import { OverviewBuilder } from '../levels/curves/overview.ts';
import { SERIES } from '../levels/series.ts';
import { Decisions } from './decisions.ts';
import { isId } from './is-id.ts';
import { Lanes } from './lanes.ts';
import { NopreemptWindows } from './nopreempt-windows.ts';
import { SeriesRegistry, type SeriesSink } from './series-registry.ts';
import type { TableBuffers } from './table-buffers.ts';
import { ValueCurves } from './value-curves.ts';
import { Wakeups } from './wakeups.ts';

/** By kind: 1 where it is one of `kinds`. */
const flagsOf = (kinds: readonly KindId[]): Uint8Array =>
  Uint8Array.from(KIND_SPECS, (_, kind) => (kinds.includes(kind) ? 1 : 0));

/** Kinds that say what an LWP does: nothing any more, once it has ended. */
const LWP_KINDS = [
  KIND.t_state,
  KIND.off_cpu_reason,
  KIND.user_spin,
  KIND.lwp_alive,
  KIND.sc_nopreempt,
  KIND.decision,
];
const IS_OF_LWP = flagsOf(LWP_KINDS);

/** Kinds that derived data depends on. */
const IS_ROUTED = flagsOf([
  ...LWP_KINDS,
  KIND.t_wchan,
  KIND.cpu_dispthread,
  KIND.sync_owner,
  KIND.disp_nrunnable,
  KIND.slot_allocated,
  KIND.slot_lwp,
  KIND.sc_cpu,
  KIND.sc_yield,
  KIND.events_lost,
  KIND.chain_broken,
]);

const IS_SCHEDCTL = Uint8Array.from(KIND_SPECS, (spec, kind) =>
  spec.subject === 'slot' || spec.subject === 'page' || kind === KIND.decision ? 1 : 0,
);

export class TransitionRouter {
  readonly state: MachineState;
  readonly overview = new OverviewBuilder();
  readonly series: SeriesRegistry;
  private readonly tables: TableBuffers;
  /** Time of the last row. */
  nowNs: Ns = 0;
  /** Any slot, page or decision seen. */
  hasSchedctl = false;
  private readonly lanes: Lanes;
  private readonly windows: NopreemptWindows;
  private readonly decisions: Decisions;
  private readonly wakeups: Wakeups;
  private readonly queues: ValueCurves<CpuId>;
  private readonly slots: ValueCurves<PageId>;
  private readonly waiters: ValueCurves<SyncId>;
  private readonly updateCounts: CountBuilder[] = [];
  private unsettled = false;

  /** @param limits of a file that may be damaged */
  constructor(tables: TableBuffers, sink: SeriesSink, limits: SubjectLimits = {}) {
    const state = new MachineState(true, limits);
    const series = new SeriesRegistry(sink);
    this.state = state;
    this.series = series;
    this.tables = tables;
    this.lanes = new Lanes(state, series, tables, this.overview, (lwp) => this.ended(lwp));
    this.windows = new NopreemptWindows(state, series, tables);
    this.decisions = new Decisions(series, tables, this.overview);
    this.wakeups = new Wakeups(state, series, tables);
    this.queues = new ValueCurves((cpu) => series.values(SERIES.queueLength, cpu));
    this.waiters = new ValueCurves((sync) => series.values(SERIES.lockWaiters, sync));
    this.slots = new ValueCurves(
      (page) => series.values(SERIES.slotsUsed, page),
      (timeNs, page, used) => tables.slotOccupancy(timeNs, page, used),
    );
  }

  /** Takes a row of a batch, the next of the trace. Throws InvariantError for one that no trace can contain. */
  add(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void {
    const timeNs = columns.timeNs[row]!;
    if (timeNs !== this.nowNs) {
      if (!(timeNs > this.nowNs)) throw new InvariantError(`time goes backwards at event ${sequence}`);
      if (this.unsettled) this.settle();
      this.nowNs = timeNs;
    }
    this.state.apply(columns, row, sequence);
    const kind = columns.kind[row]!;
    if (IS_SCHEDCTL[kind] === 1) this.hasSchedctl = true;
    if (FOLLOWED_BITS[kind] !== 0) this.follow(columns, row);
    if (IS_ROUTED[kind] === 1) this.route(columns, row, sequence);
  }

  /** Brings everything that is written at a commit up to date; changes nothing that a later row could see. */
  flush(): void {
    this.lanes.countOpen(this.nowNs);
    this.overview.reach(this.nowNs);
    this.series.flush();
  }

  /** The trace ends here. */
  finish(): void {
    this.settle();
    this.lanes.finish(this.nowNs);
    this.windows.finish();
    this.wakeups.finish();
    this.tables.changes?.finish(this.nowNs);
  }

  private settle(): void {
    this.unsettled = false;
    this.lanes.settle(this.nowNs);
    this.queues.settle(this.nowNs);
    this.slots.settle(this.nowNs);
    this.waiters.settle(this.nowNs);
  }

  /** All that there is about an LWP has been told: lets go of it. */
  private ended(lwp: LwpId): void {
    this.windows.ended(lwp);
    this.wakeups.ended(lwp);
    this.decisions.ended(lwp);
  }

  private route(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void {
    const kind = columns.kind[row]!;
    const timeNs = columns.timeNs[row]!;
    const cpu = columns.cpu[row]!;
    const lwp = columns.lwp[row]!;
    const oldValue = columns.oldValue[row]!;
    const newValue = columns.newValue[row]!;
    if (IS_OF_LWP[kind] === 1 && this.lanes.hasEnded(lwp)) {
      if (kind !== KIND.lwp_alive || newValue === 0) return;
      throw new InvariantError(`LWP ${lwp} lives again at event ${sequence}, after its end`);
    }
    switch (kind) {
      case KIND.t_state:
        this.unsettled = true;
        this.lanes.touchLwp(lwp);
        this.wakeups.stateChanged(columns, row, sequence);
        if (newValue === TS.SLEEP) this.windows.slept(lwp);
        break;
      case KIND.off_cpu_reason:
        this.unsettled = true;
        this.lanes.touchLwp(lwp);
        this.wakeups.reasonChanged(columns, row, sequence);
        break;
      case KIND.user_spin:
        this.unsettled = true;
        this.lanes.touchLwp(lwp);
        break;
      case KIND.lwp_alive:
        this.unsettled = true;
        this.lanes.touchLwp(lwp);
        if (newValue === 0) this.windows.gone(lwp, timeNs, sequence);
        break;
      case KIND.t_wchan:
        this.unsettled = true;
        this.lanes.syncs.waits(lwp, newValue, timeNs);
        if (isId(oldValue)) this.waiters.set(oldValue, this.waiters.get(oldValue) - 1);
        if (isId(newValue)) this.waiters.set(newValue, this.waiters.get(newValue) + 1);
        break;
      case KIND.cpu_dispthread:
        this.unsettled = true;
        this.lanes.cpus.switched(cpu, newValue, timeNs);
        break;
      case KIND.sync_owner:
        this.unsettled = true;
        this.lanes.syncs.owned(columns.object[row]!, oldValue, newValue);
        break;
      case KIND.disp_nrunnable:
        this.unsettled = true;
        this.queues.set(cpu, newValue);
        break;
      case KIND.slot_allocated: {
        this.unsettled = true;
        const page = Math.floor(columns.object[row]! / SLOT_ID_STRIDE);
        this.slots.set(page, this.slots.get(page) + Math.sign(newValue) - Math.sign(oldValue));
        if (newValue === 0 && lwp >= 0) this.windows.gone(lwp, timeNs, sequence);
        break;
      }
      case KIND.slot_lwp:
        if (oldValue >= 0) this.windows.gone(oldValue, timeNs, sequence);
        break;
      case KIND.sc_cpu:
        if (SC_CPU_UPDATE_CAUSES.includes(columns.cause[row]!)) this.countUpdate(newValue, timeNs);
        break;
      case KIND.sc_nopreempt:
        this.windows.nopreempt(columns, row, sequence);
        break;
      case KIND.sc_yield:
        this.windows.yieldFlag(lwp, newValue, timeNs);
        break;
      case KIND.decision:
        this.decisions.add(columns, row, sequence);
        this.windows.decision(lwp, columns.object[row]!, timeNs);
        break;
      case KIND.events_lost:
        this.lanes.uncertain(cpu, NONE, NONE, timeNs);
        break;
      case KIND.chain_broken:
        this.lanes.uncertain(cpu, oldValue, newValue, timeNs);
        break;
    }
  }

  /** A field that findings ask about was assigned. */
  private follow(columns: TransitionColumns, row: IndexIntoBatch): void {
    const kind = columns.kind[row]!;
    const bits = FOLLOWED_BITS[kind]!;
    const value = columns.newValue[row]! & bits;
    if (value === (columns.oldValue[row]! & bits) && KIND_SPECS[kind]!.note !== true) return;
    const subject = subjectIdOf(kind, columns.cpu[row]!, columns.lwp[row]!, columns.object[row]!);
    this.tables.fieldChange(columns.timeNs[row]!, kind, subject, value);
  }

  private countUpdate(cpu: CpuId, timeNs: Ns): void {
    if (!(cpu >= 0 && cpu < 0x8000)) return;
    (this.updateCounts[cpu] ??= this.series.timeCounts(SERIES.cpuUpdateCounts, cpu)).add(timeNs);
  }
}
