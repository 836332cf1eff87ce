/** Unchanged rows of the event table, for iterating over a range of them. */
import { InvariantError } from '#shared/base/assert.ts';
import type { IndexIntoBatch, Seq } from '#shared/base/brands.ts';
import { KIND_COUNT, KIND_SPECS, type Subject } from '#shared/model/kinds.ts';
import { MAX_SUBJECT_ID, type SubjectLimits } from '#shared/model/machine-state.ts';
import type { TransitionColumns } from '#shared/model/transition-batch.ts';
import type { EventRow } from './event-search.ts';
import type { TraceDatabase } from './trace-database.ts';

export const EVENT_ROWS_SQL =
  'SELECT seq, time_ns, kind, cpu, lwp, object, cause, old, new FROM event WHERE seq BETWEEN ? AND ? ORDER BY seq';

/** In the order of {@link EventRow}; the values are the 32 bits that a batch of transitions has for them. */
const COLUMNS = ['sequence', 'time', 'kind', 'CPU', 'LWP', 'object', 'cause', 'old value', 'new value'];
const FIRST_VALUE = 2;
/** Where a row has the id of what its kind is a field of: see kinds.ts. */
const idColumnOf = (subject: Subject): number => (subject === 'cpu' ? 3 : subject === 'lwp' ? 4 : 5);

/**
 * A row of {@link EVENT_ROWS_SQL}. Throws InvariantError for one that no trace can contain: a damaged file may hold
 * NULL, text and any number anywhere, and columns are indexed by these.
 *
 * @param limits of the file
 */
export function checkedEventRow(read: unknown, limits: SubjectLimits): EventRow {
  if (!isEventRow(read)) throw new InvariantError('rows of the event table are not arrays');
  const row = read;
  for (let at = 0; at < row.length; at++) {
    const value = row[at]!;
    const isFine = at < FIRST_VALUE ? Number.isSafeInteger(value) : (value | 0) === value;
    if (!isFine) throw impossible(row, at);
  }
  if (row[2] < 0 || row[2] >= KIND_COUNT) throw new InvariantError(`no such transition kind: ${row[2]}`);
  if (row[3] < -1 || row[3] >= limits.cpu!) throw impossible(row, 3, 'id ');
  if (row[4] < -1 || row[4] >= limits.lwp!) throw impossible(row, 4, 'id ');
  if (row[6] < 0 || row[6] > 0xffff) throw impossible(row, 6);
  const { subject, note } = KIND_SPECS[row[2]]!;
  const at = idColumnOf(subject);
  const id = row[at]!;
  // Whoever applies the row indexes by it; a note changes nothing.
  if (note !== true && (id < 0 || id >= (limits[subject] ?? MAX_SUBJECT_ID)))
    throw impossible(row, at, 'id ');
  return row;
}

const isEventRow = (row: unknown): row is EventRow => Array.isArray(row) && row.length === COLUMNS.length;

/** Puts a row, which has been checked, into a batch. */
export function putEventRow(columns: TransitionColumns, at: IndexIntoBatch, row: EventRow): void {
  const [, timeNs, kind, cpu, lwp, object, cause, oldValue, newValue] = row;
  columns.timeNs[at] = timeNs;
  columns.kind[at] = kind;
  columns.cpu[at] = cpu;
  columns.lwp[at] = lwp;
  columns.object[at] = object;
  columns.cause[at] = cause;
  columns.oldValue[at] = oldValue;
  columns.newValue[at] = newValue;
}

function impossible(row: EventRow, at: number, what = ''): InvariantError {
  const sequence = String(row[0]);
  return new InvariantError(
    `impossible ${what}${String(row[at])} as ${COLUMNS[at]!} of the transition ${sequence}`,
  );
}

/** Rows `first` to `last`, both included. Throws WorkbenchError corrupt-trace where one is missing. */
export function eventRows(trace: TraceDatabase, first: Seq, last: Seq): EventRow[] {
  return trace.guard(() => {
    const rows = trace.prepare(EVENT_ROWS_SQL).all(first, last);
    if (rows.length !== last - first + 1) throw new InvariantError(`events ${first} to ${last} have gaps`);
    const limits = trace.subjectLimits;
    return rows.map((row) => checkedEventRow(row, limits));
  });
}
