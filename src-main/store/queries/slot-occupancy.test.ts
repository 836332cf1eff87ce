/** Slots in use, and whose pages they are on. */
import { expect, test } from 'vitest';
import type { Ns, ProcessId } from '#shared/base/brands.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { PAGE_KIND } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { temporaryFolder, writeTrace } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { slotOccupancy } from './slot-occupancy.ts';

const file = temporaryFolder();

test('a page that has the number of one that is gone belongs to its own process, and the earlier one to its own', () => {
  const path = file('reused.sctrace');
  const probe = new TransitionProbe();
  for (const id of [0, 1]) probe.define({ table: 'process', id, pid: 100 + id, name: `process ${id}` });
  /** A page of the process, with one slot in use for 5 ns. */
  const life = (timeNs: Ns, process: ProcessId): void => {
    const row = (at: number, kind: number, from: number, to: number): void =>
      probe.at(at, -1, -1, CAUSE.schedctl).assign(kind, 0, from, to);
    probe.define({ table: 'page', id: 0, kind: PAGE_KIND.schedctl, process, address: 4096 });
    row(timeNs, KIND.page_process, -1, process);
    row(timeNs, KIND.slot_allocated, 0, 1);
    row(timeNs + 5, KIND.slot_allocated, 1, 0);
    row(timeNs + 5, KIND.page_process, process, -1);
  };
  life(10, 0);
  life(20, 1);
  life(40, 0);
  writeTrace(path, [probe.takeLast()]);
  const trace = TraceDatabase.open(path);
  const found = slotOccupancy(trace, { startNs: 0, endNs: 100, pixels: 1000 });
  expect([...found.timeNs].map((timeNs, row) => [timeNs, found.used[row], found.process[row]])).toEqual([
    [10, 1, 0],
    [15, 0, 0],
    [20, 1, 1],
    [25, 0, 1],
    [40, 1, 0],
    [45, 0, 0],
  ]);
  trace.close();
});
