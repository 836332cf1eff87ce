/** Sums of an LWP's lane: time and times in each state, runs, switches, migrations, waits for a CPU and for locks. */
import type { CpuId, Ns, SyncId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import type { LaneNodes } from '../tiles/lane-tile.ts';
import { DurationSums, type LeafSums } from './leaf-sums.ts';
import { transferColumn, transferMap, type NumberList } from './number-list.ts';

export const STATES = Object.values(LANE_STATE).length;

/** An LWP has a CPU. */
export const ON_CPU = flagsOf(LANE_STATE.running, LANE_STATE.spinning);
/** An LWP has none and could use one. */
const WAITS_FOR_CPU = flagsOf(LANE_STATE.runnable, LANE_STATE.preempted);
/** An LWP gave up its CPU because it had nothing to do. */
const LEFT_CPU = flagsOf(LANE_STATE.sleeping, LANE_STATE.blocked, LANE_STATE.parked);

function flagsOf(...states: number[]): Uint8Array {
  const flags = new Uint8Array(256);
  for (const state of states) flags[state] = 1;
  return flags;
}

/** What a CPU did for an LWP. */
class LwpOnCpu {
  runningNs = 0;
  spinningNs = 0;
  runs = 0;
}

/** What an LWP spent on a synchronisation object. */
class LwpAtSync {
  waits = 0;
  waitNs = 0;
}

export class LwpSums implements LeafSums<LaneNodes> {
  /** Time in each state, and how often it was entered. */
  readonly stateNs = new Float64Array(STATES);
  readonly entered = new Float64Array(STATES);
  /** From CPU to preempted, and from CPU to sleep of any kind. */
  involuntary = 0;
  voluntary = 0;
  /** Runs that began on another CPU than the one before. */
  migrations = 0;
  /** Times from runnable or preempted to the run that followed. */
  readonly runQueueLatency = new DurationSums();
  readonly cpus = new Map<number, LwpOnCpu>();
  readonly syncs = new Map<number, LwpAtSync>();

  /** The last leaf. */
  state = -1;
  sync: SyncId = NONE;
  /** CPU of the last run. */
  ranOn: number = NONE;
  /** Since when it waits for a CPU; -1 where it does not. */
  waitingSinceNs = -1;

  add(nodes: LaneNodes, row: number, endNs: Ns): void {
    const startNs = nodes.start[row]!;
    const state = nodes.state[row]!;
    const cpu = nodes.cpu[row]!;
    const sync = nodes.sync[row]!;
    const before = this.state;
    const ns = endNs - startNs;
    this.stateNs[state] = this.stateNs[state]! + ns;
    if (state !== before) this.enter(startNs, before, state);
    if (ON_CPU[state] === 1) this.run(ON_CPU[before] === 1, state, cpu, ns);
    if (sync !== NONE) this.wait(sync, ns);
    this.state = state;
    this.sync = sync;
  }

  transfer(list: NumberList): void {
    transferColumn(list, this.stateNs);
    transferColumn(list, this.entered);
    this.involuntary = list.next(this.involuntary);
    this.voluntary = list.next(this.voluntary);
    this.migrations = list.next(this.migrations);
    this.runQueueLatency.transfer(list);
    const onCpu = (): LwpOnCpu => new LwpOnCpu();
    transferMap(list, this.cpus, onCpu, (sums) => {
      sums.runningNs = list.next(sums.runningNs);
      sums.spinningNs = list.next(sums.spinningNs);
      sums.runs = list.next(sums.runs);
    });
    const atSync = (): LwpAtSync => new LwpAtSync();
    transferMap(list, this.syncs, atSync, (sums) => {
      sums.waits = list.next(sums.waits);
      sums.waitNs = list.next(sums.waitNs);
    });
    this.state = list.next(this.state);
    this.sync = list.next(this.sync);
    this.ranOn = list.next(this.ranOn);
    this.waitingSinceNs = list.next(this.waitingSinceNs);
  }

  private enter(startNs: Ns, before: number, state: number): void {
    this.entered[state] = this.entered[state]! + 1;
    if (ON_CPU[before] === 1) {
      if (state === LANE_STATE.preempted) this.involuntary++;
      else if (LEFT_CPU[state] === 1) this.voluntary++;
    }
    if (WAITS_FOR_CPU[state] === 1) {
      if (this.waitingSinceNs < 0) this.waitingSinceNs = startNs;
      return;
    }
    if (this.waitingSinceNs < 0) return;
    if (ON_CPU[state] === 1) this.runQueueLatency.add(startNs - this.waitingSinceNs);
    this.waitingSinceNs = -1;
  }

  private run(wasOnCpu: boolean, state: number, cpu: CpuId, ns: Ns): void {
    let sums = this.cpus.get(cpu);
    if (sums === undefined) this.cpus.set(cpu, (sums = new LwpOnCpu()));
    if (state === LANE_STATE.spinning) sums.spinningNs += ns;
    else sums.runningNs += ns;
    if (wasOnCpu && cpu === this.ranOn) return;
    sums.runs++;
    if (this.ranOn !== NONE && cpu !== this.ranOn) this.migrations++;
    this.ranOn = cpu;
  }

  private wait(sync: SyncId, ns: Ns): void {
    let sums = this.syncs.get(sync);
    if (sums === undefined) this.syncs.set(sync, (sums = new LwpAtSync()));
    sums.waitNs += ns;
    if (sync !== this.sync) sums.waits++;
  }
}
