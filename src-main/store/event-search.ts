/**
 * Searching the event table with a filter, in both directions, without scanning it: `event_block` says
 * which runs of rows can contain anything that is wanted, the others are skipped.
 */
import type { EventColumns, EventFilter } from '#shared/api/contract.ts';
import { EVENT_BLOCK_ROWS } from './schema.ts';
import type { TraceDatabase } from './trace-database.ts';

/** A row as it is read: seq, time_ns, kind, cpu, lwp, object, cause, old, new. */
export type EventRow = [number, number, number, number, number, number, number, number, number];

export type Direction = 'next' | 'previous';

/** What is wanted; `switchedLwp`: rows of cpu_dispthread that switch to or from this LWP. */
export interface EventQuery extends EventFilter {
  readonly switchedLwp?: number | undefined;
}

const COLUMNS = 'seq, time_ns, kind, cpu, lwp, object, cause, old, new';
const WANTED = `(? IS NULL OR kind IN (SELECT value FROM json_each(?)))
  AND (? IS NULL OR lwp IN (SELECT value FROM json_each(?)))
  AND (? IS NULL OR cpu IN (SELECT value FROM json_each(?)))
  AND (? IS NULL OR old = ? OR new = ?)`;

/** The statements, for the test that looks at their plans. */
export const EVENT_SEARCH_SQL = {
  plainNext: `SELECT ${COLUMNS} FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?`,
  plainPrevious: `SELECT ${COLUMNS} FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?`,
  filteredNext: `SELECT ${COLUMNS} FROM event WHERE seq BETWEEN ? AND ? AND ${WANTED} ORDER BY seq LIMIT ?`,
  filteredPrevious: `SELECT ${COLUMNS} FROM event WHERE seq BETWEEN ? AND ? AND ${WANTED} ORDER BY seq DESC LIMIT ?`,
  blocks: 'SELECT block, kinds, cpus, lwps FROM event_block ORDER BY block',
  bySequence: `SELECT ${COLUMNS} FROM event WHERE seq = ?`,
} as const;

/**
 * Up to `limit` rows that match, from the row `sequence` on (`next`: it and later ones; `previous`: it and
 * earlier ones), in the direction of the search.
 */
export function searchEvents(
  trace: TraceDatabase,
  sequence: number,
  direction: Direction,
  limit: number,
  query: EventQuery | undefined,
): EventRow[] {
  const last = trace.events;
  if (limit <= 0 || last === 0) return [];
  const next = direction === 'next';
  const from = next ? Math.max(1, sequence) : Math.min(last, sequence);
  if (from < 1 || from > last) return [];
  if (query === undefined || isUnrestricted(query)) {
    return next
      ? (trace.prepare(EVENT_SEARCH_SQL.plainNext).all(from, last, limit) as EventRow[])
      : (trace.prepare(EVENT_SEARCH_SQL.plainPrevious).all(1, from, limit) as EventRow[]);
  }
  const search = trace.prepare(next ? EVENT_SEARCH_SQL.filteredNext : EVENT_SEARCH_SQL.filteredPrevious);
  const list = (values: readonly number[] | undefined): string | null =>
    values === undefined ? null : JSON.stringify(values);
  const kinds = list(query.kinds);
  const lwps = list(query.lwps);
  const cpus = list(query.cpus);
  const lwp = query.switchedLwp ?? null;
  const wanted = [kinds, kinds, lwps, lwps, cpus, cpus, lwp, lwp, lwp];
  const found: EventRow[] = [];
  for (const block of candidateBlocks(trace, blockOf(from), direction, query)) {
    const first = block * EVENT_BLOCK_ROWS + 1;
    const low = next ? Math.max(from, first) : first;
    const high = next ? first + EVENT_BLOCK_ROWS - 1 : Math.min(from, first + EVENT_BLOCK_ROWS - 1);
    found.push(...(search.all(low, Math.min(high, last), ...wanted, limit - found.length) as EventRow[]));
    if (found.length >= limit) break;
  }
  return found;
}

/** The rows as columns, in the order given. */
export function eventColumns(rows: readonly EventRow[]): EventColumns {
  const n = rows.length;
  const columns = {
    sequence: new Float64Array(n),
    timeNs: new Float64Array(n),
    kind: new Uint16Array(n),
    cpu: new Int16Array(n),
    lwp: new Int32Array(n),
    object: new Int32Array(n),
    cause: new Uint16Array(n),
    oldValue: new Int32Array(n),
    newValue: new Int32Array(n),
  };
  rows.forEach((row, i) => {
    columns.sequence[i] = row[0];
    columns.timeNs[i] = row[1];
    columns.kind[i] = row[2];
    columns.cpu[i] = row[3];
    columns.lwp[i] = row[4];
    columns.object[i] = row[5];
    columns.cause[i] = row[6];
    columns.oldValue[i] = row[7];
    columns.newValue[i] = row[8];
  });
  return columns;
}

const blockOf = (sequence: number): number => Math.floor((sequence - 1) / EVENT_BLOCK_ROWS);

function isUnrestricted(query: EventQuery): boolean {
  return (
    query.kinds === undefined &&
    query.lwps === undefined &&
    query.cpus === undefined &&
    query.switchedLwp === undefined
  );
}

/** What occurs in each block, unpacked once for each open file. */
interface BlockMap {
  readonly kinds: readonly Uint8Array[];
  readonly cpus: readonly Int16Array[];
  readonly lwps: readonly Int32Array[];
}

function blockMap(trace: TraceDatabase): BlockMap {
  return trace.cached('eventBlocks', () => {
    const map = { kinds: [] as Uint8Array[], cpus: [] as Int16Array[], lwps: [] as Int32Array[] };
    const rows = trace.prepare(EVENT_SEARCH_SQL.blocks).iterate() as Iterable<
      [number, Uint8Array, Uint8Array, Uint8Array]
    >;
    for (const [block, kinds, cpus, lwps] of rows) {
      map.kinds[block] = kinds;
      map.cpus[block] = new Int16Array(cpus.slice().buffer);
      map.lwps[block] = new Int32Array(lwps.slice().buffer);
    }
    return map;
  });
}

function* candidateBlocks(
  trace: TraceDatabase,
  from: number,
  direction: Direction,
  query: EventQuery,
): Iterable<number> {
  const map = blockMap(trace);
  const step = direction === 'next' ? 1 : -1;
  const kinds = query.kinds;
  const cpus = query.cpus === undefined ? null : new Set(query.cpus);
  const lwps = query.lwps === undefined ? null : new Set(query.lwps);
  for (let block = from; block >= 0 && block < map.kinds.length; block += step) {
    const bits = map.kinds[block];
    if (bits === undefined) continue;
    if (kinds !== undefined && !kinds.some((kind) => ((bits[kind >> 3] ?? 0) & (1 << (kind & 7))) !== 0)) {
      continue;
    }
    if (cpus !== null && !map.cpus[block]!.some((cpu) => cpus.has(cpu))) continue;
    if (lwps !== null && !map.lwps[block]!.some((lwp) => lwps.has(lwp))) continue;
    if (query.switchedLwp !== undefined && !map.lwps[block]!.includes(query.switchedLwp)) continue;
    yield block;
  }
}
