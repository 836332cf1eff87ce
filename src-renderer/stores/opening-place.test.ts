import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { effectScope, nextTick } from 'vue';
import type { Highlight, TraceSummary, WorkbenchClient } from '#shared/api/contract.ts';
import { useOpeningPlace } from './opening-place.ts';
import { useCursor } from './cursor.ts';
import { useSelection } from './selection.ts';
import { useInspectorPages } from './inspector-pages.ts';
import { useOpening } from './opening.ts';
import { useWindowStart } from './window-start.ts';
import { useSession } from './session.ts';
import { useViewport } from './viewport.ts';

const DURATION_NS = 2e9;

/** A workbench in which every path opens a trace with this highlight; null: it cannot be asked for. */
const clientWith = (highlights: Readonly<Record<string, Highlight | null>>): WorkbenchClient =>
  ({
    request(name: string, params: { path: string; traceId: string }) {
      switch (name) {
        case 'workbench.hello':
          return Promise.resolve({ version: '0', host: 'memory', nativeFiles: false, openPath: null });
        case 'recent.list':
          return Promise.resolve({ recent: [], samples: [] });
        case 'trace.identify':
          return Promise.resolve({ kind: 'trace', format: 'sctrace' });
        case 'trace.open':
          return Promise.resolve({
            traceId: params.path,
            durationNs: DURATION_NS,
            complete: true,
            syncs: [],
          } as unknown as TraceSummary);
        case 'trace.highlight': {
          const found = highlights[params.traceId];
          return found === undefined ? Promise.reject(new Error('unreadable')) : Promise.resolve(found);
        }
        default:
          return Promise.resolve(null);
      }
    },
    on: () => () => undefined,
    close: () => undefined,
  }) as unknown as WorkbenchClient;

const revoked: Highlight = {
  what: 'forced',
  timeNs: 1.03e9,
  sequence: 77,
  lwp: 5,
  startNs: 1e9,
  endNs: 1.03e9,
};
const preempted: Highlight = { ...revoked, what: 'preempted', sequence: null, lwp: 6 };

async function opened(highlights: Readonly<Record<string, Highlight | null>>, ...paths: string[]) {
  effectScope().run(useOpeningPlace);
  await useWindowStart().attach({
    client: clientWith(highlights),
    pathOfFile: () => null,
    onClosed: () => undefined,
  });
  for (const path of paths) await useOpening().open(path);
  return { cursor: useCursor(), selection: useSelection(), viewport: useViewport() };
}

beforeEach(() => setActivePinia(createPinia()));

describe('a trace opens', () => {
  it('on the row of its most telling decision, with the thread chosen and its surroundings in view', async () => {
    const { cursor, selection, viewport } = await opened({ a: revoked }, 'a');
    expect([cursor.cursorNs, cursor.sequence]).toEqual([1.03e9, 77]);
    expect([selection.lwp, selection.slice]).toEqual([5, null]);
    expect(viewport.range).toEqual({ startNs: 1.015e9 - 90e6, endNs: 1.015e9 + 90e6 });
  });

  it('on the page of that thread, whichever part of the window asks for the page first', async () => {
    const opening = opened({ a: revoked }, 'a');
    useInspectorPages();
    await opening;
    expect(useInspectorPages().page).toEqual({ kind: 'lwp', id: 5 });
  });

  it('whole, with the slice chosen, where a thread only lost its CPU', async () => {
    const { cursor, selection, viewport } = await opened({ a: preempted }, 'a');
    expect([cursor.cursorNs, cursor.sequence]).toEqual([1.03e9, null]);
    expect(selection.slice).toMatchObject({ lane: { kind: 'lwp', id: 6 }, startNs: 1e9, endNs: 1.03e9 });
    expect(viewport.range).toEqual({ startNs: 0, endNs: DURATION_NS });
  });

  it('at its start where nothing stands out or nobody can tell, whatever was open before', async () => {
    for (const second of ['plain', 'unreadable']) {
      setActivePinia(createPinia());
      const { cursor, selection, viewport } = await opened({ a: revoked, plain: null }, 'a', second);
      expect([cursor.cursorNs, selection.lwp]).toEqual([0, null]);
      expect(viewport.range).toEqual({ startNs: 0, endNs: DURATION_NS });
    }
  });

  it('that has become whole while it was shown takes the reader along, unless they look at something already', async () => {
    const { cursor, selection } = await opened({ a: null }, 'a');
    const session = useSession();
    session.highlight = revoked;
    session.completed = 'a';
    await nextTick();
    expect([cursor.cursorNs, selection.lwp]).toEqual([1.03e9, 5]);

    setActivePinia(createPinia());
    const second = await opened({ b: null }, 'b');
    second.cursor.seekTime(7);
    useSession().highlight = revoked;
    useSession().completed = 'b';
    await nextTick();
    expect(second.cursor.cursorNs).toBe(7);
  });
});
