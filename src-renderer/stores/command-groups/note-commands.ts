/** Actions of bookmarks and notes. */
import type { CommandHandler } from '../commands.ts';
import { useGoToNote } from '../go-to-note.ts';
import { useNotes } from '../notes.ts';
import { useCursor } from '../cursor.ts';
import { useSelection } from '../selection.ts';
import { useSession } from '../session.ts';
import { useSettings } from '../settings.ts';

export function noteCommands(): CommandHandler[] {
  const session = useSession();
  const cursor = useCursor();
  const selection = useSelection();
  const settings = useSettings();
  const notes = useNotes();
  const { stepNote } = useGoToNote();
  const hasNotes = (): boolean => notes.count > 0;
  const range = () => selection.timeRange ?? selection.slice;
  return [
    {
      id: 'notes.bookmark',
      run: () => notes.add(cursor.cursorNs, null),
      enabled: () => session.trace !== null,
    },
    {
      id: 'notes.annotate',
      // A range without a text says little: it is typed at once.
      run: async () => {
        const chosen = range();
        if (chosen === null) return;
        const id = await notes.add(chosen.startNs, chosen.endNs);
        if (id === null) return;
        settings.showTab('notes');
        notes.editing = id;
      },
      enabled: () => session.trace !== null && range() !== null,
    },
    { id: 'notes.next', run: () => stepNote('next'), enabled: hasNotes },
    { id: 'notes.previous', run: () => stepNote('previous'), enabled: hasNotes },
  ];
}
