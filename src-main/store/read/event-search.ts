/**
 * Searching the event table with a filter, in both directions, without scanning it: `event_block` says
 * which runs of rows can contain anything that is wanted, the others are skipped.
 */
import type { CauseId, CpuId, KindId, LwpId, Ns, Seq } from '#shared/base/brands.ts';
import { InvariantError } from '#shared/base/assert.ts';
import type { EventColumns, EventFilter } from '#shared/api/contract.ts';
import { checkedRows } from './checked-rows.ts';
import { EVENT_BLOCK_ROWS } from '../format/schema.ts';
import type { TraceDatabase } from './trace-database.ts';

/** A row as it is read: seq, time_ns, kind, cpu, lwp, object, cause, old, new. */
export type EventRow = [
  sequence: Seq,
  timeNs: Ns,
  kind: KindId,
  cpu: CpuId,
  lwp: LwpId,
  object: number,
  cause: CauseId,
  oldValue: number,
  newValue: number,
];

/** The types of its columns. */
export const EVENT_TYPES = [
  'integer',
  'integer',
  'integer',
  'integer',
  'integer',
  'integer',
  'integer',
  'integer',
  'integer',
] as const;

export type Direction = 'next' | 'previous';

/** A row matches where one of these is its own. */
export interface EventTerm {
  readonly kinds: ReadonlySet<number>;
  readonly causes: ReadonlySet<number>;
  readonly lwps: ReadonlySet<LwpId>;
}

/** What is wanted; `switchedLwp`: rows of cpu_dispthread that switch to or from this LWP. */
export interface EventQuery extends EventFilter {
  /** Each of them must match. */
  readonly terms?: readonly EventTerm[];
  readonly switchedLwp?: LwpId | undefined;
}

const COLUMNS = 'seq, time_ns, kind, cpu, lwp, object, cause, old, new';
const WANTED = `(? IS NULL OR kind IN (SELECT value FROM json_each(?)))
  AND (? IS NULL OR lwp IN (SELECT value FROM json_each(?)))
  AND (? IS NULL OR cpu IN (SELECT value FROM json_each(?)))
  AND (? IS NULL OR cause IN (SELECT value FROM json_each(?)))
  AND (? IS NULL OR object IN (SELECT value FROM json_each(?)))
  AND (? IS NULL OR old = ? OR new = ?)`;

/** The statements, for the test that looks at their plans. */
export const EVENT_SEARCH_SQL = {
  plainNext: `SELECT ${COLUMNS} FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq LIMIT ?`,
  plainPrevious: `SELECT ${COLUMNS} FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?`,
  filteredNext: `SELECT ${COLUMNS} FROM event WHERE seq BETWEEN ? AND ? AND ${WANTED} ORDER BY seq LIMIT ?`,
  filteredPrevious: `SELECT ${COLUMNS} FROM event WHERE seq BETWEEN ? AND ? AND ${WANTED} ORDER BY seq DESC LIMIT ?`,
  blocks: 'SELECT block, kinds, causes, cpus, lwps, objects FROM event_block ORDER BY block',
  bySequence: `SELECT ${COLUMNS} FROM event WHERE seq = ?`,
} as const;

/**
 * Up to `limit` rows that match, from the row `sequence` on (`next`: it and later ones; `previous`: it and
 * earlier ones), in the direction of the search.
 */
export function searchEvents(
  trace: TraceDatabase,
  sequence: Seq,
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
      ? checkedRows(trace, EVENT_SEARCH_SQL.plainNext, EVENT_TYPES, from, last, limit)
      : checkedRows(trace, EVENT_SEARCH_SQL.plainPrevious, EVENT_TYPES, 1, from, limit);
  }
  const search = next ? EVENT_SEARCH_SQL.filteredNext : EVENT_SEARCH_SQL.filteredPrevious;
  const list = (values: readonly number[] | undefined): string | null =>
    values === undefined ? null : JSON.stringify(values);
  const kinds = list(query.kinds);
  const lwps = list(query.lwps);
  const cpus = list(query.cpus);
  const lwp = query.switchedLwp ?? null;
  const causes = list(query.causes);
  const objects = list(query.objects);
  const wanted = [kinds, kinds, lwps, lwps, cpus, cpus, causes, causes, objects, objects, lwp, lwp, lwp];
  const terms = query.terms ?? [];
  const found: EventRow[] = [];
  for (const block of candidateBlocks(trace, blockOf(from), direction, query)) {
    const first = block * EVENT_BLOCK_ROWS + 1;
    const low = next ? Math.max(from, first) : first;
    const high = next ? first + EVENT_BLOCK_ROWS - 1 : Math.min(from, first + EVENT_BLOCK_ROWS - 1);
    const most = terms.length > 0 ? EVENT_BLOCK_ROWS : limit - found.length;
    const rows = checkedRows(trace, search, EVENT_TYPES, low, Math.min(high, last), ...wanted, most);
    for (const row of rows) {
      if (found.length < limit && terms.every((term) => isMatch(row, term))) found.push(row);
    }
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

const blockOf = (sequence: Seq): number => Math.floor((sequence - 1) / EVENT_BLOCK_ROWS);

function isUnrestricted(query: EventQuery): boolean {
  return (
    query.kinds === undefined &&
    query.lwps === undefined &&
    query.cpus === undefined &&
    query.causes === undefined &&
    query.objects === undefined &&
    query.terms === undefined &&
    query.switchedLwp === undefined
  );
}

/** What occurs in each block, unpacked once for each open file. */
interface BlockMap {
  /** Blocks that there are, in order: a damaged file may have any. */
  readonly blocks: readonly number[];
  readonly kinds: readonly Uint8Array[];
  readonly causes: readonly Uint8Array[];
  readonly cpus: readonly Int16Array[];
  readonly lwps: readonly Int32Array[];
  readonly objects: readonly Int32Array[];
}

function blockMap(trace: TraceDatabase): BlockMap {
  return trace.cached('eventBlocks', () => {
    const map = {
      blocks: [] as number[],
      kinds: [] as Uint8Array[],
      causes: [] as Uint8Array[],
      cpus: [] as Int16Array[],
      lwps: [] as Int32Array[],
      objects: [] as Int32Array[],
    };
    const rows = checkedRows(trace, EVENT_SEARCH_SQL.blocks, [
      'integer',
      'bytes',
      'bytes',
      'bytes',
      'bytes',
      'bytes',
    ]);
    for (const [block, kinds, causes, cpus, lwps, objects] of rows) {
      map.blocks.push(block);
      map.kinds.push(kinds);
      map.causes.push(causes);
      map.cpus.push(integers(cpus, Int16Array));
      map.lwps.push(integers(lwps, Int32Array));
      map.objects.push(integers(objects, Int32Array));
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
  const objects = query.objects === undefined ? null : new Set(query.objects);
  const first =
    direction === 'next'
      ? map.blocks.findIndex((block) => block >= from)
      : map.blocks.findLastIndex((block) => block <= from);
  for (let at = first; at >= 0 && at < map.blocks.length; at += step) {
    const bits = map.kinds[at]!;
    if (kinds !== undefined && !kinds.some((kind) => hasBit(bits, kind))) continue;
    if (query.causes?.some((cause) => hasBit(map.causes[at]!, cause)) === false) continue;
    if (cpus !== null && !map.cpus[at]!.some((cpu) => cpus.has(cpu))) continue;
    if (lwps !== null && !map.lwps[at]!.some((lwp) => lwps.has(lwp))) continue;
    if (objects !== null && !map.objects[at]!.some((object) => objects.has(object))) continue;
    if (query.terms?.every((term) => canMatch(map, at, term)) === false) continue;
    if (query.switchedLwp !== undefined && !map.lwps[at]!.includes(query.switchedLwp)) continue;
    yield map.blocks[at]!;
  }
}

const hasBit = (bits: Uint8Array, bit: number): boolean => ((bits[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0;

const isMatch = (row: EventRow, { kinds, causes, lwps }: EventTerm): boolean =>
  kinds.has(row[2]) || lwps.has(row[4]) || causes.has(row[6]);

/** Whether a block has anything that a term names. */
function canMatch(map: BlockMap, at: number, { kinds, causes, lwps }: EventTerm): boolean {
  for (const kind of kinds) if (hasBit(map.kinds[at]!, kind)) return true;
  for (const cause of causes) if (hasBit(map.causes[at]!, cause)) return true;
  return map.lwps[at]!.some((lwp) => lwps.has(lwp));
}

function integers<T extends Int16Array | Int32Array>(
  bytes: Uint8Array,
  type: { new (buffer: ArrayBuffer): T; readonly BYTES_PER_ELEMENT: number },
): T {
  if (bytes.byteLength % type.BYTES_PER_ELEMENT !== 0)
    throw new InvariantError('an event block is cut short');
  return new type(bytes.slice().buffer);
}
