/** Goes to a note: cursor, selection and timeline follow, and the list shows which one it is. */
import { neighbourNote } from '../trace-data/note-marks.ts';
import { useNotes, type TraceNote } from './notes.ts';
import { useNotices } from './notices.ts';
import { useCursor } from './cursor.ts';
import { usePlayback } from './playback.ts';
import type { StepDirection } from './stepping.ts';
import { useSelection } from './selection.ts';
import { useViewport } from './viewport.ts';

export function useGoToNote() {
  const notes = useNotes();
  const cursor = useCursor();
  const playback = usePlayback();
  const selection = useSelection();
  const viewport = useViewport();
  const notices = useNotices();

  function goToNote(note: TraceNote): void {
    notes.current = note.id;
    playback.pause();
    cursor.seekTime(note.startNs);
    if (note.kind === 'bookmark') viewport.reveal(note.startNs);
    else {
      selection.selectRange({ startNs: note.startNs, endNs: note.endNs });
      viewport.fit({ startNs: note.startNs, endNs: note.endNs });
    }
  }

  function stepNote(direction: StepDirection): void {
    const found = neighbourNote(notes.notes, cursor.cursorNs, notes.current, direction);
    if (found === undefined) notices.add('info', `No ${direction} note`, 'The cursor stays where it is.');
    else goToNote(found);
  }

  return { goToNote, stepNote };
}
