/** The pointer over the lanes: what is under it, what a click chooses, what a drag selects. */
import { computed, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { LaneRef } from '#shared/api/contract.ts';
import { useNames } from '../../stores/names.ts';
import { useCursor } from '../../stores/cursor.ts';
import { usePlayback } from '../../stores/playback.ts';
import { useSelection, type Slice } from '../../stores/selection.ts';
import { useViewport } from '../../stores/viewport.ts';
import { intervalNear, snapToBoundary } from '../../trace-data/lane-columns.ts';
import type { PlacedRow } from '../../trace-data/lane-layout.ts';
import { sliceText, type SliceText } from './slice-text.ts';
import { followPointer } from '../axis/follow-pointer.ts';
import { useAxisGestures, wheelPx } from '../axis/use-axis-gestures.ts';
import { CLICK_PX } from '../axis/follow-pointer.ts';
import type { LaneSource } from './use-lane-data.ts';
import type { LaneRows } from './use-lane-rows.ts';

/** How near a boundary or a thin slice must be to be meant. */
const REACH_PX = 6;

/** A lane, and what of it, is under the pointer. */
export interface PointerTarget {
  readonly placed: PlacedRow;
  readonly lane: LaneRef;
  readonly slice: Slice | null;
  /** The thread that the slice is about. */
  readonly lwp: number | null;
  readonly text: SliceText | null;
}

/**
 * @param field the element that shows the time axis from edge to edge, as high as the lane area
 * @param version grows when data has arrived: what is under the pointer may have changed
 */
export function useLanePointer(
  field: Readonly<ShallowRef<HTMLElement | null>>,
  rows: LaneRows,
  data: LaneSource,
  version: Readonly<Ref<number>>,
) {
  const viewport = useViewport();
  const selection = useSelection();
  const cursor = useCursor();
  const playback = usePlayback();
  const names = useNames();
  const gestures = useAxisGestures();

  const hovered = shallowRef<PointerTarget | null>(null);
  /** Key of the row whose header the pointer is on. */
  const headerKey = ref<string | null>(null);
  const hoveredKey = computed(() => hovered.value?.placed.row.key ?? headerKey.value);
  /** Where the pointer is, from the left edge of the axis. */
  const pointerPx = ref(0);
  /** Where the pointer was last seen over the field; what is under it changes without it moving, too. */
  let pointer: PointerEvent | null = null;

  function targetAt(event: MouseEvent): PointerTarget | null {
    const y = event.clientY - field.value!.getBoundingClientRect().top;
    const at = rows.layout.value.rowAt(y, rows.shownTop.value);
    if (at === null || at.row.kind === 'group') return null;
    const { kind, id } = at.row;
    const lane: LaneRef = { kind, id };
    const lwpOfLane = kind === 'lwp' ? id : null;
    const found = data.lanes.get(kind, id);
    if (found === undefined) return { placed: at, lane, slice: null, lwp: lwpOfLane, text: null };
    const { columns } = found;
    const timeNs = gestures.timeAt(event, field.value!);
    const row = intervalNear(columns, found.lane, timeNs, REACH_PX * viewport.nsPerPx);
    if (row < 0) return { placed: at, lane, slice: null, lwp: lwpOfLane, text: null };
    return {
      placed: at,
      lane,
      slice: { lane, startNs: columns.startNs[row]!, endNs: columns.endNs[row]!, state: columns.state[row]! },
      lwp: kind === 'lwp' ? id : columns.lwp[row]! < 0 ? null : columns.lwp[row]!,
      text: sliceText(kind, columns, row, names.table),
    };
  }

  /** The boundary of the target's lane near a time; the time itself where there is none or `free`. */
  function snap(timeNs: number, target: PointerTarget | null, free: boolean): number {
    const found = target === null ? undefined : data.lanes.get(target.lane.kind, target.lane.id);
    if (free || found === undefined) return Math.round(timeNs);
    return Math.round(snapToBoundary(found.columns, found.lane, timeNs, REACH_PX * viewport.nsPerPx));
  }

  function onMove(event: PointerEvent): void {
    if (event.buttons !== 0) return;
    pointer = event;
    lookUnderPointer();
  }

  function lookUnderPointer(): void {
    if (pointer === null || field.value === null) return;
    pointerPx.value = pointer.clientX - field.value.getBoundingClientRect().left;
    viewport.pointerNs = gestures.timeAt(pointer, field.value);
    const target = targetAt(pointer);
    hovered.value = target;
    selection.hover =
      target === null ? null : { lane: target.lane, slice: target.slice, timeNs: viewport.pointerNs };
  }

  function onLeave(): void {
    pointer = null;
    hovered.value = null;
    selection.hover = null;
    viewport.pointerNs = null;
  }

  watch([() => viewport.range, rows.placed, version], lookUnderPointer);

  function onDown(down: PointerEvent): void {
    if (down.button === 1 || (down.button === 0 && down.shiftKey)) {
      down.preventDefault();
      gestures.startPan(down, field.value!);
      return;
    }
    if (down.button !== 0) return;
    const target = targetAt(down);
    const from = gestures.timeAt(down, field.value!);
    let dragged = false;
    onLeave();
    followPointer(
      down,
      field.value!,
      (event) => {
        dragged ||= Math.abs(event.clientX - down.clientX) >= CLICK_PX;
        if (!dragged) return;
        const to = snap(gestures.timeAt(event, field.value!), target, event.altKey);
        selection.selectRange(viewport.within(snap(from, target, event.altKey), to));
      },
      (event) => {
        if (!dragged && event.type === 'pointerup') click(target, snap(from, target, event.altKey));
      },
    );
  }

  function click(target: PointerTarget | null, timeNs: number): void {
    selection.selectRange(null);
    if (target !== null) {
      rows.pointAt(() => selection.selectSlice(target.lane, target.lwp, target.slice));
    }
    playback.pause();
    cursor.seekTime(timeNs);
  }

  function onDoubleClick(event: MouseEvent): void {
    // The first of the two clicks chose the slice, and the lanes may have moved since.
    const slice = selection.slice ?? targetAt(event)?.slice;
    if (slice) viewport.fit(slice);
  }

  function onWheel(event: WheelEvent): void {
    const isOverAxis = event.clientX >= field.value!.getBoundingClientRect().left;
    if (isOverAxis && gestures.onWheel(event, field.value!)) return;
    rows.scrollBy(wheelPx(event, rows.roomPx.value).y);
    event.preventDefault();
  }

  /** The moment that a mark put now stands at: a boundary near the pointer, else the pointer, else the cursor. */
  function momentNs(): number {
    return pointer === null || viewport.pointerNs === null
      ? cursor.cursorNs
      : snap(viewport.pointerNs, hovered.value, pointer.altKey);
  }

  return {
    hovered,
    headerKey,
    hoveredKey,
    pointerPx,
    momentNs,
    onMove,
    onLeave,
    onDown,
    onDoubleClick,
    onWheel,
  };
}
