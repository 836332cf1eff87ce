import type { TraceDatabase } from '../read/trace-database.ts';

/** What SQLite may take in this process. A query that needs more fails instead of taking the machine with it. */
const HEAP_BYTES = 512 << 20;

/** Bounds the memory of SQLite, for the whole process and for good; large sorts go through a temporary file. */
export function limitMemory(trace: TraceDatabase): void {
  trace.db.pragma(`hard_heap_limit = ${HEAP_BYTES}`);
  trace.db.pragma('temp_store = FILE');
}
