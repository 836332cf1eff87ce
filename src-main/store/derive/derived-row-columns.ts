/**
 * Derived rows put into columns, a buffer for each table, until {@link DerivedRowColumns.take} hands them over. On the way
 * they are looked at for the moment to open the trace on.
 *
 * Hot: runs for every row, allocates only where a buffer grows.
 */
import { LANE_STATE } from '#shared/model/enums.ts';
import { UNKNOWN_VALUE } from '#shared/model/kinds.ts';
import { columnNames } from '../format/schema.ts';
import { NUMBER_TABLES, type NumberRows, type NumberTable } from './derived-batch.ts';
import type { DerivedRows } from './derived-rows.ts';
import { Highlights } from './highlights.ts';
import { RowBuffer } from './row-buffer.ts';

/** SQLite stores what is not a number as NULL (sqlite3_bind_double). */
const NULL = NaN;

export class DerivedRowColumns implements DerivedRows {
  readonly highlights = new Highlights();
  private readonly numbers = Object.fromEntries(
    NUMBER_TABLES.map((table) => [table, new RowBuffer(filledColumns(table).length)]),
  ) as Record<NumberTable, RowBuffer>;
  /** Time of the last transition: until then lasts what has no end yet. */
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
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

  lwpState(
    lwp: number,
    startNs: number,
    endNs: number,
    state: number,
    cpu: number,
    other: number,
    sync: number,
    flags: number,
  ): void {
    if (state === LANE_STATE.preempted) this.highlights.preempted(lwp, startNs, endNs);
    const rows = this.numbers.lwp_state;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = lwp;
    values[at++] = startNs;
    values[at++] = endNs;
    values[at++] = state;
    values[at++] = cpu;
    values[at++] = other;
    values[at++] = sync;
    values[at] = flags;
  }

  cpuRun(cpu: number, lwp: number, startNs: number, endNs: number): void {
    const rows = this.numbers.cpu_run;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = cpu;
    values[at++] = lwp;
    values[at++] = startNs;
    values[at] = endNs;
  }

  slotOccupancy(timeNs: number, page: number, used: number): void {
    const rows = this.numbers.slot_occupancy;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = timeNs;
    values[at++] = page;
    values[at] = used;
  }

  nopreemptWindow(
    lwp: number,
    slot: number,
    startNs: number,
    endNs: number,
    firstDeferredNs: number,
    yieldAskedNs: number,
    yieldedNs: number,
    deferrals: number,
    end: number,
    startSequence: number,
    endSequence: number,
  ): void {
    this.highlights.window(lwp, startNs, endNs < 0 ? this.now() : endNs, firstDeferredNs);
    const rows = this.numbers.nopreempt_window;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = lwp;
    values[at++] = slot;
    values[at++] = startNs;
    values[at++] = endNs;
    values[at++] = firstDeferredNs;
    values[at++] = yieldAskedNs;
    values[at++] = yieldedNs;
    values[at++] = deferrals;
    values[at++] = end;
    values[at++] = startSequence;
    values[at] = endSequence;
  }

  decision(
    sequence: number,
    timeNs: number,
    lwp: number,
    cpu: number,
    outcome: number,
    place: number,
    timeleft: number,
    without: number,
  ): void {
    this.highlights.decision(sequence, timeNs, lwp, outcome);
    const rows = this.numbers.decision;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = sequence;
    values[at++] = timeNs;
    values[at++] = lwp;
    values[at++] = cpu;
    values[at++] = outcome;
    values[at++] = place;
    values[at++] = timeleft === UNKNOWN_VALUE ? NULL : timeleft;
    values[at] = without;
  }

  lockHold(sync: number, lwp: number, startNs: number, endNs: number): void {
    const rows = this.numbers.lock_hold;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = sync;
    values[at++] = lwp;
    values[at++] = startNs;
    values[at] = endNs;
  }

  lockWait(sync: number, lwp: number, startNs: number, endNs: number, holder: number): void {
    const rows = this.numbers.lock_wait;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = sync;
    values[at++] = lwp;
    values[at++] = startNs;
    values[at++] = endNs;
    values[at] = holder;
  }

  wakeup(
    lwp: number,
    waker: number,
    wakeNs: number,
    runNs: number,
    wakerCpu: number,
    runCpu: number,
    sequence: number,
  ): void {
    const rows = this.numbers.wakeup;
    let at = rows.begin();
    const { values } = rows;
    values[at++] = lwp;
    values[at++] = waker;
    values[at++] = wakeNs;
    values[at++] = runNs;
    values[at++] = wakerCpu;
    values[at++] = runCpu;
    values[at] = sequence;
  }
}

/** Columns that a deriver fills: all but the ordinal that SQLite makes. */
export function filledColumns(table: NumberTable): string[] {
  return columnNames(table).filter((name) => name !== 'id');
}
