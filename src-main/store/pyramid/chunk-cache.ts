/** Chunks unpacked, the recently used ones kept with the open file. */
import { InvariantError } from '#shared/base/assert.ts';
import type { TraceDatabase } from '../trace-database.ts';

/** What the kept chunks of an open file may take. */
const MOST_BYTES = 24 * 2 ** 20;
/** What a column takes beside its values. */
const COLUMN_BYTES = 160;

/** How the bytes of a chunk are read. */
export interface ChunkFormat<C> {
  /** 0; 1 for a second way to read the chunks of another format. */
  readonly variant: 0 | 1;
  /** Throws InvariantError where the bytes are no chunk of this format. */
  decode(level: number, bytes: Uint8Array): { readonly columns: C; readonly length: number };
}

class ChunkCache {
  /** In the order in which they were read. */
  readonly chunks = new Map<number, { readonly columns: unknown; readonly bytes: number }>();
  private bytes = 0;

  add(key: number, columns: object): void {
    let bytes = 0;
    for (const value of Object.values(columns)) {
      if (ArrayBuffer.isView(value)) bytes += value.byteLength + COLUMN_BYTES;
    }
    this.bytes += bytes;
    if (this.bytes > MOST_BYTES) this.dropOldest();
    this.chunks.set(key, { columns, bytes });
  }

  /** The older half goes; what is in use comes back at the next look. */
  private dropOldest(): void {
    for (const [key, { bytes }] of this.chunks) {
      if (this.bytes <= MOST_BYTES / 2) return;
      this.chunks.delete(key);
      this.bytes -= bytes;
    }
  }
}

/**
 * The chunk with this id. Throws InvariantError where it is missing or has fewer than `nodes` nodes.
 */
export function readChunk<C extends object>(
  trace: TraceDatabase,
  format: ChunkFormat<C>,
  level: number,
  id: number,
  nodes: number,
): C {
  const cache = trace.cached('chunks', () => new ChunkCache());
  const key = 2 * id + format.variant;
  const kept = cache.chunks.get(key);
  if (kept !== undefined) return kept.columns as C;
  const row = trace.prepare('SELECT data FROM chunk WHERE id = ?').get(id) as [Buffer] | undefined;
  if (row === undefined || !(row[0] instanceof Uint8Array))
    throw new InvariantError(`chunk ${id} is missing`);
  const { columns, length } = format.decode(level, row[0]);
  if (length < nodes) throw new InvariantError(`chunk ${id} has ${length} nodes instead of ${nodes}`);
  cache.add(key, columns);
  return columns;
}
