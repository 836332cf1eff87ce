/**
 * Threads that hang together with the chosen lock: those that wait for it in the stretch that was in view when it was
 * chosen, as far as a screen shows it. Kept until something else is chosen, so that rows do not move while one looks around.
 */
import { defineStore } from 'pinia';
import { ref, shallowRef, watch } from 'vue';
import type { LaneColumns } from '#shared/api/contract.ts';
import { laneKey } from '../trace-data/lane-model.ts';
import { useNotices } from './notices.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';
import { useViewport } from './viewport.ts';

const NONE: ReadonlySet<string> = new Set();
/** The contract's limit of lanes a request; of more threads the first are looked at. */
const MOST_LANES = 512;
/** As finely as a screen would show it, and not more: a wait that nobody can see links nothing. */
const PIXELS = 1024;

/** Whether thread lane `lane` shows a wait for the lock. */
function waitsFor({ laneOffset, sync }: LaneColumns, lane: number, lock: number): boolean {
  for (let row = laneOffset[lane]!; row < laneOffset[lane + 1]!; row++) if (sync[row] === lock) return true;
  return false;
}

export const useLinkedThreads = defineStore('linkedThreads', () => {
  const session = useSession();
  const selection = useSelection();
  const viewport = useViewport();
  const notices = useNotices();

  /** Lane keys. */
  const keys = shallowRef(NONE);
  const sync = ref<number | null>(null);

  watch(
    () => [session.traceId, selection.lane] as const,
    async ([traceId, lane]) => {
      const chosen = lane?.kind === 'sync' ? lane.id : null;
      if (chosen === sync.value && traceId !== null) return;
      sync.value = chosen;
      keys.value = NONE;
      if (traceId === null || chosen === null) return;
      const { startNs, endNs } = viewport.known;
      try {
        const lwps = (session.trace?.lwps ?? []).slice(0, MOST_LANES).map(({ id }) => id);
        const lanes = lwps.map((id) => ({ kind: 'lwp' as const, id }));
        const columns = await session
          .workbench()
          .request('trace.lanes', { traceId, startNs, endNs, pixels: PIXELS, lanes });
        if (session.traceId !== traceId || sync.value !== chosen) return;
        keys.value = new Set(
          lwps.filter((_, lane) => waitsFor(columns, lane, chosen)).map((id) => laneKey('lwp', id)),
        );
      } catch (thrown) {
        notices.fail('The threads that wait for the lock cannot be listed', thrown);
      }
    },
    { flush: 'sync' },
  );

  return { keys };
});
