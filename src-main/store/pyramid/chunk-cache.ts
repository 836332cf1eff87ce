/** Chunks as columns, the recently used ones kept with the open file. */
import { InvariantError } from '#shared/base/assert.ts';
import type { TraceDatabase } from '../trace-database.ts';
import type { Layout, NodeColumns } from './series.ts';

/** About 40 MB of chunks at most. */
const MOST_CHUNKS = 6000;

/**
 * The chunk with this id. Throws InvariantError where it is missing or has fewer than `nodes` nodes.
 */
export function readChunk<C extends NodeColumns>(
  trace: TraceDatabase,
  layout: Layout<C>,
  level: number,
  id: number,
  nodes: number,
): C {
  const cache = trace.cached('chunks', () => new Map<number, unknown>());
  const kept = cache.get(id) as C | undefined;
  if (kept !== undefined) return kept;
  const row = trace.prepare('SELECT data FROM chunk WHERE id = ?').get(id) as [Buffer] | undefined;
  if (row === undefined || !(row[0] instanceof Uint8Array))
    throw new InvariantError(`chunk ${id} is missing`);
  const { columns, length } = layout.decode(level, row[0]);
  if (length < nodes) throw new InvariantError(`chunk ${id} has ${length} nodes instead of ${nodes}`);
  if (cache.size >= MOST_CHUNKS) {
    // The oldest half goes; what is in use comes back at the next look.
    let drop = MOST_CHUNKS / 2;
    for (const key of cache.keys()) {
      if (drop-- <= 0) break;
      cache.delete(key);
    }
  }
  cache.set(id, columns);
  return columns;
}
