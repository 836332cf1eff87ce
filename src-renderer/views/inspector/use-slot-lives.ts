/**
 * How often the slots of the open trace were allocated: read once for each trace, when a map of slots is first shown.
 */
import { shallowRef, watch, type ShallowRef } from 'vue';
import { KIND } from '#shared/model/kinds.ts';
import { SlotLives } from '../../trace-data/slot-lives.ts';
import { useInspectorContext } from './inspector-context.ts';

const CHUNK_ROWS = 10_000;
/** Beyond this many changes the counts end where they are: a map says "twice", not how many thousand times. */
const CHUNKS_MOST = 40;

export function useSlotLives(): ShallowRef<SlotLives | null> {
  const { session, notices, slotLives } = useInspectorContext();
  const lives = shallowRef<SlotLives | null>(null);

  async function read(traceId: string): Promise<void> {
    const found = new SlotLives();
    let from = 1;
    for (let chunk = 0; chunk < CHUNKS_MOST; chunk++) {
      const rows = await session.workbench().request('trace.events', {
        traceId,
        sequence: from,
        before: 0,
        after: CHUNK_ROWS,
        filter: { kinds: [KIND.slot_allocated] },
      });
      if (session.traceId !== traceId) return;
      found.add(rows);
      if (rows.sequence.length < CHUNK_ROWS) break;
      from = rows.sequence.at(-1)! + 1;
    }
    slotLives.kept = { traceId, lives: found };
    lives.value = found;
  }

  watch(
    () => session.traceId,
    (traceId) => {
      const { kept } = slotLives;
      lives.value = kept !== null && kept.traceId === traceId ? kept.lives : null;
      if (traceId !== null && lives.value === null) {
        read(traceId).catch((thrown: unknown) =>
          notices.fail('Could not read the history of the slots', thrown),
        );
      }
    },
    { immediate: true },
  );
  return lives;
}
