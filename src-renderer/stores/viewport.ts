/**
 * The visible time range of the trace, shared by ruler, lanes, charts and minimap. Times are ns since the start
 * of the trace. A range, never data.
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Ns } from '#shared/base/brands.ts';
import {
  axisEndNs,
  centreRange,
  clampRange,
  fitRange,
  panRange,
  spanOf,
  zoomRange,
  type TimeRange,
} from '../trace-data/time-axis.ts';
import { useCursor } from './cursor.ts';
import { usePlayback } from './playback.ts';
import { useSession } from './session.ts';

/** One press of W or S. */
const ZOOM_STEP = 1.5;
/** One press of A or D, as a part of what is visible. */
const PAN_STEP = 0.15;
/** While playing, the cursor is brought back to this part of the screen when it runs out of it. */
const FOLLOW_AT = 0.2;

export const useViewport = defineStore('viewport', () => {
  const session = useSession();
  const cursor = useCursor();
  const playback = usePlayback();

  /** What can be shown at most: the whole trace, and what is missing at its end. */
  const limits = computed<TimeRange>(() => ({
    startNs: 0,
    endNs: session.trace === null ? 1 : axisEndNs(session.trace),
  }));
  /** What is there: data is asked for, and chosen, within it. */
  const recorded = computed<TimeRange>(() => ({
    startNs: 0,
    endNs: Math.max(1, session.trace?.durationNs ?? 1),
  }));
  const range = shallowRef<TimeRange>(limits.value);
  /** The part of the visible time range that is recorded, for whatever is summed up over it. Never empty. */
  const known = computed<TimeRange>(() => {
    const { endNs } = recorded.value;
    return { startNs: Math.min(range.value.startNs, endNs - 1), endNs: Math.min(range.value.endNs, endNs) };
  });
  /** Width of the time axis in CSS pixels; set by the view that measures it. */
  const widthPx = ref(0);
  const nsPerPx = computed(() => spanOf(range.value) / Math.max(1, widthPx.value));
  /** Where the pointer is on the axis, as a time; null while it is elsewhere. */
  const pointerNs = ref<number | null>(null);

  watch(
    () => session.traceId,
    () => {
      range.value = limits.value;
      pointerNs.value = null;
    },
    { flush: 'sync' },
  );

  // A trace that is being recorded grows: a view of the whole keeps showing the whole.
  watch(
    limits,
    (now, before) => {
      const { startNs, endNs } = range.value;
      if (startNs === before.startNs && endNs === before.endNs) range.value = now;
    },
    { flush: 'sync' },
  );

  function show(next: TimeRange): void {
    range.value = clampRange(next, limits.value);
  }

  /**
   * Below 1 zooms in. Without an anchor the pointer's time stays put, else the cursor's if visible, else the middle.
   */
  function zoomBy(factor: number, anchorNs: Ns | null = null): void {
    range.value = zoomRange(range.value, factor, anchorNs ?? anchor(), limits.value);
  }

  function anchor(): number {
    const { startNs, endNs } = range.value;
    for (const timeNs of [pointerNs.value, cursor.cursorNs]) {
      if (timeNs !== null && timeNs >= startNs && timeNs <= endNs) return timeNs;
    }
    return (startNs + endNs) / 2;
  }

  const zoomIn = (): void => zoomBy(1 / ZOOM_STEP);
  const zoomOut = (): void => zoomBy(ZOOM_STEP);

  /** Positive moves towards later times. */
  function panBy(deltaNs: Ns): void {
    range.value = panRange(range.value, deltaNs, limits.value);
  }

  const panLeft = (): void => panBy(-PAN_STEP * spanOf(range.value));
  const panRight = (): void => panBy(PAN_STEP * spanOf(range.value));

  function showAll(): void {
    range.value = limits.value;
  }

  /** Shows `target` with a margin on either side. */
  function fit(target: TimeRange): void {
    range.value = fitRange(target, limits.value);
  }

  function centre(timeNs: Ns): void {
    range.value = centreRange(range.value, timeNs, limits.value);
  }

  /** The range between two times in any order, in whole ns and within what is recorded; null where it is empty. */
  function within(a: number, b: number): TimeRange | null {
    const startNs = Math.max(recorded.value.startNs, Math.round(Math.min(a, b)));
    const endNs = Math.min(recorded.value.endNs, Math.round(Math.max(a, b)));
    return startNs < endNs ? { startNs, endNs } : null;
  }

  /** Moves as little as brings `timeNs` into view. */
  function reveal(timeNs: Ns): void {
    const { startNs, endNs } = range.value;
    if (timeNs < startNs || timeNs > endNs) centre(timeNs);
  }

  watch(
    () => cursor.jumps,
    () => {
      if (cursor.cursorNs !== 0 || spanOf(range.value) < spanOf(limits.value)) reveal(cursor.cursorNs);
    },
  );
  watch(
    () => cursor.cursorNs,
    (cursorNs) => {
      if (!playback.playing) return;
      const { startNs, endNs } = range.value;
      if (cursorNs >= startNs && cursorNs <= endNs) return;
      const from = cursorNs - FOLLOW_AT * spanOf(range.value);
      show({ startNs: from, endNs: from + spanOf(range.value) });
    },
  );

  return {
    limits,
    recorded,
    range,
    known,
    widthPx,
    nsPerPx,
    pointerNs,
    show,
    zoomBy,
    zoomIn,
    zoomOut,
    panBy,
    panLeft,
    panRight,
    showAll,
    fit,
    centre,
    reveal,
    within,
  };
});
