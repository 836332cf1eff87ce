/** Sums over the selected time range, else over what is in view: asked for once that rests, the newest wins. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { Aggregates } from '#shared/api/contract.ts';
import { useNotices } from '../../stores/notices.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';

const REST_MS = 150;

export function useRangeSummary() {
  const session = useSession();
  const selection = useSelection();
  const viewport = useViewport();
  const notices = useNotices();

  const sums = shallowRef<Aggregates | null>(null);
  const loading = shallowRef(false);
  const failed = shallowRef(false);
  /** Whether the reader chose the range; else it is what the timeline shows. */
  const chosen = computed(() => selection.timeRange !== null);
  const range = computed(() => selection.timeRange ?? viewport.known);

  let flight: AbortController | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function ask(): Promise<void> {
    flight?.abort();
    const { traceId } = session;
    if (traceId === null) return;
    const controller = new AbortController();
    flight = controller;
    loading.value = true;
    const { startNs, endNs } = range.value;
    const params = { traceId, startNs: Math.floor(startNs), endNs: Math.ceil(endNs) };
    try {
      const answer = await session
        .workbench()
        .request('trace.aggregates', params, { signal: controller.signal });
      if (flight !== controller) return;
      sums.value = answer;
      failed.value = false;
    } catch (thrown) {
      if (flight !== controller) return;
      failed.value = true;
      notices.fail('Could not summarise the range', thrown);
    } finally {
      if (flight === controller) loading.value = false;
    }
  }

  void ask();
  watch([range, () => session.trace], () => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), REST_MS);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    flight?.abort();
    flight = null;
  });

  return { sums, range, chosen, loading, failed };
}
