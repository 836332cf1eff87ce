/** Notes: in the trace if its file is writable, otherwise next to the user's settings. */
import type { Note } from '#shared/api/notes.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

const inTrace = (id: string): boolean => id.startsWith('trace-');

export function noteHandlers({
  traces,
  userNotes,
  emit,
}: ServiceParts): HandlersOf<'notes.list' | 'notes.save' | 'notes.delete'> {
  const changed = (traceId: string): void => {
    const path = traces.pathOf(traceId);
    if (path !== null) emit('notes.changed', { path });
  };
  return {
    'notes.list': async ({ traceId }, signal) => {
      const stored = await traces.query(traceId, 'store.notes', null, signal);
      return { notes: [...stored.notes, ...(await userNotes.list(stored.identity))] };
    },
    'notes.save': async ({ traceId, note }, signal) => {
      const { identity } = await traces.query(traceId, 'store.notes', null, signal);
      let saved: Note | null = null;
      if (note.id === undefined || inTrace(note.id)) {
        saved = await traces.query(traceId, 'store.saveNote', note, signal);
      }
      // A note of the trace whose file can no longer be written goes on as one of the user's.
      saved ??= await userNotes.save(
        identity,
        note.id !== undefined && inTrace(note.id) ? { ...note, id: undefined } : note,
      );
      changed(traceId);
      return saved;
    },
    'notes.delete': async ({ traceId, noteId }, signal) => {
      if (inTrace(noteId)) {
        const deleted = await traces.query(traceId, 'store.deleteNote', noteId, signal);
        if (!deleted) {
          throw new WorkbenchError(
            'write-failed',
            'The note is stored in the trace, and its file is not writable.',
          );
        }
      } else {
        const { identity } = await traces.query(traceId, 'store.notes', null, signal);
        await userNotes.delete(identity, noteId);
      }
      changed(traceId);
      return null;
    },
  };
}
