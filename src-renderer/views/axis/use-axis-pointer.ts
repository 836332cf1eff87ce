/** Pointing at a strip of the time axis that has no lanes: hover, click to seek, drag to choose a time range. */
import { useCursor } from '../../stores/cursor.ts';
import { usePlayback } from '../../stores/playback.ts';
import { useSelection } from '../../stores/selection.ts';
import { useViewport } from '../../stores/viewport.ts';
import { CLICK_PX, followPointer } from './follow-pointer.ts';
import { useAxisGestures } from './use-axis-gestures.ts';

export function useAxisPointer() {
  const viewport = useViewport();
  const selection = useSelection();
  const cursor = useCursor();
  const playback = usePlayback();
  const gestures = useAxisGestures();

  function onMove(event: PointerEvent): void {
    if (event.buttons === 0) viewport.pointerNs = gestures.timeAt(event, event.currentTarget as HTMLElement);
  }

  function onLeave(): void {
    viewport.pointerNs = null;
  }

  function onDown(down: PointerEvent): void {
    const field = down.currentTarget as HTMLElement;
    if (down.button === 1 || (down.button === 0 && down.shiftKey)) {
      down.preventDefault();
      gestures.startPan(down, field);
      return;
    }
    if (down.button !== 0) return;
    const from = gestures.timeAt(down, field);
    let dragged = false;
    followPointer(
      down,
      field,
      (event) => {
        dragged ||= Math.abs(event.clientX - down.clientX) >= CLICK_PX;
        if (dragged) selection.selectRange(viewport.within(from, gestures.timeAt(event, field)));
      },
      (event) => {
        if (dragged || event.type !== 'pointerup') return;
        playback.pause();
        cursor.seekTime(from);
      },
    );
  }

  return { onMove, onLeave, onDown };
}
