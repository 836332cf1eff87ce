/** The story of the decision at the cursor, fetched when the decision changes. */
import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import type { EventRow } from '../../../trace-data/decode/event-row.ts';
import { decisionStory, type DecisionStory } from './decision-story.ts';
import { useInspectorContext } from '../inspector-context.ts';

/**
 * @param decision the decision that is shown
 * @param lwp the LWP that it concerns
 * @returns null while it is being fetched
 */
export function useDecisionStory(
  decision: () => EventRow | null,
  lwp: () => number,
): ComputedRef<DecisionStory | null> {
  const { session, notices } = useInspectorContext();
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
      // Those of its own process first: a lock may be shared, and not every source tells what makes up a process.
      const process = trace.lwps.find(({ id }) => id === lwp())?.process;
      const others = trace.lwps.filter(({ id }) => id !== lwp());
      const first = others.filter((other) => other.process === process);
      const rest = others.filter((other) => other.process !== process);
      try {
        const told = await decisionStory(
          session.workbench(),
          traceId,
          row,
          [...first, ...rest].map(({ id }) => id),
        );
        if (decision()?.sequence === row.sequence) story.value = told;
      } catch (thrown) {
        notices.fail('Could not explain the decision', thrown);
      }
    },
    { immediate: true },
  );
  return computed(() => (story.value?.decision.sequence === decision()?.sequence ? story.value : null));
}
