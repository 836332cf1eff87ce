/**
 * How long the aggregates of an area take, by hand: `node test/bench/aggregates.bench.ts [events ...]` (default 100000
 * 1000000). The area is as large as the trace; and of random size and place. Beside it: the same sums of time by state
 * in SQL, over the derived rows.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregates } from '#main/store/queries/index.ts';
import { queryTrace } from '#main/store/sql/query-sql.ts';
import { SyntheticTrace } from '#main/store/testing/synthetic-trace.ts';
import { TraceDatabase } from '#main/store/read/trace-database.ts';
import { TraceWriter } from '#main/store/write/trace-writer.ts';

const LWPS = 64;
const CPUS = 8;
const LOCKS = 8;
const TIMES = 20;
const SOURCE = {
  source: 'emulator',
  sourceDetail: 'bench',
  tickNs: null,
  clock: 'virtual',
  scenario: null,
};

const sizes = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'sctrace-bench-'));
try {
  for (const size of sizes.length > 0 ? sizes : [100_000, 1_000_000]) bench(size);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function bench(size: number): void {
  const path = join(folder, `${size}.sctrace`);
  const writer = new TraceWriter(path, SOURCE);
  for (const batch of new SyntheticTrace({ events: size, lwps: LWPS, cpus: CPUS, locks: LOCKS }).batches()) {
    writer.write(batch);
  }
  writer.finish({ incompleteReason: null });
  console.log(`\n${size.toLocaleString('en')} events, ${LWPS} LWPs, ${CPUS} CPUs, ${LOCKS} locks`);

  const first: number[] = [];
  let trace: TraceDatabase | null = null;
  for (let i = 0; i < 5; i++) {
    trace?.close();
    trace = TraceDatabase.open(path);
    first.push(whole(trace));
  }
  const open = trace!;
  const { durationNs } = open;
  row('whole trace, file just opened', first);
  row(
    'whole trace again',
    times(() => whole(open)),
  );
  row(
    'an area of random size and place',
    times(() => {
      const widthNs = durationNs * 10 ** (-4 * Math.random());
      const startNs = Math.random() * (durationNs - widthNs);
      return time(() => aggregates(open, { startNs, endNs: startNs + widthNs }));
    }),
  );
  const sql = 'SELECT lwp, state, sum(end_ns - start_ns), count(*) FROM lwp_state GROUP BY lwp, state';
  row('time by thread and state in SQL', [time(() => [...queryTrace(open, sql).rows])]);
  const [[bytes]] = [...queryTrace(open, 'SELECT sum(length(data)) FROM lane_sum').rows] as [[number]];
  console.log(
    `  stored sums: ${(bytes / size).toFixed(2)} bytes an event of ${(statSync(path).size / size).toFixed(1)}`,
  );
  open.close();
  rmSync(path);
}

function whole(trace: TraceDatabase): number {
  return time(() => aggregates(trace, { startNs: 0, endNs: trace.durationNs }));
}

function times(run: () => number): number[] {
  return Array.from({ length: TIMES }, run);
}

function time(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function row(what: string, taken: number[]): void {
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (part: number): string => sorted[Math.floor((sorted.length - 1) * part)]!.toFixed(1);
  console.log(`  ${what.padEnd(34)} median ${at(0.5)} ms, most ${at(1)} ms`);
}
