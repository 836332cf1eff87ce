/**
 * The cursor: the moment that everything in the window shows.
 *
 * It is a time. Several rows may share it; then `sequence` says which is the last one that has happened. It is null
 * after a move by time until the service has been asked (see `resolve`).
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Ns } from '#shared/base/brands.ts';
import type { Row } from '../trace-data/playback-clock.ts';
import { useSession } from './session.ts';

export const useCursor = defineStore('cursor', () => {
  const session = useSession();

  const cursorNs = ref(0);
  /** The row that the cursor stands on; null where the cursor was put by time. */
  const sequence = ref<number | null>(null);
  /** Last row at or before the cursor, as far as known: it may lag behind while the cursor moves. */
  const lastRow = shallowRef<Row>({ sequence: 0, timeNs: 0 });
  /** Counts jumps (not playing on), so that the timeline can bring the cursor into view. */
  const jumps = ref(0);

  const endNs = computed(() => session.trace?.durationNs ?? 0);
  const atEnd = computed(() => cursorNs.value >= endNs.value);

  watch(
    () => session.traceId,
    () => {
      cursorNs.value = 0;
      // By time: what set the machine up at time 0 has happened.
      sequence.value = null;
      lastRow.value = { sequence: 0, timeNs: 0 };
      jumps.value++;
    },
    { flush: 'sync' },
  );

  /** Puts the cursor to a time without a jump, as playing does: all rows up to and at that time have happened. */
  function moveTo(timeNs: Ns): void {
    cursorNs.value = timeNs;
    sequence.value = null;
  }

  /** Puts the cursor just behind a row without a jump. */
  function moveBehind(row: Row): void {
    cursorNs.value = row.timeNs;
    sequence.value = row.sequence;
    lastRow.value = { sequence: row.sequence, timeNs: row.timeNs };
  }

  /** Jumps to a time. */
  function seekTime(timeNs: Ns): void {
    moveTo(Math.min(Math.max(0, Math.round(timeNs)), endNs.value));
    jumps.value++;
  }

  /** Jumps to just behind a row. */
  function seekRow(row: Row): void {
    moveBehind(row);
    jumps.value++;
  }

  /** Sets the last row at or before the cursor, for callers that asked the service anyway. */
  function resolve(row: Row): void {
    lastRow.value = row;
  }

  /** The last row that has happened at the cursor. */
  async function rowAtCursor(traceId: string): Promise<Row> {
    if (sequence.value !== null) return { sequence: sequence.value, timeNs: cursorNs.value };
    const { sequence: at, timeNs } = await session
      .workbench()
      .request('trace.stateAt', { traceId, timeNs: cursorNs.value });
    return { sequence: at, timeNs };
  }

  return {
    cursorNs,
    sequence,
    lastRow,
    jumps,
    endNs,
    atEnd,
    moveTo,
    moveBehind,
    seekTime,
    seekRow,
    resolve,
    rowAtCursor,
  };
});
