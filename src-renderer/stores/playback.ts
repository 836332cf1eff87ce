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
import {
  advance,
  DEFAULT_EVENT_RATE,
  DEFAULT_SPEED,
  EVENT_RATES,
  neighbour,
  rowsDue,
  SPEEDS,
  stepOrigin,
  type Row,
} from './playback-clock.ts';
import { RowsAhead } from './rows-ahead.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';

export type StepWhat = RequestParams<'trace.step'>['what'];
export type StepDirection = RequestParams<'trace.step'>['direction'];
/** What passes evenly while the cursor plays: the time of the trace, or its rows. */
export type Pace = 'time' | 'events';

export const usePlayback = defineStore('playback', () => {
  const session = useSession();
  const selection = useSelection();
  const notices = useNotices();

  const cursorNs = ref(0);
  /** The row that the cursor stands on; null where the cursor was put by time. */
  const sequence = ref<number | null>(null);
  /** Last row at or before the cursor, as far as known: it may lag behind while the cursor moves. */
  const lastRow = shallowRef<Row>({ sequence: 0, timeNs: 0 });
  const playing = ref(false);
  const pace = ref<Pace>('time');
  /** Seconds of trace for each second of the wall's clock. */
  const speed = ref<number>(DEFAULT_SPEED);
  /** Rows for each second of the wall's clock. */
  const eventRate = ref<number>(DEFAULT_EVENT_RATE);
  /** Whether playing goes round in the chosen stretch of time. */
  const looping = ref(false);
  /** Counts jumps (not playing on), so that the timeline can bring the cursor into view. */
  const jumps = ref(0);

  const endNs = computed(() => session.trace?.durationNs ?? 0);
  const atEnd = computed(() => cursorNs.value >= endNs.value);
  /** The stretch that playing goes round in, null where it goes on to the end. */
  const loop = computed(() => (looping.value ? selection.timeRange : null));

  /** For playing by rows; started anew whenever the cursor was moved otherwise. */
  const ahead = new RowsAhead(
    (from, rows) => {
      const traceId = session.traceId ?? '';
      const anchor =
        'sequence' in from ? { sequence: from.sequence + 1 } : { timeNs: Math.floor(from.timeNs) + 1 };
      return session.workbench().request('trace.events', { traceId, ...anchor, before: 0, after: rows });
    },
    (thrown) => {
      pause();
      notices.fail('The rows ahead cannot be read', thrown);
    },
  );
  let owed = 0;

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
    readAhead();
  }

  /** Puts the cursor just behind a row. */
  function seekRow(row: Row): void {
    cursorNs.value = row.timeNs;
    sequence.value = row.sequence;
    lastRow.value = { sequence: row.sequence, timeNs: row.timeNs };
    jumps.value++;
    readAhead();
  }

  /** Tells which row is the last at or before `askedNs`; for whoever asked the service anyway. */
  function resolve(row: Row): void {
    lastRow.value = row;
  }

  function play(): void {
    if (playing.value || session.trace === null) return;
    const stretch = loop.value;
    if (stretch !== null && (cursorNs.value < stretch.startNs || cursorNs.value >= stretch.endNs)) {
      seekTime(stretch.startNs);
    } else if (atEnd.value) {
      seekTime(0);
    }
    playing.value = true;
    readAhead();
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

  /** Reads the rows behind the cursor, where they are going to be played. */
  function readAhead(): void {
    owed = 0;
    if (!playing.value || pace.value !== 'events') return;
    ahead.restart(
      sequence.value === null ? { timeNs: Math.round(cursorNs.value) } : { sequence: sequence.value },
    );
  }
  watch(pace, readAhead);

  function tick(nowMs: number): void {
    if (!playing.value) return;
    const elapsedMs = nowMs - frameAtMs;
    frameAtMs = nowMs;
    const stopNs = loop.value?.endNs ?? endNs.value;
    const atStop = pace.value === 'time' ? advanceTime(elapsedMs, stopNs) : advanceRows(elapsedMs, stopNs);
    // Nothing to go round in: the stretch has no row.
    const isEmpty = pace.value === 'events' && sequence.value === null;
    if (atStop && loop.value !== null && !isEmpty) {
      cursorNs.value = loop.value.startNs;
      sequence.value = null;
      readAhead();
    } else if (atStop) {
      pause();
      return;
    }
    frame = requestAnimationFrame(tick);
  }

  /** Answers whether the cursor has come to `stopNs`. */
  function advanceTime(elapsedMs: number, stopNs: number): boolean {
    const next = advance(cursorNs.value, elapsedMs, speed.value, stopNs);
    cursorNs.value = next.cursorNs;
    sequence.value = null;
    return next.atEnd;
  }

  /** Answers whether there is no row left up to `stopNs`. */
  function advanceRows(elapsedMs: number, stopNs: number): boolean {
    const due = rowsDue(owed, elapsedMs, eventRate.value);
    owed = due.owed;
    const row = ahead.take(due.rows, stopNs);
    if (row !== null) {
      cursorNs.value = row.timeNs;
      sequence.value = row.sequence;
      lastRow.value = row;
    }
    return ahead.atEnd || (ahead.nextNs ?? 0) > stopNs;
  }

  function changeSpeed(direction: 1 | -1): void {
    if (pace.value === 'time') speed.value = neighbour(SPEEDS, speed.value, direction);
    else eventRate.value = neighbour(EVENT_RATES, eventRate.value, direction);
  }
  const faster = (): void => changeSpeed(1);
  const slower = (): void => changeSpeed(-1);

  function togglePace(): void {
    pace.value = pace.value === 'time' ? 'events' : 'time';
  }

  function toggleLoop(): void {
    looping.value = !looping.value;
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
    pace,
    speed,
    eventRate,
    looping,
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
    togglePace,
    toggleLoop,
    step,
  };
});
