/** Notes: what people add to a trace. Their content is the window's business. */
import './jitless.ts';
import { z } from 'zod';

/** Larger ones are no notes. */
const MOST_NOTE_BYTES = 1 << 16;

const timeNs = z.number().finite();
const content = z
  .record(z.string().max(64), z.json())
  .refine((value) => JSON.stringify(value).length <= MOST_NOTE_BYTES, {
    message: 'a note can have at most 64 KB',
  });

/** A bookmark is a moment, an annotation a time range, a view what the window showed. */
const fields = {
  kind: z.enum(['bookmark', 'annotation', 'view']),
  startNs: timeNs.nullable(),
  endNs: timeNs.nullable(),
  content,
};

/** A note to be saved: a new one, or with the `id` of the one that it replaces. */
export const noteDraft = z.object({ id: z.string().min(1).max(64).optional(), ...fields });
export type NoteDraft = z.infer<typeof noteDraft>;

export const note = z.object({
  id: z.string().min(1).max(64),
  /** Where it is kept: in the trace file, or with the user's settings where the file cannot be written. */
  place: z.enum(['trace', 'user']),
  ...fields,
  /** Milliseconds since 1970. */
  createdAtMs: z.number().finite(),
});
export type Note = z.infer<typeof note>;
