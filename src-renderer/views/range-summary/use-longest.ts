/** The longest of a part of a distribution, fetched when the part changes; going to one moves cursor and timeline. */
import { shallowRef, watch, type ShallowRef } from 'vue';
import type { LongestColumns } from '#shared/api/contract.ts';
import { useCursor } from '../../stores/cursor.ts';
import { useNotices } from '../../stores/notices.ts';
import { usePlayback } from '../../stores/playback.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';
import type { Measure } from '../../trace-data/summary-tables.ts';
import type { TimeRange } from '../../trace-data/time-axis.ts';

/** A reader does not go through more one by one. */
const MOST = 200;

export interface LongestQuestion {
  readonly range: TimeRange;
  readonly measure: Measure;
  readonly lengths: { readonly atLeastNs: number; readonly belowNs: number };
}

/** @param question null while nothing is asked */
export function useLongest(question: () => LongestQuestion | null): {
  readonly longest: ShallowRef<LongestColumns | null>;
  /** Whether `longest` still answers an earlier question. */
  readonly outdated: ShallowRef<boolean>;
  readonly goTo: (range: TimeRange, lwp: number) => void;
} {
  const session = useSession();
  const cursor = useCursor();
  const playback = usePlayback();
  const selection = useSelection();
  const viewport = useViewport();
  const notices = useNotices();
  const longest = shallowRef<LongestColumns | null>(null);
  const outdated = shallowRef(false);
  let newest: LongestQuestion | null = null;

  watch(
    question,
    async (asked) => {
      const { traceId } = session;
      newest = asked;
      outdated.value = asked !== null && traceId !== null;
      if (asked === null) longest.value = null;
      if (asked === null || traceId === null) return;
      const { startNs, endNs } = asked.range;
      const params = { traceId, startNs, endNs, what: asked.measure, ...asked.lengths, limit: MOST };
      try {
        const answer = await session.workbench().request('trace.longest', params);
        if (asked !== newest) return;
        longest.value = answer;
        outdated.value = false;
      } catch (thrown) {
        notices.fail('Could not load the longest intervals', thrown);
      }
    },
    { immediate: true },
  );

  function goTo({ startNs, endNs }: TimeRange, lwp: number): void {
    playback.pause();
    cursor.seekTime(startNs);
    selection.selectLwp(lwp);
    viewport.fit({ startNs, endNs: Math.max(endNs, startNs + 1) });
  }

  return { longest, outdated, goTo };
}
