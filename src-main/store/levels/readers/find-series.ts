/** Which series the trace has of which objects. What was looked up is kept with the open file. */
import type { TraceDatabase } from '../../read/trace-database.ts';
import { checkedRows } from '../../read/checked-rows.ts';

export interface FoundSeries {
  readonly id: number;
  /** Nodes of level 0, at least 1. */
  readonly nodes: number;
}

/** Series that are kept at most. */
const MOST_KEPT = 16_384;

const FIND =
  'SELECT object, series.id, nodes FROM json_each(?) AS asked CROSS JOIN series ON kind = ? AND object = asked.value';

/** The series of one object, null where the trace has none. */
export function findSeries(trace: TraceDatabase, kind: number, object: number): FoundSeries | null {
  return findAllSeries(trace, kind, [object])[0]!;
}

/**
 * The series of each object. One statement for all that are not known yet: calling SQLite costs more than the look-up.
 */
export function findAllSeries(
  trace: TraceDatabase,
  kind: number,
  objects: readonly number[],
): (FoundSeries | null)[] {
  const known = trace.cached(`series ${kind}`, () => new Map<number, FoundSeries | null>());
  const unknown = objects.filter((object) => !known.has(object));
  if (unknown.length > 0) {
    if (known.size + unknown.length > MOST_KEPT) known.clear();
    for (const object of objects) if (!known.has(object)) known.set(object, null);
    const rows = checkedRows(trace, FIND, ['integer', 'integer', 'integer'], JSON.stringify(objects), kind);
    for (const [object, id, nodes] of rows) if (nodes >= 1) known.set(object, { id, nodes });
  }
  return objects.map((object) => known.get(object) ?? null);
}
