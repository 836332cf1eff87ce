/** The scenario library, and checking a text as it is edited. */
import { isAbsolute } from 'node:path';
import { textOf } from '../scenarios.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

export function scenarioHandlers(
  parts: ServiceParts,
): HandlersOf<'scenario.list' | 'scenario.read' | 'scenario.check'> {
  return {
    'scenario.list': () => parts.scenarios.list(),
    'scenario.read': async ({ id }) => {
      if (!isAbsolute(id)) return { text: await parts.scenarios.read(id) };
      const file = await parts.permitted.open(id);
      try {
        return { text: await textOf(file, id) };
      } finally {
        await file.close();
      }
    },
    'scenario.check': ({ text }) => parts.scenarioChecks.check(text),
  };
}
