/**
 * Bookmarks and notes on the open trace: moments and ranges with a text. Kept with the trace by the
 * service; another window's changes are followed.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Ns } from '#shared/base/brands.ts';
import type { Note, NoteDraft } from '#shared/api/notes.ts';
import { useNotices } from './notices.ts';
import { useConnection } from './connection.ts';
import { useSession } from './session.ts';

/** A note as views show it. */
export interface TraceNote {
  readonly id: string;
  /** A bookmark is a moment: its end is its start. */
  readonly kind: 'bookmark' | 'annotation';
  readonly startNs: Ns;
  readonly endNs: Ns;
  readonly text: string;
  /** Where it is kept: in the trace file, or with the user's settings where the file cannot be written. */
  readonly place: Note['place'];
}

export const useNotes = defineStore('notes', () => {
  const connection = useConnection();
  const session = useSession();
  const notices = useNotices();

  /** In order of time. */
  const notes = shallowRef<readonly TraceNote[]>([]);
  /** The note whose text is to be typed next; the list puts the focus there. */
  const editing = ref<string | null>(null);
  /** The note that the reader went to last. */
  const current = ref<string | null>(null);
  const count = computed(() => notes.value.length);

  watch(
    () => session.traceId,
    () => {
      notes.value = [];
      editing.value = null;
      current.value = null;
      void load();
    },
    { immediate: true },
  );
  watch(
    () => connection.client,
    (client) =>
      client?.on('notes.changed', ({ path }) => {
        if (path === session.trace?.path) void load();
      }),
    { immediate: true },
  );

  async function load(): Promise<void> {
    const { traceId } = session;
    if (traceId === null) return;
    try {
      const { notes: listed } = await session.workbench().request('notes.list', { traceId });
      if (session.traceId !== traceId) return;
      notes.value = listed
        .flatMap((note) => traceNote(note) ?? [])
        .sort((a, b) => a.startNs - b.startNs || a.endNs - b.endNs);
    } catch (thrown) {
      if (session.traceId === traceId) notices.fail('Could not read the notes', thrown);
    }
  }

  /** Adds a bookmark, or a note on a range where `endNs` is given. Answers its id; null where it failed. */
  async function add(startNs: Ns, endNs: Ns | null, text = ''): Promise<string | null> {
    const kind = endNs === null ? 'bookmark' : 'annotation';
    return save({
      kind,
      startNs: Math.round(startNs),
      endNs: endNs === null ? null : Math.round(endNs),
      content: { text },
    });
  }

  async function setText(id: string, text: string): Promise<void> {
    const note = notes.value.find((each) => each.id === id);
    if (note === undefined || note.text === text) return;
    const { kind, startNs } = note;
    await save({ id, kind, startNs, endNs: kind === 'bookmark' ? null : note.endNs, content: { text } });
  }

  async function remove(id: string): Promise<void> {
    const { traceId } = session;
    if (traceId === null) return;
    try {
      await session.workbench().request('notes.delete', { traceId, noteId: id });
      await load();
    } catch (thrown) {
      notices.fail('Could not delete the note', thrown);
    }
  }

  async function save(note: NoteDraft): Promise<string | null> {
    const { traceId } = session;
    if (traceId === null) return null;
    try {
      const saved = await session.workbench().request('notes.save', { traceId, note });
      await load();
      return saved.id;
    } catch (thrown) {
      notices.fail('Could not save the note', thrown);
      return null;
    }
  }

  return { notes, count, editing, current, add, setText, remove };
});

/** Null for what is no note of this list: saved views, and what another program wrote. */
function traceNote({ id, kind, startNs, endNs, content, place }: Note): TraceNote | null {
  if (kind === 'view' || startNs === null) return null;
  const text = typeof content['text'] === 'string' ? content['text'] : '';
  return { id, kind, startNs, endNs: endNs ?? startNs, text, place };
}
