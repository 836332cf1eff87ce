/** A chart's data: follows the visible range once it has come to rest, or when it leaves what is there. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { WorkbenchClient } from '#shared/api/contract.ts';
import { useNotices } from '../../stores/notices.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';
import { contains, type TimeRange } from '../../trace-data/time-axis.ts';
import { WindowQuery, type WindowRequest } from '../../trace-data/window-query.ts';

export type AskForChart<Data> = (
  client: WorkbenchClient,
  params: WindowRequest & { readonly traceId: string },
  options: { readonly signal: AbortSignal },
) => Promise<Data>;

/** Charts are drawn anew when the axis has rested this long: drawing them costs more than a frame. */
const REST_MS = 120;

/** @param detail data points for each pixel of the screen */
export function useChartQuery<Data>(askFor: AskForChart<Data>, detail: number) {
  const session = useSession();
  const viewport = useViewport();
  const notices = useNotices();
  const answer = shallowRef<{ readonly window: TimeRange; readonly data: Data } | null>(null);

  const query = new WindowQuery<Data>(
    (request, _extra, signal) =>
      askFor(session.workbench(), { traceId: session.traceId ?? '', ...request }, { signal }),
    () => (answer.value = query.answer),
    (thrown) => notices.fail('A chart cannot be shown', thrown),
    detail,
  );

  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => {
    if (session.trace?.hasSchedctl !== true) return;
    query.show(viewport.range, viewport.widthPx, viewport.limits, session.trace.traceId, null);
  };
  watch(
    () => session.traceId,
    () => {
      query.clear();
      answer.value = null;
    },
    { flush: 'sync' },
  );
  watch(
    [() => viewport.range, () => viewport.widthPx, () => session.traceId],
    () => {
      clearTimeout(timer);
      const have = answer.value;
      if (have === null || !contains(have.window, viewport.range)) ask();
      timer = setTimeout(ask, REST_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    query.clear();
  });

  return computed(() => answer.value);
}
