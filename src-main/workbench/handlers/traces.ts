/** Opening and closing traces. */
import { resolve } from 'node:path';
import { identify } from '../identify.ts';
import type { UpgradeProgress } from '../queries/protocol.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

export function traceHandlers(
  parts: ServiceParts,
): HandlersOf<'trace.open' | 'trace.close' | 'trace.identify'> {
  const close = async (traceId: string): Promise<void> => {
    parts.sql.close(traceId);
    await parts.traces.close(traceId);
  };
  return {
    'trace.open': async ({ path }, signal, { host, held }) => {
      const onUpgrading = (progress: UpgradeProgress): void =>
        parts.emit('trace.upgrading', { path, ...progress });
      const summary = await parts.permitted.whileSame(
        path,
        () => parts.traces.open(path, { signal, onUpgrading }),
        ({ traceId }) => parts.traces.close(traceId),
      );
      await held.add(summary.traceId, () => close(summary.traceId));
      parts.sql.keepOnly((traceId) => parts.traces.pathOf(traceId) !== null);
      await parts.recent.add(resolve(path));
      host.onOpened?.(resolve(path), summary.traceId);
      return summary;
    },
    'trace.close': async ({ traceId }, _signal, { host, held }) => {
      held.forget(traceId);
      await close(traceId);
      host.onClosed?.(traceId);
      return null;
    },
    'trace.identify': ({ path }) => identify(path),
  };
}
