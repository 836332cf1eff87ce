/**
 * A window of rows out of any number of them: what is loaded around one row, growing at either end as the
 * reader gets there, dropping what is far away. Works alike with and without a filter, because the
 * number of rows need not be known.
 */
import type { EventFilter, WorkbenchClient } from '#shared/api/contract.ts';
import { eventRow, type EventRow } from '../../trace-data/decode/event-row.ts';

/** Rows asked for at a time. */
export const PAGE_ROWS = 400;
/** Rows kept; several screens, a few hundred kilobytes. */
export const MOST_ROWS = 4_000;

export interface EventWindow {
  readonly rows: readonly EventRow[];
  /** Whether the first loaded row is the first of all. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

export const EMPTY_WINDOW: EventWindow = { rows: [], atStart: true, atEnd: true };

export interface EventSource {
  readonly client: Pick<WorkbenchClient, 'request'>;
  readonly traceId: string;
  readonly filter: EventFilter;
  /** Words that have to occur in the names of a row's kind, cause, thread or process; '' for any row. */
  readonly text: string;
}

/** The window around the row `sequence`, which need not pass the filter. */
export async function loadAround(source: EventSource, sequence: number): Promise<EventWindow> {
  const at = Math.max(1, sequence);
  const rows = await fetchRows(source, at, PAGE_ROWS, PAGE_ROWS);
  const before = countBelow(rows, at);
  return { rows, atStart: before < PAGE_ROWS, atEnd: rows.length - before < PAGE_ROWS };
}

/** The window with more rows before its first; `added` of them. Rows far behind are dropped. */
export async function growBefore(
  source: EventSource,
  window: EventWindow,
): Promise<{ readonly window: EventWindow; readonly added: number }> {
  const first = window.rows[0];
  if (first === undefined || window.atStart) return { window, added: 0 };
  const fetched = await fetchRows(source, first.sequence, PAGE_ROWS, 0);
  const more = fetched.slice(0, countBelow(fetched, first.sequence));
  const rows = [...more, ...window.rows];
  return {
    window: {
      rows: rows.slice(0, MOST_ROWS),
      atStart: more.length < PAGE_ROWS,
      atEnd: window.atEnd && rows.length <= MOST_ROWS,
    },
    added: more.length,
  };
}

/** The window with more rows behind its last. Rows far before are dropped: `dropped` of them. */
export async function growAfter(
  source: EventSource,
  window: EventWindow,
): Promise<{ readonly window: EventWindow; readonly dropped: number }> {
  const last = window.rows.at(-1);
  if (last === undefined || window.atEnd) return { window, dropped: 0 };
  const fetched = await fetchRows(source, last.sequence + 1, 0, PAGE_ROWS);
  const more = fetched.slice(countBelow(fetched, last.sequence + 1));
  const rows = [...window.rows, ...more];
  const dropped = Math.max(0, rows.length - MOST_ROWS);
  return {
    window: {
      rows: rows.slice(dropped),
      atStart: window.atStart && dropped === 0,
      atEnd: more.length < PAGE_ROWS,
    },
    dropped,
  };
}

/** Index of the last row that has happened at `sequence`; -1 where that is before all loaded rows. */
export function indexAt(window: EventWindow, sequence: number): number {
  return countBelow(window.rows, sequence + 1) - 1;
}

/** Whether the row that belongs to `sequence` is loaded, or would be the very first or last of all. */
export function covers(window: EventWindow, sequence: number): boolean {
  const first = window.rows[0];
  const last = window.rows.at(-1);
  if (first === undefined || last === undefined) return window.atStart && window.atEnd;
  return (
    (sequence >= first.sequence || window.atStart) &&
    (sequence < last.sequence || window.atEnd || sequence === last.sequence)
  );
}

/** Rows with a sequence below `sequence`; rows are in order, so by halving. */
function countBelow(rows: readonly EventRow[], sequence: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.sequence < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function fetchRows(
  { client, traceId, filter, text }: EventSource,
  sequence: number,
  before: number,
  after: number,
): Promise<EventRow[]> {
  if (text !== '') {
    const find = async (direction: 'next' | 'previous', fromSequence: number, limit: number) => {
      if (limit === 0) return [];
      const found = await client.request('trace.findEvents', {
        traceId,
        text,
        fromSequence,
        direction,
        limit,
        filter,
      });
      return Array.from(found.sequence, (_, index) => eventRow(found, index));
    };
    // Both search beyond the row they start from: the nearest comes first.
    const earlier = await find('previous', sequence, before);
    const later = await find('next', sequence - 1, after);
    return [...earlier.reverse(), ...later];
  }
  const columns = await client.request('trace.events', { traceId, sequence, before, after, filter });
  return Array.from(columns.sequence, (_, index) => eventRow(columns, index));
}
