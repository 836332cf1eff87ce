/**
 * Keeps an {@link Inspection} of the cursor and the chosen thread up to date: one request at a time, the newest wins.
 */
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { useNotices } from '../../stores/notices.ts';
import { useCursor } from '../../stores/cursor.ts';
import { usePlayback } from '../../stores/playback.ts';
import { useInspectorPages } from '../../stores/inspector-pages.ts';
import { useSession } from '../../stores/session.ts';
import { inspect, type Inspection, type InspectionRequest } from './inspection.ts';

/** While playing, the text changes at most this often: faster is not readable, and drawing comes first. */
const PLAYING_INTERVAL_MS = 80;

export function useInspection(): {
  readonly inspection: ShallowRef<Inspection | null>;
  /** Whether what is shown is older than the cursor. */
  readonly stale: ComputedRef<boolean>;
} {
  const session = useSession();
  const cursor = useCursor();
  const playback = usePlayback();
  const pages = useInspectorPages();
  const notices = useNotices();

  const inspection = shallowRef<Inspection | null>(null);
  let running = false;

  const wanted = computed<InspectionRequest | null>(() =>
    session.traceId === null
      ? null
      : {
          traceId: session.traceId,
          timeNs: Math.round(cursor.cursorNs),
          sequence: cursor.sequence,
          page: pages.page,
        },
  );
  const shown = shallowRef<InspectionRequest | null>(null);
  const stale = computed(() => shown.value !== wanted.value);

  watch(wanted, () => void refresh(), { immediate: true });

  async function refresh(): Promise<void> {
    if (running) return;
    running = true;
    try {
      for (let request = wanted.value; request !== shown.value; request = wanted.value) {
        if (request === null) inspection.value = null;
        else await show(request);
        shown.value = request;
        if (playback.playing) await new Promise((resolve) => setTimeout(resolve, PLAYING_INTERVAL_MS));
      }
    } finally {
      running = false;
    }
  }

  async function show(request: InspectionRequest): Promise<void> {
    try {
      const next = await inspect(session.workbench(), request, inspection.value);
      // The trace may have been closed while the answer was on its way.
      if (session.traceId !== request.traceId) return;
      inspection.value = next;
      cursor.resolve({ sequence: next.sequence, timeNs: next.rowTimeNs });
    } catch (thrown) {
      if (session.traceId === request.traceId) {
        notices.fail('Could not read the state at the cursor', thrown);
      }
    }
  }

  return { inspection, stale };
}
