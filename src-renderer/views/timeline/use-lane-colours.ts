/** Which of the eight hues a thread's bars have while lanes are coloured by thread or by process. */
import { computed } from 'vue';
import { useLanes } from '../../stores/lanes.ts';
import { useSession } from '../../stores/session.ts';
import { HUES } from '../../theme/theme-colours.ts';

/** Number of a thread's hue, -1 where colours tell states. */
export type HueOf = (lwp: number) => number;
const BY_STATE: HueOf = () => -1;

export function useLaneColours() {
  const session = useSession();
  const lanes = useLanes();

  const hueOf = computed<HueOf>(() => {
    const { trace } = session;
    if (trace === null || lanes.colouring === 'state') return BY_STATE;
    const byProcess = lanes.colouring === 'process';
    const hues = new Map(trace.lwps.map(({ id, process }) => [id, (byProcess ? process : id) % HUES.length]));
    return (lwp) => hues.get(lwp) ?? -1;
  });
  return { hueOf };
}
