import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { ref } from 'vue';
import type { TraceNote } from '../../stores/notes.ts';
import { mount } from '../../testing/mount.ts';
import NotesPanel from './NotesPanel.vue';

const note = (id: string, startNs: number, text: string): TraceNote =>
  ({ id, kind: 'bookmark', startNs, endNs: startNs, text, place: 'trace', createdAtMs: 0 }) as TraceNote;
const notes = [note('a', 1e6, 'first'), note('b', 2e6, 'second')];
const commands = { run: () => true, isEnabled: () => true, keyOf: () => 'M' };

/** The panel with the tabs' row that its buttons go to. */
function open(props: Record<string, unknown>) {
  const controls = document.body.appendChild(document.createElement('div'));
  controls.id = 'bottom-controls';
  const current = ref<string | null>('a');
  const editing = ref<string | null>(null);
  mount(NotesPanel, () => ({
    notes,
    commands,
    current: current.value,
    editing: editing.value,
    'onUpdate:current': (id: string | null) => (current.value = id),
    'onUpdate:editing': (id: string | null) => (editing.value = id),
    ...props,
  }));
  return { current, editing, list: page.getByRole('list') };
}

test('arrow keys go from note to note, and Delete removes the one that the list is at', async () => {
  const [go, remove] = [vi.fn(), vi.fn()];
  const { current, list } = open({ onGo: go, onRemove: remove });
  (list.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}');
  expect(go).toHaveBeenCalledExactlyOnceWith(notes[1]);
  await userEvent.keyboard('{Delete}');
  expect(remove).toHaveBeenCalledExactlyOnceWith('a');
  // The keys go on from where the note stood.
  expect(current.value).toBe('b');
});

test('Enter types the text in its place, and Escape leaves it as it was', async () => {
  const text = vi.fn();
  const { editing, list } = open({ onText: text });
  (list.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  const field = page.getByRole('textbox').first();
  await expect.poll(() => document.activeElement).toBe(field.element());
  expect(editing.value).toBeNull();
  await userEvent.fill(field, 'the convoy begins');
  await userEvent.keyboard('{Enter}');
  expect(text).toHaveBeenCalledExactlyOnceWith('a', 'the convoy begins');
  await userEvent.fill(field, 'nothing');
  await userEvent.keyboard('{Escape}');
  await expect.element(field).toHaveValue('first');
});
