/** A chart's data: follows the visible range once it has come to rest, or when it leaves what is there. */
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { TraceSummary } from '#shared/api/contract.ts';
import { useNames } from '../../stores/names.ts';
import { useNotices } from '../../stores/notices.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';
import { contains, type TimeRange } from '../../trace-data/time-axis.ts';
import { WindowQuery } from '../../trace-data/window-query.ts';
import type { ChartModel, ChartSpec } from './chart-model.ts';

/** Charts ask again when the axis has rested this long: drawing them costs more than a frame. */
const REST_MS = 120;

export interface ChartAnswer {
  /** The range that the model covers. */
  readonly window: TimeRange;
  readonly model: ChartModel;
}

/** @param mode one of the spec's modes, '' where it has none */
export function useChartQuery(spec: ChartSpec, mode: () => string) {
  const session = useSession();
  const names = useNames();
  const viewport = useViewport();
  const notices = useNotices();
  const answer = shallowRef<ChartAnswer | null>(null);

  const query = new WindowQuery<ChartModel, TraceSummary>(
    (request, trace, signal) =>
      spec.ask(
        session.workbench(),
        { traceId: trace.traceId, ...request },
        { signal },
        { trace, names: names.table, mode: mode() },
      ),
    () => {
      const have = query.answer;
      answer.value = have === null ? null : { window: have.window, model: have.data };
    },
    (thrown) => notices.fail(`Could not load the chart "${spec.title}"`, thrown),
    spec.detail,
  );

  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = (): void => {
    const { trace } = session;
    if (trace === null) return;
    query.show(viewport.range, viewport.widthPx, viewport.recorded, `${trace.traceId} ${mode()}`, trace);
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
    () => session.revision,
    () => {
      query.expire();
      ask();
    },
  );
  watch(
    [() => viewport.range, () => viewport.widthPx, () => session.traceId, mode],
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
