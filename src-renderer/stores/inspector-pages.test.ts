import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { useInspectorPages } from './inspector-pages.ts';
import { useSelection } from './selection.ts';

beforeEach(() => setActivePinia(createPinia()));

describe("the inspector's pages", () => {
  it('follow what is chosen', () => {
    const pages = useInspectorPages();
    const selection = useSelection();
    expect(pages.page).toEqual({ kind: 'machine', id: 0 });
    selection.selectLwp(7);
    expect(pages.page).toEqual({ kind: 'lwp', id: 7 });
    selection.selectSlice({ kind: 'cpu', id: 2 }, null, null);
    expect(pages.page).toEqual({ kind: 'cpu', id: 2 });
    selection.selectSlice({ kind: 'cpu', id: 2 }, 9, null);
    expect(pages.page).toEqual({ kind: 'lwp', id: 9 });
    selection.clear();
    expect(pages.page.kind).toBe('machine');
  });

  it('choose what a link leads to, where a lane shows it', () => {
    const pages = useInspectorPages();
    const selection = useSelection();
    pages.go({ kind: 'sync', id: 3 });
    expect(selection.lane).toEqual({ kind: 'sync', id: 3 });
    pages.go({ kind: 'lwp', id: 5 });
    expect(selection.lwp).toBe(5);
    pages.go({ kind: 'process', id: 1 });
    expect(selection.lwp).toBe(5);
    expect(pages.page).toEqual({ kind: 'process', id: 1 });
  });

  it('go back and forward, and take the selection along', () => {
    const pages = useInspectorPages();
    const selection = useSelection();
    pages.go({ kind: 'lwp', id: 5 });
    pages.go({ kind: 'process', id: 1 });
    pages.go({ kind: 'cpu', id: 0 });
    expect(selection.lwp).toBeNull();
    pages.back();
    pages.back();
    expect(pages.page).toEqual({ kind: 'lwp', id: 5 });
    expect(selection.lwp).toBe(5);
    pages.forward();
    expect(pages.page).toEqual({ kind: 'process', id: 1 });
    pages.go({ kind: 'page', id: 0 });
    expect(pages.canGoForward).toBe(false);
    expect(pages.canGoBack).toBe(true);
  });

  it('go on explaining when the next decision is about another thread', () => {
    const pages = useInspectorPages();
    const selection = useSelection();
    selection.selectLwp(4);
    pages.go({ kind: 'decision', id: 4 });
    selection.selectLwp(6);
    expect(pages.page).toEqual({ kind: 'decision', id: 6 });
    expect(pages.lwp).toBe(6);
  });
});
