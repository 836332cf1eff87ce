/** Going from slice to slice along a lane, and from lane to lane. */
import type { Ref } from 'vue';
import type { LaneRef } from '#shared/api/contract.ts';
import { useCursor } from '../../stores/cursor.ts';
import { usePlayback } from '../../stores/playback.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSession } from '../../stores/session.ts';
import type { LaneLayout } from '../../trace-data/lane-layout.ts';

export function useSliceSteps(layout: Readonly<Ref<LaneLayout>>) {
  const session = useSession();
  const cursor = useCursor();
  const selection = useSelection();
  const playback = usePlayback();

  let stepping = false;

  /** Asks for the slice, as what is on the screen may merge several or end before the next. */
  async function stepSlice(direction: 1 | -1): Promise<void> {
    const { traceId } = session;
    const { lane, slice } = selection;
    // A key held down repeats faster than the service answers: one step at a time.
    if (traceId === null || lane === null || stepping) return;
    stepping = true;
    try {
      const timeNs = slice?.startNs ?? cursor.cursorNs;
      const { previous, at, next } = await session
        .workbench()
        .request('trace.neighbours', { traceId, lane, timeNs, endNs: slice?.endNs });
      // Without a slice, the one at the cursor comes first on the way back.
      const found = direction === 1 ? next : slice === null ? (at ?? previous) : previous;
      if (found === null || session.traceId !== traceId || selection.lane !== lane) return;
      const { startNs, endNs, state } = found;
      const lwp = lane.kind === 'lwp' ? lane.id : found.lwp < 0 ? null : found.lwp;
      selection.selectSlice(lane, lwp, { lane, startNs, endNs, state });
      playback.pause();
      cursor.seekTime(startNs);
    } finally {
      stepping = false;
    }
  }

  function stepLane(direction: 1 | -1): void {
    const rows = [...layout.value.scrolled].filter(({ kind }) => kind !== 'group');
    if (rows.length === 0) return;
    const current = rows.findIndex(({ key }) => key === selection.key);
    const next = rows[current < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, current + direction))]!;
    selection.selectSlice({ kind: next.kind as LaneRef['kind'], id: next.id }, null, null);
  }

  return { stepSlice, stepLane };
}
