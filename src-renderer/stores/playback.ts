/** Playing: what moves the cursor on with the wall's clock. */
import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { Ns } from '#shared/base/brands.ts';
import { useCursor } from './cursor.ts';
import { useNotices } from './notices.ts';
import { usePace } from './pace.ts';
import { advance, rowsDue } from '../trace-data/playback-clock.ts';
import { RowsAhead } from './rows-ahead.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';

export const usePlayback = defineStore('playback', () => {
  const session = useSession();
  const cursor = useCursor();
  const pace = usePace();
  const selection = useSelection();
  const notices = useNotices();

  const playing = ref(false);
  /** Whether playback loops the selected time range. */
  const looping = ref(false);
  /** The time range that playback loops, null where it plays on to the end. */
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
      notices.fail('Could not read ahead', thrown);
    },
  );
  let owed = 0;
  let frame = 0;
  let frameAtMs = 0;

  watch(() => session.traceId, pause, { flush: 'sync' });
  watch(() => [cursor.jumps, pace.pace], readAhead, { flush: 'sync' });

  function play(): void {
    if (playing.value || session.trace === null) return;
    const range = loop.value;
    if (range !== null && (cursor.cursorNs < range.startNs || cursor.cursorNs >= range.endNs)) {
      cursor.seekTime(range.startNs);
    } else if (cursor.atEnd) {
      cursor.seekTime(0);
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
    cursor.cursorNs = Math.round(cursor.cursorNs);
  }

  function toggle(): void {
    if (playing.value) pause();
    else play();
  }

  function toggleLoop(): void {
    looping.value = !looping.value;
  }

  /** Reads the rows behind the cursor, where they are going to be played. */
  function readAhead(): void {
    owed = 0;
    if (!playing.value || pace.pace !== 'events' || session.traceId === null) return;
    const { sequence, cursorNs } = cursor;
    ahead.restart(sequence === null ? { timeNs: Math.round(cursorNs) } : { sequence });
  }

  function tick(nowMs: number): void {
    if (!playing.value) return;
    const elapsedMs = nowMs - frameAtMs;
    frameAtMs = nowMs;
    const stopNs = loop.value?.endNs ?? cursor.endNs;
    const atStop = pace.pace === 'time' ? advanceTime(elapsedMs, stopNs) : advanceRows(elapsedMs, stopNs);
    // Nothing to loop: the range has no row.
    const isEmpty = pace.pace === 'events' && cursor.sequence === null;
    if (atStop && loop.value !== null && !isEmpty) {
      cursor.moveTo(loop.value.startNs);
      readAhead();
    } else if (atStop) {
      pause();
      return;
    }
    frame = requestAnimationFrame(tick);
  }

  /** Answers whether the cursor has come to `stopNs`. */
  function advanceTime(elapsedMs: number, stopNs: Ns): boolean {
    const next = advance(cursor.cursorNs, elapsedMs, pace.speed, stopNs);
    cursor.moveTo(next.cursorNs);
    return next.atEnd;
  }

  /** Answers whether there is no row left up to `stopNs`. */
  function advanceRows(elapsedMs: number, stopNs: Ns): boolean {
    const due = rowsDue(owed, elapsedMs, pace.eventRate);
    owed = due.owed;
    const row = ahead.take(due.rows, stopNs);
    if (row !== null) cursor.moveBehind(row);
    return ahead.atEnd || (ahead.nextNs ?? 0) > stopNs;
  }

  return { playing, looping, play, pause, toggle, toggleLoop };
});
