/** Chunks unpacked, the recently used ones kept with the open file. */
import { InvariantError } from '#shared/base/assert.ts';
import type { ChunkFormat } from '../chunk-format.ts';
import type { TraceDatabase } from '../../read/trace-database.ts';
import { checkedRow, checkedRows } from '../../read/checked-rows.ts';

/** What the kept chunks of an open file may take. */
const MOST_BYTES = 16 * 2 ** 20;
/** Memory of a column besides its values. */
const COLUMN_BYTES = 160;

/** A chunk that is going to be read. */
export interface ChunkRequest {
  readonly format: ChunkFormat<object>;
  readonly level: number;
  readonly id: number;
}

interface Kept {
  readonly columns: object;
  readonly length: number;
  readonly bytes: number;
}

class ChunkCache {
  /** In the order in which they were read. */
  private readonly chunks = new Map<number, Kept>();
  private bytes = 0;

  get({ format, id }: Pick<ChunkRequest, 'format' | 'id'>): Kept | undefined {
    return this.chunks.get(2 * id + format.variant);
  }

  /** Unpacks a chunk. */
  add({ format, level, id }: ChunkRequest, data: unknown): Kept {
    if (!(data instanceof Uint8Array)) throw new InvariantError(`chunk ${id} is missing`);
    const { columns, length } = format.decode(level, data);
    let bytes = 0;
    for (const value of Object.values(columns)) {
      if (ArrayBuffer.isView(value)) bytes += value.byteLength + COLUMN_BYTES;
    }
    this.bytes += bytes;
    if (this.bytes > MOST_BYTES) this.dropOldest();
    const kept = { columns, length, bytes };
    this.chunks.set(2 * id + format.variant, kept);
    return kept;
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

const cacheOf = (trace: TraceDatabase): ChunkCache => trace.cached('chunks', () => new ChunkCache());

const READ = 'SELECT data FROM chunk WHERE id = ?';
const READ_ALL =
  'SELECT chunk.id, data FROM json_each(?) AS asked CROSS JOIN chunk ON chunk.id = asked.value';

/**
 * Reads the chunks that are not kept yet in one statement, for {@link readChunk} to find: calling SQLite costs several
 * times as much as the look-up. One that is missing is left to it.
 */
export function loadChunks(trace: TraceDatabase, requests: readonly ChunkRequest[]): void {
  const cache = cacheOf(trace);
  const missing = new Map<number, ChunkRequest>();
  for (const request of requests) if (cache.get(request) === undefined) missing.set(request.id, request);
  if (missing.size === 0) return;
  const rows = checkedRows(trace, READ_ALL, ['integer', 'any'], JSON.stringify([...missing.keys()]));
  for (const [id, data] of rows) cache.add(missing.get(id)!, data);
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
  const cache = cacheOf(trace);
  const request = { format, level, id };
  let kept = cache.get(request);
  if (kept === undefined) {
    const row = checkedRow(trace, READ, ['any'], id);
    kept = cache.add(request, row?.[0]);
  }
  if (kept.length < nodes) {
    throw new InvariantError(`chunk ${id} has ${kept.length} nodes instead of ${nodes}`);
  }
  return kept.columns as C;
}
