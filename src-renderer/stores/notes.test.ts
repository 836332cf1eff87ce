import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import type { TraceSummary, WorkbenchClient } from '#shared/api/contract.ts';
import type { Note, NoteDraft } from '#shared/api/notes.ts';
import { useNotes } from './notes.ts';
import { useConnection } from './connection.ts';
import { useSession } from './session.ts';

/** A service that keeps notes for one trace, and tells of changes that others make. */
function fakeService() {
  const kept = new Map<string, Note>();
  const listeners: ((payload: { path: string }) => void)[] = [];
  const request = vi.fn((name: string, params: { note?: NoteDraft; noteId?: string }) => {
    if (name === 'notes.list') return Promise.resolve({ notes: [...kept.values()] });
    if (name === 'notes.delete') return Promise.resolve(kept.delete(params.noteId!) && null);
    if (name !== 'notes.save') return Promise.reject(new Error(name));
    const id = params.note!.id ?? `note-${kept.size + 1}`;
    const note: Note = { ...params.note!, id, place: 'trace', createdAtMs: 0 };
    kept.set(id, note);
    return Promise.resolve(note);
  });
  const client = {
    request,
    on: (name: string, listener: (payload: { path: string }) => void) => {
      if (name === 'notes.changed') listeners.push(listener);
      return () => undefined;
    },
  } as unknown as WorkbenchClient;
  return { client, kept, tell: (path: string) => listeners.forEach((listener) => listener({ path })) };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const trace = { traceId: 'trace-1', path: '/a.sctrace' } as unknown as TraceSummary;

describe('notes', () => {
  beforeEach(() => setActivePinia(createPinia()));

  async function open() {
    const service = fakeService();
    const connection = useConnection();
    const session = useSession();
    connection.host = { client: service.client, pathOfFile: () => null, onClosed: () => undefined };
    const notes = useNotes();
    session.trace = trace;
    await nextTick();
    await settled();
    return { ...service, session, notes };
  }

  it('lists bookmarks and ranges in order of time, whatever the order they were made in', async () => {
    const { notes } = await open();
    await notes.add(500.4, null);
    await notes.add(100, 300, 'the convoy');
    expect(notes.notes.map(({ kind, startNs, endNs, text }) => [kind, startNs, endNs, text])).toEqual([
      ['annotation', 100, 300, 'the convoy'],
      ['bookmark', 500, 500, ''],
    ]);
  });

  it('changes a text and nothing else, and deletes', async () => {
    const { notes, kept } = await open();
    const id = (await notes.add(500, null))!;
    await notes.setText(id, 'here');
    expect(kept.get(id)).toMatchObject({
      kind: 'bookmark',
      startNs: 500,
      endNs: null,
      content: { text: 'here' },
    });
    await notes.remove(id);
    expect(notes.notes).toEqual([]);
  });

  it('follows what another window did to the same trace', async () => {
    const { notes, kept, tell } = await open();
    kept.set('x', {
      id: 'x',
      kind: 'bookmark',
      startNs: 7,
      endNs: null,
      content: {},
      place: 'user',
      createdAtMs: 0,
    });
    tell('/other.sctrace');
    await settled();
    expect(notes.count).toBe(0);
    tell('/a.sctrace');
    await settled();
    expect(notes.notes).toMatchObject([{ id: 'x', startNs: 7, text: '', place: 'user' }]);
  });

  it('forgets them with the trace', async () => {
    const { notes, session } = await open();
    await notes.add(1, null);
    session.trace = null;
    await nextTick();
    expect(notes.notes).toEqual([]);
  });
});
