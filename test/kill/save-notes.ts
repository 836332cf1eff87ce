/** Saves notes in the trace and beside the settings until it is killed; prints the number of those that are safe. */
import { join } from 'node:path';
import { saveNoteInTrace, TraceDatabase } from '#main/store/index.ts';
import { UserNotes } from '#main/workbench/files/user-notes.ts';

const folder = process.argv[2]!;
const trace = TraceDatabase.open(join(folder, 'a.sctrace'));
const userNotes = new UserNotes(join(folder, 'settings'));
for (let saved = 0; ; saved++) {
  const note = {
    kind: 'bookmark',
    startNs: saved,
    endNs: null,
    content: { text: 'note '.repeat(2000) },
  } as const;
  saveNoteInTrace(trace, note);
  await userNotes.save('a', note);
  process.stdout.write(`${saved + 1}\n`);
}
