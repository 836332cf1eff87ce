/** `trace.aggregates`: sums over an area of the timeline. */
import type { LwpId, Ns, ProcessId } from '#shared/base/brands.ts';
import type { Aggregates, Distribution, StateTimes, ThreadTotals } from '#shared/api/contract.ts';
import { DECISION, LANE_STATE } from '#shared/model/enums.ts';
import { checkedRows } from '../read/checked-rows.ts';
import { LANE_LEAVES, type LaneNodes } from '../levels/tiles/lane-tile.ts';
import { DECISION_POINTS, WINDOW_POINTS } from '../levels/tiles/points.ts';
import { SERIES, type NodeColumns } from '../levels/series.ts';
import { CpuSums } from '../levels/sums/cpu-sums.ts';
import { DecisionSums } from '../levels/sums/decision-sums.ts';
import type { DurationSums, LeafSums } from '../levels/sums/leaf-sums.ts';
import { LOG_BUCKETS, logBucketStartNs } from '../levels/sums/log-buckets.ts';
import { LwpSums, ON_CPU, STATES } from '../levels/sums/lwp-sums.ts';
import { sumsAt, type SumsAt, type SumsSpec } from '../levels/readers/sums-at.ts';
import { SyncSums } from '../levels/sums/sync-sums.ts';
import { NopreemptWindowSums } from '../levels/sums/nopreempt-window-sums.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';

const LWPS = { kind: SERIES.lwpLane, layout: LANE_LEAVES, create: () => new LwpSums() } as const;
const CPUS = { kind: SERIES.cpuLane, layout: LANE_LEAVES, create: () => new CpuSums() } as const;
const SYNCS = { kind: SERIES.syncLane, layout: LANE_LEAVES, create: () => new SyncSums() } as const;
const WINDOWS = {
  kind: SERIES.windows,
  layout: WINDOW_POINTS.format,
  create: () => new NopreemptWindowSums(),
} as const;
const DECISIONS = {
  kind: SERIES.decisions,
  layout: DECISION_POINTS.format,
  create: () => new DecisionSums(),
} as const;

/**
 * Exact; see the contract. Reads each lane at both edges of the area, so it costs by the lanes and not by its length.
 */
export function aggregates(trace: TraceDatabase, params: QueryParams<'trace.aggregates'>): Aggregates {
  return trace.guard(() => new Area(trace, params).aggregates());
}

/** Sums up to the start and to the end of an area. */
interface Span<C extends NodeColumns, S> {
  readonly from: SumsAt<C, S>;
  readonly to: SumsAt<C, S>;
}

class Area {
  private readonly trace: TraceDatabase;
  private readonly params: QueryParams<'trace.aggregates'>;
  private readonly startNs: Ns;
  private readonly endNs: Ns;
  /** `null`: no restriction. */
  private readonly cpus: ReadonlySet<number> | null;
  private readonly isAllLwps: boolean;
  private readonly runQueueLatency = new DurationTotal();
  private readonly holdTime = new DurationTotal();
  private readonly yieldLatency = new DurationTotal();
  private readonly stateNs = new Float64Array(STATES);
  private readonly intervals = new Float64Array(STATES);
  private readonly waitsAt = new Map<number, { waits: number; waitNs: Ns; waiters: number }>();

  constructor(trace: TraceDatabase, params: QueryParams<'trace.aggregates'>) {
    this.trace = trace;
    this.params = params;
    this.startNs = Math.min(trace.durationNs, Math.max(0, params.startNs));
    this.endNs = Math.min(trace.durationNs, Math.max(this.startNs, params.endNs));
    this.cpus = params.cpus === undefined ? null : new Set(params.cpus);
    this.isAllLwps = params.lwps === undefined && params.processes === undefined;
  }

  aggregates(): Aggregates {
    const lwps = this.lwps();
    const { threads, processes } = this.threadTables(lwps);
    const decisions = this.decisions(lwps);
    for (const { lwp } of lwps) {
      const span = this.span(WINDOWS, lwp);
      if (span !== null) this.yieldLatency.add(span.from.sums.yieldLatency, span.to.sums.yieldLatency);
    }
    const locks = this.locks();
    return {
      startNs: this.startNs,
      endNs: this.endNs,
      threads,
      processes,
      cpus: this.cpuTable(),
      states: this.states(),
      locks,
      decisions,
      runQueueLatency: this.runQueueLatency.distribution(),
      holdTime: this.holdTime.distribution(),
      yieldLatency: this.yieldLatency.distribution(),
    };
  }

  private span<C extends NodeColumns, S extends LeafSums<C>>(
    spec: SumsSpec<C, S>,
    object: number,
  ): Span<C, S> | null {
    const to = sumsAt(this.trace, spec, object, this.endNs);
    if (to === null) return null;
    return { from: sumsAt(this.trace, spec, object, this.startNs)!, to };
  }

  /** The threads of the area with their processes, in order of id. */
  private lwps(): readonly { readonly lwp: LwpId; readonly process: ProcessId }[] {
    const { lwps, processes } = this.params;
    const chosen = new Set(lwps);
    const inside = new Set(processes);
    const rows = checkedRows(this.trace, 'SELECT id, process FROM lwp ORDER BY id', ['integer', 'integer']);
    return rows
      .filter(([lwp, process]) => this.isAllLwps || chosen.has(lwp) || inside.has(process))
      .map(([lwp, process]) => ({ lwp, process }));
  }

  private threadTables(
    lwps: readonly { readonly lwp: LwpId; readonly process: ProcessId }[],
  ): Pick<Aggregates, 'threads' | 'processes'> {
    const threads = new TotalsTable();
    const byProcess = new Map<number, Totals>();
    for (const { lwp, process } of lwps) {
      const span = this.span(LWPS, lwp);
      if (span === null) continue;
      const totals = this.totals(span);
      if (totals.isEmpty || (this.isAllLwps && this.cpus !== null && totals.runs === 0)) continue;
      this.collect(span);
      threads.add(totals, lwp, process);
      let sum = byProcess.get(process);
      if (sum === undefined) byProcess.set(process, (sum = new Totals()));
      sum.add(totals);
    }
    const processes = new TotalsTable();
    for (const [process, totals] of [...byProcess].sort(([a], [b]) => a - b))
      processes.add(totals, process, 0);
    return {
      threads: { lwp: threads.ids(), process: threads.seconds(), ...threads.columns() },
      processes: {
        process: processes.ids(),
        threads: Int32Array.from(processes.rows, ({ totals }) => totals.threads),
        ...processes.columns(),
      },
    };
  }

  /** What one thread did in the area. */
  private totals({ from, to }: Span<LaneNodes, LwpSums>): Totals {
    const totals = new Totals();
    totals.threads = 1;
    for (let state = 0; state < STATES; state++) {
      totals.stateNs[state] = to.sums.stateNs[state]! - from.sums.stateNs[state]!;
    }
    totals.stateNs[LANE_STATE.running] = 0;
    totals.stateNs[LANE_STATE.spinning] = 0;
    const { leaf } = from;
    const runsOn =
      leaf !== null && ON_CPU[from.sums.state] === 1 && ON_CPU[leaf.columns.state[leaf.row]!] === 1
        ? leaf.columns.cpu[leaf.row]!
        : -1;
    for (const [cpu, sums] of to.sums.cpus) {
      if (this.cpus?.has(cpu) === false) continue;
      const before = from.sums.cpus.get(cpu);
      totals.stateNs[LANE_STATE.running]! += sums.runningNs - (before?.runningNs ?? 0);
      totals.stateNs[LANE_STATE.spinning]! += sums.spinningNs - (before?.spinningNs ?? 0);
      totals.runs += sums.runs - (before?.runs ?? 0);
      if (runsOn === cpu && from.sums.ranOn === cpu) totals.runs++;
    }
    totals.involuntary = to.sums.involuntary - from.sums.involuntary;
    totals.voluntary = to.sums.voluntary - from.sums.voluntary;
    totals.migrations = to.sums.migrations - from.sums.migrations;
    const waits = new DurationTotal();
    waits.add(from.sums.runQueueLatency, to.sums.runQueueLatency);
    totals.runQueueWaits = waits.count;
    totals.runQueueNs = waits.sumNs;
    for (const [sync, sums] of to.sums.syncs) {
      totals.lockWaitNs += sums.waitNs - (from.sums.syncs.get(sync)?.waitNs ?? 0);
    }
    return totals;
  }

  /** Adds a thread's part of the tables that are not by thread. */
  private collect({ from, to }: Span<LaneNodes, LwpSums>): void {
    this.runQueueLatency.add(from.sums.runQueueLatency, to.sums.runQueueLatency);
    const { leaf } = from;
    const stateNow = leaf === null ? -1 : leaf.columns.state[leaf.row]!;
    const syncNow = leaf === null ? -1 : leaf.columns.sync[leaf.row]!;
    for (let state = 0; state < STATES; state++) {
      this.stateNs[state]! += to.sums.stateNs[state]! - from.sums.stateNs[state]!;
      this.intervals[state]! += to.sums.entered[state]! - from.sums.entered[state]!;
      if (state === stateNow && state === from.sums.state) this.intervals[state]!++;
    }
    for (const [sync, sums] of to.sums.syncs) {
      const before = from.sums.syncs.get(sync);
      const goesOn = sync === syncNow && sync === from.sums.sync ? 1 : 0;
      const waits = sums.waits - (before?.waits ?? 0) + goesOn;
      if (waits === 0) continue;
      const total = this.waitsAt.get(sync) ?? { waits: 0, waitNs: 0, waiters: 0 };
      total.waits += waits;
      total.waitNs += sums.waitNs - (before?.waitNs ?? 0);
      total.waiters++;
      this.waitsAt.set(sync, total);
    }
  }

  private cpuTable(): Aggregates['cpus'] {
    const ids = this.objects(SERIES.cpuLane, this.params.cpus);
    const rows = ids.flatMap((cpu) => {
      const span = this.span(CPUS, cpu);
      if (span === null) return [];
      const { from, to } = span;
      const leaf = from.leaf;
      const lwpNow = leaf === null ? -1 : leaf.columns.lwp[leaf.row]!;
      const inState = (state: number): number => to.sums.stateNs[state]! - from.sums.stateNs[state]!;
      const busyNs = to.sums.stateNs.reduce((sum, _, state) => sum + inState(state), 0);
      return {
        cpu,
        busyNs,
        runningNs: inState(LANE_STATE.running),
        spinningNs: inState(LANE_STATE.spinning),
        // Before its first switch a CPU has no lane: it was idle.
        idleNs: this.endNs - this.startNs - busyNs,
        runs: to.sums.runs - from.sums.runs + (lwpNow >= 0 && lwpNow === from.sums.lwp ? 1 : 0),
      };
    });
    return {
      cpu: Int32Array.from(rows, (row) => row.cpu),
      busyNs: Float64Array.from(rows, (row) => row.busyNs),
      runningNs: Float64Array.from(rows, (row) => row.runningNs),
      spinningNs: Float64Array.from(rows, (row) => row.spinningNs),
      idleNs: Float64Array.from(rows, (row) => row.idleNs),
      runs: Float64Array.from(rows, (row) => row.runs),
    };
  }

  private states(): Aggregates['states'] {
    const present = Object.values(LANE_STATE).filter(
      (state) => state !== LANE_STATE.exited && this.intervals[state]! > 0,
    );
    return {
      state: Uint8Array.from(present),
      timeNs: Float64Array.from(present, (state) => this.stateNs[state]!),
      intervals: Float64Array.from(present, (state) => this.intervals[state]!),
    };
  }

  private locks(): Aggregates['locks'] {
    const ids = (
      this.params.syncs ?? [...new Set([...this.objects(SERIES.syncLane), ...this.waitsAt.keys()])]
    ).toSorted((a, b) => a - b);
    const rows = ids.flatMap((sync) => {
      const span = this.span(SYNCS, sync);
      const waited = this.waitsAt.get(sync);
      const row = {
        sync,
        holds: 0,
        holdNs: 0,
        offCpuHoldNs: 0,
        waits: waited?.waits ?? 0,
        waitNs: waited?.waitNs ?? 0,
        waiters: waited?.waiters ?? 0,
      };
      if (span !== null) {
        const { from, to } = span;
        const leaf = from.leaf;
        const ownerNow = leaf === null ? -1 : leaf.columns.lwp[leaf.row]!;
        row.holds = to.sums.holds - from.sums.holds + (ownerNow >= 0 && ownerNow === from.sums.owner ? 1 : 0);
        row.holdNs = to.sums.heldNs - from.sums.heldNs;
        row.offCpuHoldNs = to.sums.offCpuNs - from.sums.offCpuNs;
        this.holdTime.add(from.sums.holdTime, to.sums.holdTime);
      }
      return row.holds === 0 && row.waits === 0 ? [] : row;
    });
    return {
      sync: Int32Array.from(rows, (row) => row.sync),
      holds: Float64Array.from(rows, (row) => row.holds),
      holdNs: Float64Array.from(rows, (row) => row.holdNs),
      offCpuHoldNs: Float64Array.from(rows, (row) => row.offCpuHoldNs),
      waits: Float64Array.from(rows, (row) => row.waits),
      waitNs: Float64Array.from(rows, (row) => row.waitNs),
      waiters: Int32Array.from(rows, (row) => row.waiters),
    };
  }

  private decisions(lwps: readonly { readonly lwp: LwpId }[]): Aggregates['decisions'] {
    const outcomes = Object.values(DECISION);
    const count = new Float64Array(outcomes.length);
    const threads = new Int32Array(outcomes.length);
    for (const { lwp } of lwps) {
      const span = this.span(DECISIONS, lwp);
      if (span === null) continue;
      outcomes.forEach((outcome, row) => {
        const decided = span.to.sums.counts[outcome]! - span.from.sums.counts[outcome]!;
        count[row]! += decided;
        if (decided > 0) threads[row]!++;
      });
    }
    return { outcome: Uint8Array.from(outcomes), count, threads };
  }

  /** Objects that have a series of this kind, of those asked for. */
  private objects(kind: number, among?: readonly number[]): number[] {
    const sql = 'SELECT object FROM series WHERE kind = ? ORDER BY object';
    const rows = checkedRows(this.trace, sql, ['integer'], kind);
    const wanted = among === undefined ? null : new Set(among);
    return rows.map(([object]) => object).filter((object) => wanted === null || wanted.has(object));
  }
}

/** What threads did: of one of them, or of several. */
class Totals {
  readonly stateNs = new Float64Array(STATES);
  threads = 0;
  runs = 0;
  involuntary = 0;
  voluntary = 0;
  migrations = 0;
  runQueueWaits = 0;
  runQueueNs = 0;
  lockWaitNs = 0;

  /** Whether there was no such thread. */
  get isEmpty(): boolean {
    return this.stateNs.every((ns, state) => ns === 0 || state === LANE_STATE.exited) && this.runs === 0;
  }

  add(other: Totals): void {
    for (let state = 0; state < STATES; state++) this.stateNs[state]! += other.stateNs[state]!;
    this.threads += other.threads;
    this.runs += other.runs;
    this.involuntary += other.involuntary;
    this.voluntary += other.voluntary;
    this.migrations += other.migrations;
    this.runQueueWaits += other.runQueueWaits;
    this.runQueueNs += other.runQueueNs;
    this.lockWaitNs += other.lockWaitNs;
  }
}

class TotalsTable {
  readonly rows: { readonly id: number; readonly second: number; readonly totals: Totals }[] = [];

  add(totals: Totals, id: number, second: number): void {
    this.rows.push({ id, second, totals });
  }

  ids(): Int32Array {
    return Int32Array.from(this.rows, (row) => row.id);
  }

  seconds(): Int32Array {
    return Int32Array.from(this.rows, (row) => row.second);
  }

  columns(): ThreadTotals {
    const column = (value: (totals: Totals) => number): Float64Array =>
      Float64Array.from(this.rows, ({ totals }) => value(totals));
    return {
      ...stateTimes((state) => column((totals) => totals.stateNs[state]!)),
      onCpuNs: column(({ stateNs }) => stateNs[LANE_STATE.running]! + stateNs[LANE_STATE.spinning]!),
      runs: column((totals) => totals.runs),
      involuntarySwitches: column((totals) => totals.involuntary),
      voluntarySwitches: column((totals) => totals.voluntary),
      migrations: column((totals) => totals.migrations),
      runQueueWaits: column((totals) => totals.runQueueWaits),
      runQueueNs: column((totals) => totals.runQueueNs),
      lockWaitNs: column((totals) => totals.lockWaitNs),
    };
  }
}

function stateTimes(column: (state: number) => Float64Array): Omit<StateTimes, 'onCpuNs'> {
  return {
    runningNs: column(LANE_STATE.running),
    spinningNs: column(LANE_STATE.spinning),
    runnableNs: column(LANE_STATE.runnable),
    preemptedNs: column(LANE_STATE.preempted),
    sleepingNs: column(LANE_STATE.sleeping),
    blockedNs: column(LANE_STATE.blocked),
    parkedNs: column(LANE_STATE.parked),
    stoppedNs: column(LANE_STATE.stopped),
    unknownNs: column(LANE_STATE.unknown),
  };
}

/** Durations that lie between two sums. */
class DurationTotal {
  private readonly counts = new Float64Array(LOG_BUCKETS);
  sumNs = 0;
  count = 0;

  add(from: DurationSums, to: DurationSums): void {
    this.sumNs += to.sumNs - from.sumNs;
    for (let bucket = 0; bucket < LOG_BUCKETS; bucket++) {
      const more = to.counts[bucket]! - from.counts[bucket]!;
      this.counts[bucket]! += more;
      this.count += more;
    }
  }

  distribution(): Distribution {
    const buckets = [...this.counts.keys()].filter((bucket) => this.counts[bucket]! > 0);
    const last = buckets.at(-1);
    return {
      count: this.count,
      sumNs: this.sumNs,
      p50Ns: this.percentileNs(0.5),
      p90Ns: this.percentileNs(0.9),
      p99Ns: this.percentileNs(0.99),
      atMostNs: last === undefined ? 0 : logBucketStartNs(last + 1),
      bucketStartNs: Float64Array.from(buckets, logBucketStartNs),
      bucketEndNs: Float64Array.from(buckets, (bucket) => logBucketStartNs(bucket + 1)),
      bucketCount: Float64Array.from(buckets, (bucket) => this.counts[bucket]!),
    };
  }

  /** Between the ends of the bucket that holds the duration of this rank, by its place in the bucket. */
  private percentileNs(part: number): Ns {
    const rank = Math.max(1, Math.ceil(part * this.count));
    let below = 0;
    for (let bucket = 0; bucket < LOG_BUCKETS; bucket++) {
      const count = this.counts[bucket]!;
      if (count > 0 && below + count >= rank) {
        const startNs = logBucketStartNs(bucket);
        const widthNs = logBucketStartNs(bucket + 1) - startNs;
        return startNs + Math.floor(((rank - below - 0.5) / count) * widthNs);
      }
      below += count;
    }
    return 0;
  }
}
