/** What went wrong in the open trace, how the reader wants it listed, and which finding is being looked at. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { TraceFindings } from '#shared/api/contract.ts';
import type { Finding, FindingKind, Severity } from '#shared/model/findings.ts';
import { findingRows, type FindingOrder } from '../trace-data/finding-list.ts';
import { useNotices } from './notices.ts';
import { useSession } from './session.ts';

export const useFindings = defineStore('findings', () => {
  const session = useSession();
  const notices = useNotices();

  /** A few for each detector, whatever the length of the trace. Null where they have not been read. */
  const answer = shallowRef<TraceFindings | null>(null);
  const isReading = ref(false);
  const least = ref<Severity>('info');
  const text = ref('');
  const order = ref<FindingOrder>('severity');
  /** Ordinal of the finding that is looked at. */
  const current = ref<number | null>(null);
  const showsSummary = ref(true);

  /** Whether the trace has been looked at: one that was cut off has not. */
  const wereMade = computed(() => (answer.value?.findings ?? null) !== null);
  const all = computed<readonly Finding[]>(() => answer.value?.findings?.findings ?? []);
  const kinds = computed<ReadonlyMap<string, FindingKind>>(
    () => new Map(answer.value?.kinds.map((kind) => [kind.id, kind])),
  );
  const count = computed(() => all.value.length);
  const titleOf = (id: string): string => kinds.value.get(id)?.title ?? id;
  const rows = computed(() =>
    findingRows(all.value, { least: least.value, text: text.value, order: order.value }, titleOf),
  );

  watch(
    () => session.traceId,
    () => {
      answer.value = null;
      current.value = null;
      text.value = '';
      showsSummary.value = true;
      void read();
    },
    { immediate: true },
  );
  // They are there once a recording is whole.
  watch(
    () => session.completed,
    (completed) => {
      if (completed === session.traceId) void read();
    },
  );

  /** @param recompute by the detectors of this version, which reads the whole trace */
  async function read(recompute = false): Promise<void> {
    const { traceId } = session;
    if (traceId === null) return;
    isReading.value = true;
    try {
      const found = await session.workbench().request('trace.findings', { traceId, recompute });
      if (session.traceId === traceId) answer.value = found;
    } catch (thrown) {
      if (session.traceId === traceId) notices.fail('Could not read the findings', thrown);
    } finally {
      if (session.traceId === traceId) isReading.value = false;
    }
  }

  const byOrdinal = (ordinal: number): Finding | undefined => all.value[ordinal - 1];

  return {
    answer,
    isReading,
    least,
    text,
    order,
    current,
    showsSummary,
    wereMade,
    all,
    kinds,
    count,
    rows,
    titleOf,
    byOrdinal,
    read,
  };
});
