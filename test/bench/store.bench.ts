/**
 * How fast the trace store is, by hand: `node test/bench/store.bench.ts [events ...]` (default 1000000).
 *
 * Ratios are taken within one run, as machines differ: the recorder against bare 64-row inserts of the same
 * rows into an otherwise empty file with the same settings.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { events, lanes, stateAt, step, summary } from '#main/store/queries/index.ts';
import { MultiRowInsert } from '#main/store/multi-row-insert.ts';
import { columnNames, createTableSql, PAGE_SIZE } from '#main/store/schema.ts';
import { SyntheticTrace } from '#main/store/testing/synthetic-trace.ts';
import { TraceDatabase } from '#main/store/trace-database.ts';
import { TraceWriter } from '#main/store/trace-writer.ts';
import { verifyTrace } from '#main/store/verify.ts';

const LWPS = 64;
const CPUS = 8;
const PIXELS = 1600;

const sizes = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'sctrace-bench-'));
try {
  for (const size of sizes.length > 0 ? sizes : [1_000_000]) bench(size);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function bench(size: number): void {
  console.log(`\n${size.toLocaleString('en')} events, ${LWPS} LWPs, ${CPUS} CPUs`);
  const make = (): Iterable<TransitionBatch> =>
    new SyntheticTrace({ events: size, lwps: LWPS, cpus: CPUS, locks: 8 }).batches();
  // The generator's own time is taken off: it stands in for a producer on another core.
  const generatedMs = time(() => {
    for (const batch of make()) if (batch.length < 0) throw new Error();
  });

  const bareMs = time(() => bareInserts(join(folder, 'bare.db'), make())) - generatedMs;
  const path = join(folder, `${size}.sctrace`);
  const recordMs =
    time(() => {
      const writer = new TraceWriter(path, {
        source: 'emulator',
        sourceDetail: 'bench',
        tickNs: null,
        clock: 'virtual',
        scenario: null,
      });
      for (const batch of make()) writer.write(batch);
      writer.finish({ incompleteReason: null });
    }) - generatedMs;
  const rate = (ms: number): string => `${Math.round(size / ms).toLocaleString('en')} k rows/s`;
  row('bare 64-row inserts', rate(bareMs));
  row('recorded', `${rate(recordMs)}, ${(bareMs / recordMs).toFixed(2)} of bare`);
  row('file', `${(statSync(path).size / size).toFixed(1)} bytes an event`);

  let trace: TraceDatabase | null = null;
  row(
    'open, summary, first window',
    percentiles(20, () => {
      trace?.close();
      trace = TraceDatabase.open(path);
      const about = summary(trace, { traceId: 'bench' });
      window(trace, 0, about.durationNs);
    }),
  );
  const open = trace!;
  const durationNs = open.durationNs;
  const random = seeded(1);
  row(
    'window at any zoom',
    percentiles(200, () => {
      const width = durationNs * 10 ** (-5 * random());
      window(open, random() * (durationNs - width), width);
    }),
  );
  row(
    'state at a time',
    percentiles(200, () => stateAt(open, { timeNs: random() * durationNs })),
  );
  row(
    'event page',
    percentiles(200, () => events(open, { timeNs: random() * durationNs, before: 50, after: 50 })),
  );
  row(
    'next decision',
    percentiles(200, () =>
      step(open, { fromSequence: Math.floor(random() * size), direction: 'next', what: 'decision' }),
    ),
  );
  open.close();
  row('memory', `${Math.round(process.memoryUsage().rss / 1e6)} MB (the generator's included)`);
  row('verify', `${(time(() => verifyTrace(path)) / 1000).toFixed(1)} s`);
  rmSync(path);
}

function window(trace: TraceDatabase, startNs: number, widthNs: number): void {
  const all = Array.from({ length: LWPS }, (_, id) => ({ kind: 'lwp' as const, id }));
  lanes(trace, { startNs, endNs: startNs + widthNs, pixels: PIXELS, lanes: all });
}

function bareInserts(path: string, batches: Iterable<TransitionBatch>): void {
  const db = new Database(path);
  db.pragma(`page_size = ${PAGE_SIZE}`);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(createTableSql('event'));
  const insert = new MultiRowInsert(db, 'event', columnNames('event').slice(1));
  db.exec('BEGIN');
  for (const { columns, length } of batches) {
    insert.writeColumns(Object.values(columns), length);
  }
  insert.flush();
  db.exec('COMMIT');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  rmSync(path);
}

function time(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

function percentiles(times: number, run: () => void): string {
  const taken = Array.from({ length: times }, () => time(run)).sort((a, b) => a - b);
  const at = (part: number): string => taken[Math.min(times - 1, Math.floor(times * part))]!.toFixed(2);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`;
}

function row(what: string, figure: string): void {
  console.log(`  ${what.padEnd(28)} ${figure}`);
}

function seeded(seed: number): () => number {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1664525) + 1013904223) | 0;
    return (x >>> 0) / 2 ** 32;
  };
}
