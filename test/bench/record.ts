/**
 * `node record.ts EVENTS FILE`: records the workload, emulator to closed file, as the program does; then inserts the
 * same rows barely, into an otherwise empty file with the same settings, 64 at a time. Prints a RecordFigures as JSON.
 */
import { rmSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { Emulator } from '../../src-main/emulator/engine/emulator.ts';
import { recordTrace } from '../../src-main/recorder/record-trace.ts';
import { parseScenario } from '../../src-main/scenario/parse-scenario.ts';
import { columnNames, createTableSql, PAGE_SIZE } from '../../src-main/store/format/schema.ts';
import { scenarioOf } from './workload.ts';

export interface RecordFigures {
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly bareRowsPerSecond: number;
  /** The same with the values handed over as arguments instead of in an array. */
  readonly bareByArgumentsPerSecond: number;
  readonly bytesPerEvent: number;
}

/** Rows that are inserted barely: enough for a rate, few enough to be kept in memory. */
const BARE_ROWS = 2_000_000;
const ROWS_AT_ONCE = 64;
const COLUMNS = columnNames('event').slice(1);

const [, , size, path] = process.argv as [string, string, string, string];
const text = scenarioOf(Number(size));

const start = performance.now();
const recorded = await recordTrace({ producer: { kind: 'scenario', text, fileName: 'bench.yaml' }, path });
const seconds = (performance.now() - start) / 1000;

const batches = emulate(Math.min(BARE_ROWS, recorded.events));
const figures: RecordFigures = {
  events: recorded.events,
  eventsPerSecond: recorded.events / seconds,
  bareRowsPerSecond: bareRate(`${path}.bare`, batches, false),
  bareByArgumentsPerSecond: bareRate(`${path}.bare`, batches, true),
  bytesPerEvent: statSync(path).size / recorded.events,
};
console.log(JSON.stringify(figures));

/** The first rows of the workload, in memory. */
function emulate(rows: number): TransitionBatch[] {
  const probe = new TransitionProbe();
  const emulator = new Emulator(parseScenario(text, 'bench.yaml'), { probe });
  const made: TransitionBatch[] = [];
  for (let done = false; !done && probe.total < rows;) {
    done = emulator.advance() === 'done';
    for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) made.push(batch);
  }
  return [...made, probe.takeLast()];
}

function bareRate(path: string, batches: readonly TransitionBatch[], byArguments: boolean): number {
  const db = new Database(path);
  db.pragma(`page_size = ${PAGE_SIZE}`);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.exec(createTableSql('event'));
  const row = `(${COLUMNS.map(() => '?').join(',')})`;
  const insert = db.prepare(
    `INSERT INTO event (${COLUMNS.join(',')}) VALUES ${Array<string>(ROWS_AT_ONCE).fill(row).join(',')}`,
  );
  const params = new Array<number>(ROWS_AT_ONCE * COLUMNS.length).fill(0);
  let at = 0;
  let rows = 0;
  const start = performance.now();
  db.exec('BEGIN');
  for (const { columns, length } of batches) {
    const { timeNs, kind, cpu, lwp, object, cause, oldValue, newValue } = columns;
    for (let i = 0; i < length; i++) {
      params[at++] = timeNs[i]!;
      params[at++] = kind[i]!;
      params[at++] = cpu[i]!;
      params[at++] = lwp[i]!;
      params[at++] = object[i]!;
      params[at++] = cause[i]!;
      params[at++] = oldValue[i]!;
      params[at++] = newValue[i]!;
      if (at < params.length) continue;
      if (byArguments) insert.run(...params);
      else insert.run(params);
      at = 0;
      rows += ROWS_AT_ONCE;
    }
  }
  db.exec('COMMIT');
  db.pragma('wal_checkpoint(TRUNCATE)');
  const seconds = (performance.now() - start) / 1000;
  db.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  return rows / seconds;
}
