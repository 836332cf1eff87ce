/** Two marks on the time axis, A and B: to measure between, and to count from. Times in ns, null while not set. */
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { Ns } from '#shared/base/brands.ts';
import type { TimeRange } from '../trace-data/time-axis.ts';
import { useSession } from './session.ts';
import { useViewport } from './viewport.ts';

export const MARK_NAMES = ['A', 'B'] as const;
export type MarkName = (typeof MARK_NAMES)[number];
export type Marks = Readonly<Record<MarkName, number | null>>;

const NO_MARKS: Marks = { A: null, B: null };

export const useMarks = defineStore('marks', () => {
  const session = useSession();
  const viewport = useViewport();
  const marks = shallowRef<Marks>(NO_MARKS);

  watch(() => session.traceId, clear, { flush: 'sync' });

  /** Puts a mark to a time within the trace, or takes it away. */
  function set(name: MarkName, timeNs: Ns | null): void {
    const { startNs, endNs } = viewport.recorded;
    const at = timeNs === null ? null : Math.min(endNs, Math.max(startNs, Math.round(timeNs)));
    marks.value = { ...marks.value, [name]: at };
  }

  function clear(): void {
    marks.value = NO_MARKS;
  }

  /** What the ruler counts from when it counts relative to a mark: A, else B. */
  const originNs = computed(() => marks.value.A ?? marks.value.B);
  /** The range between the marks; null unless both stand, and apart. */
  const between = computed<TimeRange | null>(() => {
    const { A, B } = marks.value;
    return A === null || B === null ? null : viewport.within(A, B);
  });

  return { marks, originNs, between, set, clear };
});
