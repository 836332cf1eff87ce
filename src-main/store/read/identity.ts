import { createHash } from 'node:crypto';
import type { TraceDatabase } from './trace-database.ts';

/**
 * Which recording this is: the same for every copy of its file, while it is recorded and afterwards, and after an
 * upgrade. Fit for a file name.
 */
export function traceIdentity(trace: TraceDatabase): string {
  const { source, sourceDetail, recordedAtMs } = trace.meta;
  const hash = createHash('sha256').update(JSON.stringify([source, sourceDetail, recordedAtMs]));
  return hash.digest('hex').slice(0, 32);
}
