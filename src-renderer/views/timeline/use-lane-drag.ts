/** Moving lanes by their names: a line shows where the lane would go, among those of its group or the pinned ones. */
import { ref } from 'vue';
import type { PlacedRow } from '../../trace-data/lane-layout.ts';
import { followPointer } from '../axis/follow-pointer.ts';
import { CLICK_PX } from '../axis/follow-pointer.ts';

/** Rows among which `dragged` can be moved, in order. */
function siblingsOf(dragged: PlacedRow, rows: readonly PlacedRow[]): PlacedRow[] {
  return rows.filter(
    ({ row, focus }) =>
      row.kind !== 'group' &&
      row.pinned === dragged.row.pinned &&
      !focus &&
      (row.pinned || row.group === dragged.row.group),
  );
}

/** Index among `siblings` before which a row dropped at `y` would stand; their number for the end. */
function dropIndex(siblings: readonly PlacedRow[], y: number): number {
  const index = siblings.findIndex(({ top, height }) => y < top + height / 2);
  return index < 0 ? siblings.length : index;
}

/**
 * @param rowsInView the rows as they stand now
 * @param moveRow moves a row by so many places among its siblings
 */
export function useLaneDrag(
  rowsInView: () => readonly PlacedRow[],
  moveRow: (key: string, places: number) => void,
) {
  const draggedKey = ref<string | null>(null);
  /** Where the row would go: distance from the top of the area; null while nothing is dragged. */
  const line = ref<number | null>(null);
  let endedAtMs = -Infinity;

  function onDown(down: PointerEvent, placed: PlacedRow): void {
    if (down.button !== 0 || placed.row.kind === 'group' || placed.focus) return;
    const item = down.currentTarget as HTMLElement;
    const listTop = item.parentElement!.getBoundingClientRect().top;
    let dropAt: number | null = null;
    const move = (event: PointerEvent): void => {
      if (draggedKey.value === null && Math.abs(event.clientY - down.clientY) < CLICK_PX) return;
      draggedKey.value = placed.row.key;
      const siblings = siblingsOf(placed, rowsInView());
      dropAt = dropIndex(siblings, event.clientY - listTop);
      const before = siblings[dropAt];
      const last = siblings.at(-1);
      line.value = before?.top ?? (last === undefined ? null : last.top + last.height);
    };
    const end = (event: PointerEvent): void => {
      if (draggedKey.value !== null && event.type === 'pointerup' && dropAt !== null) {
        const from = siblingsOf(placed, rowsInView()).findIndex(({ row }) => row.key === placed.row.key);
        // Taking the row out moves those after it up by one.
        moveRow(placed.row.key, (dropAt > from ? dropAt - 1 : dropAt) - from);
        endedAtMs = performance.now();
      }
      draggedKey.value = null;
      line.value = null;
    };
    followPointer(down, item, move, end, { capture: false });
  }

  /** Whether a drag ended a moment ago: the click that follows it is not meant. */
  const justDragged = (): boolean => performance.now() - endedAtMs < 50;

  return { draggedKey, line, onDown, justDragged };
}
