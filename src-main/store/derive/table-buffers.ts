/**
 * A buffer of rows for each table of numbers, filled while a trace is derived and handed over now and then
 * ({@link TableBuffers.take}). The rows are also searched for the moment at which the trace opens.
 *
 * A row is passed as its source: the object that represented the interval while it was open, or the row of the batch.
 *
 * Hot: runs for every row, allocates only where a buffer grows.
 */
import type {
  CpuId,
  IndexIntoBatch,
  KindId,
  LwpId,
  Ns,
  PageId,
  Seq,
  SlotId,
  SyncId,
} from '#shared/base/brands.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import type { TransitionColumns } from '#shared/model/transition-batch.ts';
import type { TraceChanges } from '../../findings/trace-changes.ts';
import { columnNames } from '../format/schema.ts';
import { NUMBER_TABLES, type NumberRows, type NumberTable } from './derived-batch.ts';
import { Highlights } from './highlights.ts';
import { RowBuffer } from './row-buffer.ts';

/** SQLite stores what is not a number as NULL (sqlite3_bind_double). */
const NULL = NaN;

/** What a row of `lwp_state` says besides its times. */
export interface LwpInterval {
  readonly lwp: LwpId;
  readonly state: number;
  readonly cpu: CpuId;
  readonly other: LwpId;
  readonly sync: SyncId;
  readonly flags: number;
}

/** A row of `nopreempt_window`; times are -1 where the thing never happened. */
export interface NopreemptWindow {
  readonly lwp: LwpId;
  readonly slot: SlotId;
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly firstDeferredNs: Ns;
  readonly yieldAskedNs: Ns;
  readonly yieldedNs: Ns;
  readonly deferrals: number;
  readonly ending: number;
  readonly startSequence: Seq;
  readonly endSequence: Seq;
}

/** A row of `wakeup`; the run's are -1 where it never came. */
export interface Wakeup {
  readonly lwp: LwpId;
  readonly waker: LwpId;
  readonly wakeNs: Ns;
  readonly runNs: Ns;
  readonly wakerCpu: CpuId;
  readonly runCpu: CpuId;
  readonly sequence: Seq;
}

export class TableBuffers {
  /** Receives beginnings as they happen; null if not needed. */
  readonly changes: TraceChanges | null;
  readonly highlights = new Highlights();
  private readonly numbers = Object.fromEntries(
    NUMBER_TABLES.map((table) => [table, new RowBuffer(filledColumns(table).length)]),
  ) as Record<NumberTable, RowBuffer>;
  /** Time of the last transition: until then lasts what has no end yet. */
  private readonly now: () => number;

  constructor(now: () => number, changes: TraceChanges | null = null) {
    this.now = now;
    this.changes = changes;
  }

  /** Hands over what has come since the last time. */
  take(): NumberRows[] {
    return NUMBER_TABLES.flatMap((table) =>
      this.numbers[table].length === 0 ? [] : [{ table, ...this.numbers[table].take() }],
    );
  }

  /** Takes the memory back that {@link take} handed out. */
  reuse(numbers: readonly NumberRows[]): void {
    for (const { table, values } of numbers) this.numbers[table].reuse(values);
  }

  /** An interval of an LWP has ended. */
  lwpState(interval: LwpInterval, startNs: Ns, endNs: Ns): void {
    const { lwp, state } = interval;
    if (state === LANE_STATE.preempted) this.highlights.preempted(lwp, startNs, endNs);
    const rows = this.numbers.lwp_state;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = lwp;
    values[at++] = startNs;
    values[at++] = endNs;
    values[at++] = state;
    values[at++] = interval.cpu;
    values[at++] = interval.other;
    values[at++] = interval.sync;
    values[at] = interval.flags;
  }

  cpuRun(cpu: CpuId, lwp: LwpId, startNs: Ns, endNs: Ns): void {
    const rows = this.numbers.cpu_run;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = cpu;
    values[at++] = lwp;
    values[at++] = startNs;
    values[at] = endNs;
  }

  slotOccupancy(timeNs: Ns, page: PageId, used: number): void {
    const rows = this.numbers.slot_occupancy;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = timeNs;
    values[at++] = page;
    values[at] = used;
  }

  nopreemptWindow(window: NopreemptWindow): void {
    const { lwp, startNs, endNs, firstDeferredNs } = window;
    this.highlights.window(lwp, startNs, endNs < 0 ? this.now() : endNs, firstDeferredNs);
    const rows = this.numbers.nopreempt_window;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = lwp;
    values[at++] = window.slot;
    values[at++] = startNs;
    values[at++] = endNs;
    values[at++] = firstDeferredNs;
    values[at++] = window.yieldAskedNs;
    values[at++] = window.yieldedNs;
    values[at++] = window.deferrals;
    values[at++] = window.ending;
    values[at++] = window.startSequence;
    values[at] = window.endSequence;
  }

  /**
   * A row of a batch whose kind is `decision`.
   *
   * @param timeleft UNKNOWN_VALUE where none was compared, or it is not known
   */
  decision(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq, timeleft: number): void {
    const timeNs = columns.timeNs[row]!;
    const lwp = columns.lwp[row]!;
    const outcome = columns.object[row]!;
    this.highlights.decision(sequence, timeNs, lwp, outcome);
    const rows = this.numbers.decision;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = sequence;
    values[at++] = timeNs;
    values[at++] = lwp;
    values[at++] = columns.cpu[row]!;
    values[at++] = outcome;
    values[at++] = columns.cause[row]!;
    values[at++] = timeleft === UNKNOWN_VALUE ? NULL : timeleft;
    values[at] = columns.newValue[row]!;
  }

  lockHold(sync: SyncId, lwp: LwpId, startNs: Ns, endNs: Ns): void {
    const rows = this.numbers.lock_hold;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = sync;
    values[at++] = lwp;
    values[at++] = startNs;
    values[at] = endNs;
  }

  lockWait(sync: SyncId, lwp: LwpId, startNs: Ns, endNs: Ns, holder: number): void {
    const rows = this.numbers.lock_wait;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = sync;
    values[at++] = lwp;
    values[at++] = startNs;
    values[at++] = endNs;
    values[at] = holder;
  }

  /** A followed field has another value: see findings/track/followed-kinds.ts. */
  fieldChange(timeNs: Ns, kind: KindId, subject: number, value: number): void {
    const rows = this.numbers.field_change;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = timeNs;
    values[at++] = kind;
    values[at++] = subject;
    values[at] = value;
    this.changes?.field(timeNs, kind, subject, value);
  }

  wakeup(wakeup: Wakeup): void {
    const rows = this.numbers.wakeup;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = wakeup.lwp;
    values[at++] = wakeup.waker;
    values[at++] = wakeup.wakeNs;
    values[at++] = wakeup.runNs;
    values[at++] = wakeup.wakerCpu;
    values[at++] = wakeup.runCpu;
    values[at] = wakeup.sequence;
  }
}

/** Columns that are filled here: all but the ordinal that SQLite makes. */
export function filledColumns(table: NumberTable): string[] {
  return columnNames(table).filter((name) => name !== 'id');
}
