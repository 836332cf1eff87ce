/**
 * Records into a folder until there is no room, then opens and verifies what is there; prints the outcome as JSON. It
 * does both in one process, as the file system that it runs on may be gone with it.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TraceDatabase } from '../read/trace-database.ts';
import { TraceWriter } from '../write/trace-writer.ts';
import { verifyTrace } from '../verify/verify.ts';
import { SyntheticTrace } from './synthetic-trace.ts';

export interface DiskFullOutcome {
  readonly code: string;
  readonly message: string;
  /** Rows that the recording said were safe. */
  readonly committed: number;
  /** Rows in the file, and what verifying it found. */
  readonly events: number;
  readonly difference: string | null;
  readonly files: readonly string[];
}

const folder = process.argv[2]!;
const writer = new TraceWriter(join(folder, 'full.sctrace'), {
  source: 'emulator',
  sourceDetail: 'until the disk is full',
  tickNs: null,
  clock: 'virtual',
  scenario: null,
});
try {
  for (const batch of new SyntheticTrace({ events: 1e9, batchRows: 4096 }).batches()) writer.write(batch);
} catch (thrown) {
  const { code, message } = thrown as { code: string; message: string };
  const committed = writer.eventsCommitted;
  writer.abandon();
  const trace = TraceDatabase.open(writer.partPath);
  const events = trace.events;
  trace.close();
  const { difference } = verifyTrace(writer.partPath);
  const outcome: DiskFullOutcome = {
    code,
    message,
    committed,
    events,
    difference,
    files: readdirSync(folder),
  };
  process.stdout.write(JSON.stringify(outcome));
}
