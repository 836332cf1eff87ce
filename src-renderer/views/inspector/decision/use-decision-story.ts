/** The story of the decision at the cursor, fetched when the decision changes. */
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import { useNotices } from '../../../stores/notices.ts';
import { useSession } from '../../../stores/session.ts';
import type { EventRow } from '../../../trace-data/decode/events.ts';
import { decisionStory, type DecisionStory } from './decision-story.ts';

/**
 * @param decision the decision that is shown
 * @param lwp whom it is about
 * @returns null while it is being fetched
 */
export function useDecisionStory(
  decision: () => EventRow | null,
  lwp: () => number,
): ComputedRef<DecisionStory | null> {
  const session = useSession();
  const notices = useNotices();
  const story = shallowRef<DecisionStory | null>(null);

  watch(
    () => decision()?.sequence ?? null,
    async () => {
      const row = decision();
      const { traceId, trace } = session;
      if (row === null || traceId === null || trace === null) {
        story.value = null;
        return;
      }
      const process = trace.lwps.find(({ id }) => id === lwp())?.process;
      const siblings = trace.lwps.filter((other) => other.process === process && other.id !== lwp());
      try {
        const told = await decisionStory(
          session.workbench(),
          traceId,
          row,
          siblings.map(({ id }) => id),
        );
        if (decision()?.sequence === row.sequence) story.value = told;
      } catch (thrown) {
        notices.fail('The decision cannot be explained', thrown);
      }
    },
    { immediate: true },
  );
  return computed(() => (story.value?.decision.sequence === decision()?.sequence ? story.value : null));
}
