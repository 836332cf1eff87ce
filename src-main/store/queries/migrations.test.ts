import { describe, expect, it } from 'vitest';
import type { CauseId, CpuId, LwpId, SlotId } from '#shared/base/brands.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { PAGE_KIND } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { BATCH_ROWS, createBatch, type TransitionBatch } from '#shared/model/transition-batch.ts';
import { SyntheticTrace } from '../testing/synthetic-trace.ts';
import { temporaryFolder, writeSynthetic, writeTrace } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { queryTrace } from '../sql/query-sql.ts';
import { cpuUpdates, migrations } from './index.ts';

const file = temporaryFolder();

type Row = [kind: number, lwp: LwpId, object: number, cause: CauseId, oldValue: number, newValue: number];

/** A batch of rows 10 ns apart on two CPUs. */
function batchOf(rows: readonly Row[]): TransitionBatch {
  const batch = createBatch(Math.max(BATCH_ROWS, rows.length));
  for (let id = 0; id < 2; id++) batch.definitions.push({ table: 'cpu', id, name: '' });
  batch.definitions.push({ table: 'process', id: 0, pid: 1, name: 'p' });
  batch.definitions.push({ table: 'page', id: 0, process: 0, address: null, kind: PAGE_KIND.schedctl });
  rows.forEach(([kind, lwp, object, cause, oldValue, newValue], i) => {
    const { columns } = batch;
    columns.timeNs[i] = 10 * (i + 1);
    columns.kind[i] = kind;
    columns.cpu[i] = 0;
    columns.lwp[i] = lwp;
    columns.object[i] = object;
    columns.cause[i] = cause;
    columns.oldValue[i] = oldValue;
    columns.newValue[i] = newValue;
  });
  batch.length = rows.length;
  return batch;
}

function opened(name: string, rows: readonly Row[]): TraceDatabase {
  const path = file(name);
  writeTrace(path, [batchOf(rows)]);
  return TraceDatabase.open(path);
}

const allocate = (slot: SlotId): Row => [KIND.slot_allocated, 0, slot, CAUSE.schedctl_shared_alloc, 0, 1];
const free = (slot: SlotId): Row => [KIND.slot_allocated, 0, slot, CAUSE.schedctl_lwp_cleanup, 1, 0];
const zero = (slot: SlotId, old: number): Row => [KIND.sc_cpu, 0, slot, CAUSE.schedctl, old, 0];
const switchIn = (slot: SlotId, from: number, to: number): Row => [
  KIND.sc_cpu,
  0,
  slot,
  CAUSE.schedctl_restore,
  from,
  to,
];

describe('migrations', () => {
  it('are the stores into sc_cpu that change it', () => {
    const trace = opened('moves.sctrace', [
      allocate(0),
      switchIn(0, 0, 1),
      switchIn(0, 1, 1),
      switchIn(0, 1, 0),
      switchIn(0, 0, 1),
    ]);
    const found = migrations(trace, { startNs: 0, endNs: 1000 });
    expect(found.field).toBe('sc_cpu');
    expect([...found.counts]).toEqual([0, 1, 1, 0]);
    expect(found.stores).toBe(4);
    expect(found.nextSequence).toBeNull();
  });

  it('are found in the stores of rseq as well', () => {
    const update = (from: number, to: number): Row => [KIND.sc_cpu, 0, 0, CAUSE.rseq_update, from, to];
    const trace = opened('rseq.sctrace', [allocate(0), update(0, 1), update(1, 1), update(1, 0)]);
    const found = migrations(trace, { startNs: 0, endNs: 1000 });
    expect([...found.counts]).toEqual([0, 0, 1, 0]);
    expect(found.stores).toBe(3);
  });

  it('begin with the second store: a slot with which no LWP was switched in says 0, wherever its LWP ran', () => {
    const rows = [allocate(0), switchIn(0, 0, 1), free(0), allocate(0), zero(0, 1), switchIn(0, 0, 1)];
    const trace = opened('fresh.sctrace', rows);
    expect([...migrations(trace, { startNs: 0, endNs: 1000 }).counts]).toEqual([0, 0, 0, 0]);
    // From the middle, where the state before the time range must show that the slot is fresh.
    expect([...migrations(trace, { startNs: 60, endNs: 1000 }).counts]).toEqual([0, 0, 0, 0]);
    expect(migrations(trace, { startNs: 60, endNs: 1000 }).stores).toBe(1);
  });

  it('of a trace without schedctl data are changes of t_cpu, the first CPU aside', () => {
    const cpu = (from: number, to: number): Row => [KIND.t_cpu, 0, 0, CAUSE.sched_migrate_task, from, to];
    const found = migrations(opened('linux.sctrace', [cpu(-1, 0), cpu(0, 1), cpu(1, 0), cpu(0, 1)]), {
      startNs: 0,
      endNs: 1000,
    });
    expect(found.field).toBe('t_cpu');
    expect([...found.counts]).toEqual([0, 2, 1, 0]);
  });

  it('are counted piece by piece in a long time range, and add up to all of them', () => {
    const options = { events: 300_000, seed: 4, cpus: 3, lwps: 6 };
    const path = file('long.sctrace');
    writeSynthetic(path, options);
    const trace = TraceDatabase.open(path);
    const window = { startNs: 0, endNs: trace.durationNs };
    const sums = new Uint32Array(9);
    let pieces = 0;
    for (let next: number | null = 1; next !== null; pieces++) {
      const piece = migrations(trace, { ...window, fromSequence: next });
      piece.counts.forEach((count, i) => (sums[i] = sums[i]! + count));
      next = piece.nextSequence;
    }
    const expected = new Uint32Array(9);
    const seen = new Set<number>();
    for (const row of SyntheticTrace.rows(options)) {
      if (row.kind !== KIND.sc_cpu) continue;
      const at = 3 * row.oldValue + row.newValue;
      if (seen.has(row.object) && row.oldValue !== row.newValue) expected[at] = expected[at]! + 1;
      seen.add(row.object);
    }
    expect(pieces).toBe(2);
    expect([...sums]).toEqual([...expected]);
    trace.close();
  });
});

it('an update of sc_cpu, in the chart and in the view, is a store that says where an LWP was switched in', () => {
  const held: Row = [KIND.sc_cpu, 0, 0, CAUSE.cut, 0, 1];
  const updated: Row = [KIND.sc_cpu, 0, 0, CAUSE.rseq_update, 1, 0];
  const rows = [held, switchIn(0, 1, 1), free(0), allocate(0), zero(0, 1), switchIn(0, 0, 1), updated];
  const trace = opened('updates.sctrace', rows);
  const { rows: cpus, counts, buckets } = cpuUpdates(trace, { startNs: 0, endNs: 1000, pixels: 1 });
  const of = (cpu: CpuId): number =>
    counts.subarray(cpus.indexOf(cpu) * buckets).reduce((sum, n, i) => (i < buckets ? sum + n : sum), 0);
  expect([of(0), of(1)]).toEqual([1, 2]);
  const view = queryTrace(trace, 'SELECT time_ns, new_cpu FROM v_sc_cpu_update ORDER BY seq');
  expect([...view.rows]).toEqual([
    [20, 1],
    [60, 1],
    [70, 0],
  ]);
});
