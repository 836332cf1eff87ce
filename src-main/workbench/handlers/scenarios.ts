/** The scenario library, and checking a text as it is edited. */
import { checkScenario } from '../../scenario/parse-scenario.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

export function scenarioHandlers(
  parts: ServiceParts,
): HandlersOf<'scenario.list' | 'scenario.read' | 'scenario.check'> {
  return {
    'scenario.list': () => parts.scenarios.list(),
    'scenario.read': async ({ id }) => ({ text: await parts.scenarios.read(id) }),
    'scenario.check': ({ text }) => checkScenario(text),
  };
}
