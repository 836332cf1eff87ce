/** Steps of the cursor from row to row, decision to decision, or one context switch of a thread to the next. */
import { defineStore } from 'pinia';
import type { LwpId } from '#shared/base/brands.ts';
import type { RequestParams } from '#shared/api/contract.ts';
import { useCursor } from './cursor.ts';
import { useNotices } from './notices.ts';
import { stepOrigin } from '../trace-data/playback-clock.ts';
import { usePlayback } from './playback.ts';
import { useSession } from './session.ts';

export type StepWhat = RequestParams<'trace.step'>['what'];
export type StepDirection = RequestParams<'trace.step'>['direction'];

export const useStepping = defineStore('stepping', () => {
  const session = useSession();
  const cursor = useCursor();
  const playback = usePlayback();
  const notices = useNotices();
  let isStepping = false;

  /**
   * Moves to the next or previous event, decision or context switch.
   *
   * @param lwp of this LWP only
   * @returns false where there is none in that direction
   */
  async function step(direction: StepDirection, what: StepWhat, lwp?: LwpId): Promise<boolean> {
    const { traceId } = session;
    // A key held down repeats faster than the service answers: one step at a time.
    if (traceId === null || isStepping) return false;
    isStepping = true;
    playback.pause();
    try {
      const onRow = cursor.sequence !== null;
      const origin = stepOrigin(direction, await cursor.rowAtCursor(traceId), cursor.cursorNs, onRow);
      const params = { traceId, fromSequence: origin, direction, what };
      const target = await session
        .workbench()
        .request('trace.step', lwp === undefined ? params : { ...params, lwp });
      if (target === null || session.traceId !== traceId) return false;
      cursor.seekRow(target);
      return true;
    } catch (thrown) {
      notices.fail('Could not move the cursor', thrown);
      return false;
    } finally {
      isStepping = false;
    }
  }

  return { step };
});
