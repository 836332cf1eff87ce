/** What people added to the trace. */
import { z } from 'zod';
import { noteDraft, type Note } from '../notes.ts';
import { traceId } from './parameters.ts';
import { answer, request } from './request.ts';

export const noteRequests = {
  'notes.list': request(z.object({ traceId }), answer<{ readonly notes: readonly Note[] }>()),
  /** Adds a note, or replaces the one with its id. Every window hears of it by `notes.changed`. */
  'notes.save': request(z.object({ traceId, note: noteDraft }), answer<Note>()),
  'notes.delete': request(z.object({ traceId, noteId: z.string().min(1).max(64) }), answer<null>()),
};
