/**
 * The cursor, and what moves it: playing, stepping, seeking.
 *
 * The cursor is a time. Several rows may share it; then `sequence` says which is the last one that has
 * happened. It is null after a move by time until somebody has asked the service (see `resolve`).
 */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { RequestParams } from '#shared/api/contract.ts';
import { useNotices } from './notices.ts';
import { advance, DEFAULT_SPEED, neighbourSpeed, stepOrigin, type Row } from './playback-clock.ts';
import { useSession } from './session.ts';

export type StepWhat = RequestParams<'trace.step'>['what'];
export type StepDirection = RequestParams<'trace.step'>['direction'];

export const usePlayback = defineStore('playback', () => {
  const session = useSession();
  const notices = useNotices();

  const cursorNs = ref(0);
  /** The row that the cursor stands on; null where the cursor was put by time. */
  const sequence = ref<number | null>(null);
  /** Last row at or before the cursor, as far as known: it may lag behind while the cursor moves. */
  const lastRow = shallowRef<Row>({ sequence: 0, timeNs: 0 });
  const playing = ref(false);
  const speed = ref(DEFAULT_SPEED);
  /** Counts jumps (not playing on), so that the timeline can bring the cursor into view. */
  const jumps = ref(0);

  const endNs = computed(() => session.trace?.durationNs ?? 0);
  const atEnd = computed(() => cursorNs.value >= endNs.value);

  let frame = 0;
  let frameAtMs = 0;
  let stepping = false;

  watch(
    () => session.traceId,
    () => {
      pause();
      cursorNs.value = 0;
      // By time: what set the machine up at time 0 has happened.
      sequence.value = null;
      lastRow.value = { sequence: 0, timeNs: 0 };
      jumps.value++;
    },
    { flush: 'sync' },
  );

  /** Puts the cursor to a time: all rows up to and at that time have happened. */
  function seekTime(timeNs: number): void {
    cursorNs.value = Math.min(Math.max(0, Math.round(timeNs)), endNs.value);
    sequence.value = null;
    jumps.value++;
  }

  /** Puts the cursor just behind a row. */
  function seekRow(row: Row): void {
    cursorNs.value = row.timeNs;
    sequence.value = row.sequence;
    lastRow.value = { sequence: row.sequence, timeNs: row.timeNs };
    jumps.value++;
  }

  /** Tells which row is the last at or before `askedNs`; for whoever asked the service anyway. */
  function resolve(row: Row): void {
    lastRow.value = row;
  }

  function play(): void {
    if (playing.value || session.trace === null) return;
    if (atEnd.value) seekTime(0);
    playing.value = true;
    frameAtMs = performance.now();
    frame = requestAnimationFrame(tick);
  }

  function pause(): void {
    if (!playing.value) return;
    playing.value = false;
    cancelAnimationFrame(frame);
    cursorNs.value = Math.round(cursorNs.value);
  }

  function toggle(): void {
    if (playing.value) pause();
    else play();
  }

  function tick(nowMs: number): void {
    if (!playing.value) return;
    const next = advance(cursorNs.value, nowMs - frameAtMs, speed.value, endNs.value);
    frameAtMs = nowMs;
    cursorNs.value = next.cursorNs;
    sequence.value = null;
    if (next.atEnd) pause();
    else frame = requestAnimationFrame(tick);
  }

  function faster(): void {
    speed.value = neighbourSpeed(speed.value, 1);
  }

  function slower(): void {
    speed.value = neighbourSpeed(speed.value, -1);
  }

  /** The last row that has happened at the cursor. */
  async function rowAtCursor(traceId: string): Promise<Row> {
    if (sequence.value !== null) return { sequence: sequence.value, timeNs: cursorNs.value };
    const { sequence: at, timeNs } = await session
      .workbench()
      .request('trace.stateAt', { traceId, timeNs: cursorNs.value });
    return { sequence: at, timeNs };
  }

  /**
   * Moves to the next or previous event, decision or context switch.
   *
   * @param lwp of this LWP only
   * @returns false where there is none in that direction
   */
  async function step(direction: StepDirection, what: StepWhat, lwp?: number): Promise<boolean> {
    const { traceId } = session;
    // A key held down repeats faster than the service answers: one step at a time.
    if (traceId === null || stepping) return false;
    stepping = true;
    pause();
    try {
      const onRow = sequence.value !== null;
      const origin = stepOrigin(direction, await rowAtCursor(traceId), cursorNs.value, onRow);
      const params = { traceId, fromSequence: origin, direction, what };
      const target = await session
        .workbench()
        .request('trace.step', lwp === undefined ? params : { ...params, lwp });
      if (target === null || session.traceId !== traceId) return false;
      seekRow(target);
      return true;
    } catch (thrown) {
      notices.fail('The cursor cannot be moved', thrown);
      return false;
    } finally {
      stepping = false;
    }
  }

  return {
    cursorNs,
    sequence,
    lastRow,
    playing,
    speed,
    jumps,
    endNs,
    atEnd,
    seekTime,
    seekRow,
    resolve,
    play,
    pause,
    toggle,
    faster,
    slower,
    rowAtCursor,
    step,
  };
});
