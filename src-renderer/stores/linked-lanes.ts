/**
 * Lanes that hang together with what is chosen, to stand first: with a slice or a hold over its length, with a decision
 * at its moment, with a thread or lock as far as it was in view when it was chosen. Kept until something else is
 * chosen, so that rows do not move while one looks around.
 */
import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type { LaneRef } from '#shared/api/contract.ts';
import { linkedLanes } from '../trace-data/linked-lanes.ts';
import type { TimeRange } from '../trace-data/time-axis.ts';
import { useNotices } from './notices.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';
import { useViewport } from './viewport.ts';

const NONE: ReadonlySet<string> = new Set();
/** The contract's limit of lanes a request; of more the first are looked at. */
const MOST_LANES = 512;
/** At the resolution of a screen: a wait that is too short to see links nothing. */
const PIXELS = 1024;
/** Going from slice to slice by a held key chooses many: only where it stops are links looked for. */
const REST_MS = 120;

export const useLinkedLanes = defineStore('linkedLanes', () => {
  const session = useSession();
  const selection = useSelection();
  const viewport = useViewport();
  const notices = useNotices();

  /** Lane keys, those first that the chosen one met directly. */
  const keys = shallowRef(NONE);
  /** Whether the reader wants linked lanes first. */
  const wanted = ref(true);

  let timer: ReturnType<typeof setTimeout> | undefined;
  let flight: AbortController | null = null;

  function forget(): void {
    clearTimeout(timer);
    flight?.abort();
  }

  /** The thread or lock that is chosen; of a slice of a CPU the thread that ran. */
  function subject(): LaneRef | null {
    const { lane, lwp } = selection;
    if (lane?.kind !== 'cpu') return lane;
    return lwp === null ? null : { kind: 'lwp', id: lwp };
  }

  async function rangeOf(lane: LaneRef, traceId: string, signal: AbortSignal): Promise<TimeRange> {
    const { slice, momentNs } = selection;
    if (slice !== null) return slice;
    if (momentNs === null) return viewport.known;
    // A decision is about what ended there and what began.
    const { previous, at } = await session
      .workbench()
      .request('trace.neighbours', { traceId, lane, timeNs: momentNs }, { signal });
    if (at === null) return viewport.known;
    return at.startNs === momentNs && previous !== null ? { startNs: previous.startNs, endNs: at.endNs } : at;
  }

  async function look(lane: LaneRef, traceId: string): Promise<void> {
    const controller = new AbortController();
    flight = controller;
    const { signal } = controller;
    const lwps = (session.trace?.lwps ?? []).slice(0, MOST_LANES).map(({ id }) => id);
    const syncs = (session.trace?.syncs ?? []).slice(0, MOST_LANES).map(({ id }) => id);
    try {
      const { startNs, endNs } = await rangeOf(lane, traceId, signal);
      const window = { traceId, startNs, endNs, pixels: PIXELS };
      const client = session.workbench();
      const lanesOf = (kind: LaneRef['kind'], ids: readonly number[]) =>
        client.request('trace.lanes', { ...window, lanes: ids.map((id) => ({ kind, id })) }, { signal });
      const [threads, locks, wakeups] = await Promise.all([
        lanesOf('lwp', lwps),
        lanesOf('sync', syncs),
        client.request('trace.wakeups', { ...window, lwps }, { signal }),
      ]);
      if (signal.aborted) return;
      keys.value = new Set(linkedLanes(lane, { startNs, endNs }, { lwps, threads, syncs, locks, wakeups }));
    } catch (thrown) {
      if (!signal.aborted) notices.fail('Could not find related lanes', thrown);
    }
  }

  watch(
    () => [session.traceId, selection.lane, selection.slice, selection.momentNs, wanted.value] as const,
    ([traceId], before) => {
      forget();
      const about = subject();
      // What is linked stands where it is until it is known what is linked now.
      if (traceId !== before?.[0] || about === null || !wanted.value) keys.value = NONE;
      if (traceId === null || about === null || !wanted.value) return;
      timer = setTimeout(() => void look(about, traceId), REST_MS);
    },
    { immediate: true, flush: 'sync' },
  );

  return { keys, wanted };
});
