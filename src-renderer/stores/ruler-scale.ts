/** What the time ruler counts: seconds from the start of the trace, seconds from a mark, or clock ticks. */
import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { RulerScale } from '../trace-data/ticks.ts';
import { useMarks } from './marks.ts';
import { useCursor } from './cursor.ts';
import { useSession } from './session.ts';

export type RulerKind = RulerScale['kind'];

export const useRulerScale = defineStore('rulerScale', () => {
  const session = useSession();
  const marks = useMarks();
  const cursor = useCursor();

  const kind = ref<RulerKind>('absolute');
  const tickNs = computed(() => session.trace?.tickNs ?? null);
  /** What the open trace can be counted in: ticks only where it says how long one is. */
  const kinds = computed<readonly RulerKind[]>(() =>
    tickNs.value === null ? ['absolute', 'relative'] : ['absolute', 'relative', 'ticks'],
  );
  const scale = computed<RulerScale>(() => {
    if (kind.value === 'ticks' && tickNs.value !== null) return { kind: 'ticks', tickNs: tickNs.value };
    if (kind.value === 'relative') return { kind: 'relative', originNs: marks.originNs ?? 0 };
    return { kind: 'absolute' };
  });

  watch(
    () => session.traceId,
    () => (kind.value = 'absolute'),
  );
  /** Relative to what? To mark A; where neither mark stands yet, it is put where the reader is. */
  watch(kind, (now) => {
    if (now === 'relative' && marks.originNs === null) marks.set('A', cursor.cursorNs);
  });

  /** Goes on to the next of `kinds`, and from the last to the first. */
  function next(): void {
    kind.value = kinds.value[(kinds.value.indexOf(kind.value) + 1) % kinds.value.length]!;
  }

  return { kind, kinds, scale, next };
});
