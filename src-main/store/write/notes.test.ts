import { chmodSync, existsSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { deleteNoteInTrace, notesInTrace, saveNoteInTrace } from './notes.ts';
import { SyntheticTrace } from '../testing/synthetic-trace.ts';
import { temporaryFolder, TEST_SOURCE, writeSynthetic } from '../testing/temporary-folder.ts';
import { TraceDatabase } from '../read/trace-database.ts';
import { TraceWriter } from './trace-writer.ts';
import { verifyTrace } from '../verify/verify.ts';

const file = temporaryFolder();
const bookmark = { kind: 'bookmark', startNs: 5_000, endNs: null, content: { text: 'here' } } as const;

it('notes are added to the trace, changed and deleted, and nothing else is', () => {
  const path = file('notes.sctrace');
  writeSynthetic(path, { events: 2000 });
  const trace = TraceDatabase.open(path);
  const saved = saveNoteInTrace(trace, bookmark)!;
  expect(saved).toMatchObject({ ...bookmark, place: 'trace' });
  const longer = { ...saved, kind: 'annotation', endNs: 9_000, content: { text: 'there' } } as const;
  saveNoteInTrace(trace, longer);
  expect(notesInTrace(trace)).toEqual([longer]);
  for (const suffix of ['-wal', '-shm', '-journal']) expect(existsSync(path + suffix)).toBe(false);
  expect(verifyTrace(path).difference).toBeNull();
  expect(deleteNoteInTrace(trace, saved.id)).toBe(true);
  expect(notesInTrace(trace)).toEqual([]);
  expect(() => saveNoteInTrace(trace, longer)).toThrow(/deleted/);
  trace.close();
});

it('a note is seen through every connection', () => {
  const path = file('two.sctrace');
  writeSynthetic(path, { events: 100 });
  const here = TraceDatabase.open(path);
  const there = TraceDatabase.open(path);
  expect(notesInTrace(there)).toEqual([]);
  const saved = saveNoteInTrace(here, bookmark)!;
  expect(notesInTrace(there)).toEqual([saved]);
  here.close();
  there.close();
});

it('a recording that is still going on takes no notes', () => {
  const path = file('running.sctrace');
  const writer = new TraceWriter(path, TEST_SOURCE);
  for (const batch of new SyntheticTrace({ events: 100 }).batches()) writer.write(batch);
  writer.commit();
  const trace = TraceDatabase.open(writer.partPath);
  expect(saveNoteInTrace(trace, bookmark)).toBeNull();
  trace.close();
  writer.discard();
});

// The permissions of a file do not bind the superuser.
it.skipIf(process.getuid?.() === 0)('a read-only file takes no notes and is not touched', () => {
  const path = file('read-only.sctrace');
  writeSynthetic(path, { events: 100 });
  chmodSync(path, 0o444);
  const before = readFileSync(path);
  const trace = TraceDatabase.open(path);
  expect(saveNoteInTrace(trace, bookmark)).toBeNull();
  trace.close();
  expect(readFileSync(path).equals(before)).toBe(true);
});

it('rows of the table that are no notes are left out', () => {
  const path = file('odd.sctrace');
  writeSynthetic(path, { events: 100 });
  const db = new Database(path);
  db.exec(`INSERT INTO note VALUES (1, 'bookmark', 1, NULL, 'no JSON', 0), (2, 'spell', 1, NULL, '{}', 0),
    (3, 'view', NULL, NULL, '{"zoom":1}', 7)`);
  db.close();
  const trace = TraceDatabase.open(path);
  expect(notesInTrace(trace)).toMatchObject([{ id: 'trace-3', kind: 'view', content: { zoom: 1 } }]);
  trace.close();
});

it('a file with a trigger is refused: a note would run it', () => {
  const path = file('trigger.sctrace');
  writeSynthetic(path, { events: 100 });
  const db = new Database(path);
  db.exec('CREATE TRIGGER planted AFTER INSERT ON note BEGIN DELETE FROM event; END');
  db.close();
  expect(() => TraceDatabase.open(path)).toThrow(/trigger/);
});
