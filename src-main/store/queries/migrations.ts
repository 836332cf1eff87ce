/** `trace.migrations`: from which CPU to which threads moved. */
import type { Seq, SlotId } from '#shared/base/brands.ts';
import type { MigrationCounts } from '#shared/api/contract.ts';
import { SC_CPU_UPDATE_CAUSES } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { SERIES } from '../levels/series.ts';
import { lastSequenceAt, timeOfSequence } from '../read/sequence-at.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';
import { replayTo } from '../read/replay.ts';
import { checkedRow, checkedRows } from '../read/checked-rows.ts';

/** Rows that one request reads at most; for more, ask again from where it ended. */
const ROWS_MOST = 1 << 18;

const STORES =
  'SELECT kind, object, cause, old, new FROM event WHERE seq BETWEEN ? AND ? AND (kind = ? OR kind = ?) ORDER BY seq';
const CAUSE_OF = 'SELECT cause FROM event WHERE seq = ?';
const ANY_OF_KIND = 'SELECT 1 FROM series WHERE kind = ? LIMIT 1';
/** Kind, object, cause, old and new value. */
const STORE = ['integer', 'integer', 'integer', 'integer', 'integer'] as const;

/**
 * Counts the moves in a time range: with schedctl data stores into sc_cpu that change it, else changes of t_cpu.
 *
 * The first store into a slot after schedctl() is no move: before it the slot says 0, whatever the CPU was.
 */
export function migrations(trace: TraceDatabase, params: QueryParams<'trace.migrations'>): MigrationCounts {
  return trace.guard(() => {
    const cpus = cpuIds(trace);
    const rowOf = new Map(cpus.map((cpu, row) => [cpu, row]));
    const counts = new Uint32Array(cpus.length ** 2);
    let stores = 0;
    const add = (from: number, to: number): void => {
      const row = rowOf.get(from);
      const column = rowOf.get(to);
      if (row === undefined || column === undefined || row === column) return;
      counts[row * cpus.length + column] = counts[row * cpus.length + column]! + 1;
    };

    const end = lastSequenceAt(trace, params.endNs);
    const first = params.fromSequence ?? lastSequenceAt(trace, Math.ceil(params.startNs) - 1) + 1;
    const last = Math.min(end, first + ROWS_MOST - 1);
    const bySlot = trace.prepare(ANY_OF_KIND).get(SERIES.slotsUsed) !== undefined;
    if (first <= last) {
      const moved = bySlot ? KIND.sc_cpu : KIND.t_cpu;
      const rows = checkedRows(trace, STORES, STORE, first, last, moved, KIND.slot_allocated);
      const fresh = bySlot ? new FreshSlots(trace, first - 1) : null;
      for (const [kind, object, cause, oldValue, newValue] of rows) {
        if (kind === KIND.slot_allocated) {
          if (newValue !== 0) fresh?.allocated(object);
        } else if (fresh === null) {
          stores++;
          add(oldValue, newValue);
        } else if (SC_CPU_UPDATE_CAUSES.includes(cause)) {
          stores++;
          if (!fresh.stored(object)) add(oldValue, newValue);
        }
      }
    }
    return {
      field: bySlot ? 'sc_cpu' : 't_cpu',
      cpus,
      counts,
      stores,
      nextSequence: last < end ? last + 1 : null,
      countedToNs: last < end ? timeOfSequence(trace, last) : params.endNs,
    };
  });
}

function cpuIds(trace: TraceDatabase): number[] {
  return checkedRows(trace, 'SELECT id FROM cpu ORDER BY id', ['integer']).map(([cpu]) => cpu);
}

/** Slots that no context switch has stored into since they were allocated. */
class FreshSlots {
  private readonly trace: TraceDatabase;
  private readonly state: MachineState;
  private readonly known = new Map<number, boolean>();

  /** @param sequence row after which to begin, 0 for the start of the trace */
  constructor(trace: TraceDatabase, sequence: Seq) {
    this.trace = trace;
    this.state = replayTo(trace, sequence);
  }

  allocated(slot: SlotId): void {
    this.known.set(slot, true);
  }

  /** Notes a store by a context switch. Answers whether it was the first. */
  stored(slot: SlotId): boolean {
    const first = this.known.get(slot) ?? this.wasFresh(slot);
    this.known.set(slot, false);
    return first;
  }

  private wasFresh(slot: SlotId): boolean {
    const sequenceOf = (kind: number): number => this.state.changed?.[kind]?.[slot] ?? 0;
    const stored = sequenceOf(KIND.sc_cpu);
    if (stored <= sequenceOf(KIND.slot_allocated)) return true;
    // The system call zeroes a reused slot: a store, but none that says where the thread ran.
    const row = checkedRow(this.trace, CAUSE_OF, ['integer'], stored);
    return row === undefined || !SC_CPU_UPDATE_CAUSES.includes(row[0]);
  }
}
