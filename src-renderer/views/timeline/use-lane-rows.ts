/** Which rows of the lane area are in view: its height, how far it is scrolled, what is pinned. */
import { computed, nextTick, ref, shallowRef, watch } from 'vue';
import type { LaneRef } from '#shared/api/contract.ts';
import { useLanes } from '../../stores/lanes.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSession } from '../../stores/session.ts';
import { useSettings } from '../../stores/settings.ts';
import { LaneLayout, type PlacedRow, type RowHeights } from '../../trace-data/lane-layout.ts';
import { laneKey } from '../../trace-data/lane-model.ts';
import { readHeights } from './lane-metrics.ts';
import type { LanesInView } from './use-lane-data.ts';

/** The line that says how many lanes are below. */
const MORE_PX = 20;
/** The selected thread's large row may take this part of the area; with less room it is a row like others. */
const FOCUS_SHARE = 0.45;

export function useLaneRows() {
  const session = useSession();
  const settings = useSettings();
  const selection = useSelection();
  const lanes = useLanes();

  const heights = shallowRef<RowHeights>({
    cpu: 20,
    lwp: 18,
    sync: 26,
    pinnedSync: 36,
    group: 20,
    focus: 72,
  });
  const areaPx = ref(0);
  /** Where the reader scrolled to; rows are shown from the boundary nearest to it ({@link shownTop}). */
  const scrollTop = ref(0);

  const layout = computed(() => {
    const hasRoom = heights.value.focus <= areaPx.value * FOCUS_SHARE;
    const focus = hasRoom && session.trace?.hasSchedctl === true ? lanes.focusKey : null;
    return new LaneLayout(lanes.rows, heights.value, focus);
  });
  const below = computed(() => layout.value.lanesBelow(shownTop.value, areaPx.value - MORE_PX));
  const roomPx = computed(() =>
    layout.value.maxScroll(areaPx.value) > 0 ? areaPx.value - MORE_PX : areaPx.value,
  );
  const maxScroll = computed(() => layout.value.maxScroll(roomPx.value));
  const shownTop = computed(() => layout.value.snapScroll(scrollTop.value, roomPx.value));
  /** Whole rows only: a row cut through its middle reads as something else. */
  const placed = computed<readonly PlacedRow[]>(() =>
    layout.value
      .visible(shownTop.value, roomPx.value)
      .filter(({ row, top, height }) => row.pinned || top + height <= roomPx.value + 1),
  );

  const inView = computed<LanesInView>(() => {
    const visible = refsOf(placed.value);
    const above = Math.max(0, shownTop.value - roomPx.value);
    const around = layout.value.visible(above, roomPx.value + (shownTop.value - above) + roomPx.value);
    const shown = new Set(visible.map(({ kind, id }) => laneKey(kind, id)));
    return { visible, nearby: refsOf(around).filter(({ kind, id }) => !shown.has(laneKey(kind, id))) };
  });

  function scrollTo(px: number): void {
    scrollTop.value = Math.min(maxScroll.value, Math.max(0, px));
  }
  const scrollBy = (px: number): void => scrollTo(scrollTop.value + px);

  /** Scrolls as little as brings a row into view. */
  function reveal(key: string): void {
    scrollTop.value = layout.value.scrollToShow(key, scrollTop.value, roomPx.value);
  }

  /** True while the reader points at lanes: what is under the pointer must stay there. */
  let pointing = false;
  /** Chooses something by pointing at it. */
  function pointAt(choose: () => void): void {
    pointing = true;
    choose();
    pointing = false;
    pointedKey = selection.key;
  }
  /** The lane that was pointed at last: it stays under the pointer when what is linked with it goes first. */
  let pointedKey: string | null = null;

  watch(
    () => session.traceId,
    () => (scrollTop.value = 0),
  );
  watch(
    () => settings.activeDensity,
    async () => {
      await nextTick();
      heights.value = readHeights(document.documentElement);
    },
  );
  // The selected thread's row opens on top; what the reader pointed at stays where it was.
  watch(
    () => layout.value.pinnedHeight,
    (now, before) => {
      if (pointing || scrollTop.value !== 0) scrollBy(now - before);
    },
    { flush: 'sync' },
  );
  // So it does when other lanes go first.
  watch(
    layout,
    (now, before) => {
      if (pointedKey === null || pointedKey !== selection.key) return;
      const [from, to] = [before.topOf(pointedKey), now.topOf(pointedKey)];
      if (from >= 0 && to >= 0) scrollBy(to - from);
    },
    { flush: 'sync' },
  );
  watch(maxScroll, (most) => (scrollTop.value = Math.min(scrollTop.value, most)));
  // Brings the chosen lane into view, for choices made elsewhere; a thread that stands on top is in view already.
  watch(
    () => selection.key,
    (key) => {
      const isOnTop = layout.value.pinned.some((row) => row.key === `pin:${key}`);
      if (key !== null && !isOnTop) reveal(key);
    },
  );

  return {
    heights,
    areaPx,
    layout,
    placed,
    inView,
    below,
    roomPx,
    shownTop,
    scrollTop,
    maxScroll,
    scrollTo,
    scrollBy,
    reveal,
    pointAt,
  };
}
export type LaneRows = ReturnType<typeof useLaneRows>;

function refsOf(rows: readonly PlacedRow[]): LaneRef[] {
  const seen = new Set<string>();
  const refs: LaneRef[] = [];
  for (const { row } of rows) {
    if (row.kind === 'group' || seen.has(laneKey(row.kind, row.id))) continue;
    seen.add(laneKey(row.kind, row.id));
    refs.push({ kind: row.kind, id: row.id });
  }
  return refs;
}
