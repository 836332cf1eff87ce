/**
 * Where a trace opens: the cursor on its most telling moment, the thread that it is about chosen, and
 * enough around it in view. A trace without one opens whole, at its start.
 */
import { watch } from 'vue';
import type { LaneRef } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { openingRange } from '../trace-data/opening-range.ts';
import { useCursor } from './cursor.ts';
import { useInspectorPages } from './inspector-pages.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';
import { useViewport } from './viewport.ts';

/** To be called once, by the window's shell. */
export function useOpeningPlace(): void {
  const session = useSession();
  const cursor = useCursor();
  const selection = useSelection();
  const viewport = useViewport();
  // Follows the selection, and forgets with the trace: before this one shows a place in the next.
  useInspectorPages();

  /** Goes to the most telling moment of the open trace, where it has one. */
  function show(): void {
    const { highlight } = session;
    if (session.traceId === null || highlight === null) return;
    const { sequence, timeNs, lwp, startNs, endNs } = highlight;
    if (sequence === null) cursor.seekTime(timeNs);
    else cursor.seekRow({ sequence, timeNs });
    const lane: LaneRef = { kind: 'lwp', id: lwp };
    if (highlight.what === 'preempted') {
      selection.selectSlice(lane, lwp, { lane, startNs, endNs, state: LANE_STATE.preempted });
    } else {
      selection.selectLwp(lwp, timeNs);
    }
    viewport.show(openingRange(highlight, viewport.recorded));
  }

  // At once, and after the stores (made above) have forgotten the trace before: nothing is drawn in between.
  watch(() => session.traceId, show, { flush: 'sync' });
  // A trace that was shown while it was written: a reader who has not moved yet is taken to the opening place.
  watch(
    () => session.completed,
    (id) => {
      if (id === session.traceId && selection.lane === null && cursor.cursorNs === 0) show();
    },
  );
}
