/** Reads traces on a medium that cannot be written; prints the result of each as JSON. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { saveNoteInTrace } from '../write/notes.ts';
import { events } from '../queries/index.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { verifyTrace } from '../verify/verify.ts';

export interface ReadOnlyOutcome {
  readonly events: number;
  readonly isNoteSaved: boolean;
  readonly difference: string | null;
  readonly files: readonly string[];
}

function outcomeOf(path: string): ReadOnlyOutcome {
  const trace = TraceDatabase.open(path);
  const rows = events(trace, { sequence: 1, before: 0, after: 100 });
  const saved = saveNoteInTrace(trace, { kind: 'bookmark', startNs: 1, endNs: null, content: {} });
  trace.close();
  const { difference } = verifyTrace(path);
  return {
    events: rows.sequence.length,
    isNoteSaved: saved !== null,
    difference,
    files: readdirSync(dirname(path)),
  };
}

process.stdout.write(JSON.stringify(process.argv.slice(2).map(outcomeOf)));
