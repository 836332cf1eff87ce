/**
 * Derives everything that views and consoles read from the stream of transitions, while it streams.
 * The same class runs when recording and when verifying.
 *
 * Hot: {@link Deriver.add} runs once a transition; most kinds only update the machine's state.
 */
import { InvariantError } from '#shared/base/assert.ts';
import { isSliceExtension, SC_CPU_UPDATE_CAUSES } from '#shared/model/causes.ts';
import { DECISION, TS } from '#shared/model/enums.ts';
import { KIND, KIND_COUNT, KIND_SPECS, SLOT_ID_STRIDE, UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import { MachineState, type SubjectLimits } from '#shared/model/machine-state.ts';
import { OVERVIEW, OverviewBuilder } from '../levels/curves/overview.ts';
import type { CountBuilder } from '../levels/curves/counts.ts';
import type { DecisionNodes } from '../levels/tiles/points.ts';
import { SERIES } from '../levels/series.ts';
import type { TileBuilder } from '../levels/tiles/tile-builder.ts';
import type { DerivedRows } from './derived-rows.ts';
import { isId } from './is-id.ts';
import { LaneDeriver } from './lanes.ts';
import { SeriesRegistry, type SeriesSink } from './series-registry.ts';
import { ValueDeriver } from './values.ts';
import { WakeupDeriver } from './wakeups.ts';
import { WindowDeriver } from './windows.ts';

/** Kinds that derived data depends on. */
const INTERESTING = new Uint8Array(KIND_COUNT);
for (const kind of [
  KIND.t_state,
  KIND.off_cpu_reason,
  KIND.user_spin,
  KIND.lwp_alive,
  KIND.t_wchan,
  KIND.cpu_dispthread,
  KIND.sync_owner,
  KIND.disp_nrunnable,
  KIND.slot_allocated,
  KIND.slot_lwp,
  KIND.sc_cpu,
  KIND.sc_nopreempt,
  KIND.sc_yield,
  KIND.decision,
  KIND.events_lost,
  KIND.chain_broken,
]) {
  INTERESTING[kind] = 1;
}

/** Those that say what an LWP does: nothing any more, once it has ended. */
const OF_LWP = new Uint8Array(KIND_COUNT);
for (const kind of [
  KIND.t_state,
  KIND.off_cpu_reason,
  KIND.user_spin,
  KIND.lwp_alive,
  KIND.sc_nopreempt,
  KIND.decision,
]) {
  OF_LWP[kind] = 1;
}

const IS_SCHEDCTL = Uint8Array.from(KIND_SPECS, (spec, kind) =>
  spec.subject === 'slot' || spec.subject === 'page' || kind === KIND.decision ? 1 : 0,
);

export class Deriver {
  readonly state: MachineState;
  readonly overview = new OverviewBuilder();
  readonly series: SeriesRegistry;
  /** Time of the last row. */
  nowNs = 0;
  /** Any slot, page or decision seen. */
  hasSchedctl = false;
  private readonly rows: DerivedRows;
  private readonly lanes: LaneDeriver;
  private readonly windows: WindowDeriver;
  private readonly wakeups: WakeupDeriver;
  private readonly queues: ValueDeriver;
  private readonly slots: ValueDeriver;
  private readonly waiters: ValueDeriver;
  private readonly decisions: (TileBuilder<DecisionNodes> | undefined)[] = [];
  private readonly updateCounts: CountBuilder[] = [];
  private readonly decisionCounts: CountBuilder[] = [];
  private unsettled = false;

  /** @param limits of a file that may be damaged */
  constructor(rows: DerivedRows, sink: SeriesSink, limits: SubjectLimits = {}) {
    this.state = new MachineState(true, limits);
    this.rows = rows;
    this.series = new SeriesRegistry(sink);
    this.lanes = new LaneDeriver(this.state, this.series, rows, this.overview, (lwp) => this.ended(lwp));
    this.windows = new WindowDeriver(this.state, this.series, rows);
    this.wakeups = new WakeupDeriver(this.state, this.series, rows);
    this.queues = new ValueDeriver((cpu) => this.series.values(SERIES.queueLength, cpu));
    this.waiters = new ValueDeriver((sync) => this.series.values(SERIES.lockWaiters, sync));
    this.slots = new ValueDeriver(
      (page) => this.series.values(SERIES.slotsUsed, page),
      (timeNs, page, used) => this.rows.slotOccupancy(timeNs, page, used),
    );
  }

  /** Takes the next row. Throws InvariantError for one that no trace can contain. */
  add(
    sequence: number,
    timeNs: number,
    kind: number,
    cpu: number,
    lwp: number,
    object: number,
    cause: number,
    oldValue: number,
    newValue: number,
  ): void {
    if (timeNs !== this.nowNs) {
      if (!(timeNs > this.nowNs)) throw new InvariantError(`time runs backwards at event ${sequence}`);
      if (this.unsettled) this.settle();
      this.nowNs = timeNs;
    }
    this.state.apply(kind, cpu, lwp, object, newValue, sequence);
    if (IS_SCHEDCTL[kind] === 1) this.hasSchedctl = true;
    if (INTERESTING[kind] === 1) {
      this.derive(sequence, timeNs, kind, cpu, lwp, object, cause, oldValue, newValue);
    }
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
  }

  private settle(): void {
    this.unsettled = false;
    this.lanes.settle(this.nowNs);
    this.queues.settle(this.nowNs);
    this.slots.settle(this.nowNs);
    this.waiters.settle(this.nowNs);
  }

  /** All that there is about an LWP has been told: lets go of it. */
  private ended(lwp: number): void {
    this.windows.ended(lwp);
    this.wakeups.ended(lwp);
    const decisions = this.decisions[lwp];
    if (decisions === undefined) return;
    this.series.retire(decisions);
    this.decisions[lwp] = undefined;
  }

  private derive(
    sequence: number,
    timeNs: number,
    kind: number,
    cpu: number,
    lwp: number,
    object: number,
    cause: number,
    oldValue: number,
    newValue: number,
  ): void {
    if (OF_LWP[kind] === 1 && this.lanes.hasEnded(lwp)) {
      if (kind !== KIND.lwp_alive || newValue === 0) return;
      throw new InvariantError(`LWP ${lwp} lives again at event ${sequence}, after its end`);
    }
    switch (kind) {
      case KIND.t_state:
        this.unsettled = true;
        this.lanes.touchLwp(lwp);
        this.wakeups.stateChanged(lwp, oldValue, newValue, cpu, timeNs, sequence);
        if (newValue === TS.SLEEP) this.windows.slept(lwp);
        break;
      case KIND.off_cpu_reason:
        this.unsettled = true;
        this.lanes.touchLwp(lwp);
        this.wakeups.reasonChanged(lwp, oldValue, newValue, cause, cpu, timeNs, sequence);
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
        this.lanes.waits(lwp, newValue, timeNs);
        if (isId(oldValue)) this.waiters.set(oldValue, this.waiters.get(oldValue) - 1);
        if (isId(newValue)) this.waiters.set(newValue, this.waiters.get(newValue) + 1);
        break;
      case KIND.cpu_dispthread:
        this.unsettled = true;
        this.lanes.switched(cpu, newValue, timeNs);
        break;
      case KIND.sync_owner:
        this.unsettled = true;
        this.lanes.owned(object, oldValue, newValue);
        break;
      case KIND.disp_nrunnable:
        this.unsettled = true;
        this.queues.set(cpu, newValue);
        break;
      case KIND.slot_allocated: {
        this.unsettled = true;
        const page = Math.floor(object / SLOT_ID_STRIDE);
        this.slots.set(page, this.slots.get(page) + Math.sign(newValue) - Math.sign(oldValue));
        if (newValue === 0 && lwp >= 0) this.windows.gone(lwp, timeNs, sequence);
        break;
      }
      case KIND.slot_lwp:
        if (oldValue >= 0) this.windows.gone(oldValue, timeNs, sequence);
        break;
      case KIND.sc_cpu:
        if (SC_CPU_UPDATE_CAUSES.includes(cause) && newValue >= 0 && newValue < 0x8000) {
          (this.updateCounts[newValue] ??= this.series.timeCounts(SERIES.cpuUpdateCounts, newValue)).add(
            timeNs,
          );
        }
        break;
      case KIND.sc_nopreempt:
        this.windows.nopreempt(lwp, object, newValue, cause, timeNs, sequence);
        break;
      case KIND.sc_yield:
        this.windows.yieldFlag(lwp, newValue, timeNs);
        break;
      case KIND.decision:
        this.decide(sequence, timeNs, cpu, lwp, object, cause, oldValue, newValue);
        break;
      case KIND.events_lost:
        this.lanes.uncertain(cpu, -1, -1, timeNs);
        break;
      case KIND.chain_broken:
        this.lanes.uncertain(cpu, oldValue, newValue, timeNs);
        break;
    }
  }

  private decide(
    sequence: number,
    timeNs: number,
    cpu: number,
    lwp: number,
    outcome: number,
    place: number,
    timeleft: number,
    without: number,
  ): void {
    if (!isId(lwp) || !(outcome >= 0 && outcome < 256)) {
      throw new InvariantError(`an impossible decision at event ${sequence}`);
    }
    this.windows.decision(lwp, outcome, timeNs);
    // Linux has no ticks of a quantum; rows of earlier versions have a 0 there.
    const known = isSliceExtension(place) ? UNKNOWN_VALUE : timeleft;
    this.rows.decision(sequence, timeNs, lwp, cpu, outcome, place, known, without);
    const builder = (this.decisions[lwp] ??= this.series.decisions(lwp));
    const row = builder.push(timeNs);
    const nodes = builder.leaves;
    nodes.sequence[row] = sequence;
    nodes.timeleft[row] = known;
    nodes.cpu[row] = cpu;
    nodes.place[row] = place;
    nodes.outcome[row] = outcome;
    nodes.without[row] = without;
    (this.decisionCounts[outcome] ??= this.series.timeCounts(SERIES.decisionCounts, outcome)).add(timeNs);
    if (outcome === DECISION.forced || outcome === DECISION.failsafe) {
      this.overview.addPoint(OVERVIEW.revoked, timeNs);
    }
  }
}
