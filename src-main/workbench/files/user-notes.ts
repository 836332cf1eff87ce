/** Notes on traces whose files cannot be written: one JSON file a trace, next to the settings. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { note, type Note, type NoteDraft } from '#shared/api/notes.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { JsonFile } from './json-file.ts';

const MOST_NOTES = 10_000;
const notesSchema = z.array(note).max(MOST_NOTES);

export class UserNotes {
  private readonly folder: string;
  /** One object a file, so that changes of it follow one another. */
  private readonly files = new Map<string, JsonFile<Note[]>>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(configFolder: string) {
    this.folder = join(configFolder, 'notes');
  }

  /** @param identity which trace: what the store calls it, wherever its file is */
  list(identity: string): Promise<readonly Note[]> {
    return this.file(identity).read();
  }

  /**
   * Adds a note or replaces the one with its id. Throws WorkbenchError bad-request where that is gone, or as {@link
   * JsonFile.write}.
   */
  save(identity: string, draft: NoteDraft): Promise<Note> {
    return this.change(async () => {
      const notes = await this.file(identity).read();
      const known = notes.find(({ id }) => id === draft.id);
      if (draft.id !== undefined && known === undefined) {
        throw new WorkbenchError('bad-request', 'This note has since been deleted.');
      }
      if (known === undefined && notes.length >= MOST_NOTES) {
        throw new WorkbenchError('bad-request', `A trace has room for ${MOST_NOTES} notes: delete some.`);
      }
      const saved: Note = {
        ...draft,
        id: known?.id ?? `user-${randomUUID()}`,
        place: 'user',
        createdAtMs: known?.createdAtMs ?? Date.now(),
      };
      const others = notes.map((other) => (other.id === saved.id ? saved : other));
      await this.file(identity).write(known === undefined ? [...notes, saved] : others);
      return saved;
    });
  }

  /** One that is gone already is no error. */
  delete(identity: string, id: string): Promise<void> {
    return this.change(async () => {
      const notes = await this.file(identity).read();
      if (notes.some((other) => other.id === id)) {
        await this.file(identity).write(notes.filter((other) => other.id !== id));
      }
    });
  }

  private file(identity: string): JsonFile<Note[]> {
    let file = this.files.get(identity);
    if (file === undefined) {
      file = new JsonFile<Note[]>(join(this.folder, `${identity}.json`), notesSchema, []);
      this.files.set(identity, file);
    }
    return file;
  }

  /** Two windows changing the same file at once would each write what the other has not read. */
  private change<T>(run: () => Promise<T>): Promise<T> {
    const done = this.last.then(run, run);
    this.last = done.catch(() => undefined);
    return done;
  }
}
