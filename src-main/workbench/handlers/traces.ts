/** Opening and closing traces, and every question about an open one. */
import { resolve } from 'node:path';
import type { CancelSignal } from '#shared/base/cancel.ts';
import { identify } from '../identify.ts';
import type { QueryName, QueryParamsOf, QueryResultOf, UpgradeProgress } from '../queries/protocol.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

export function traceHandlers(
  parts: ServiceParts,
): HandlersOf<'trace.open' | 'trace.close' | 'trace.identify' | QueryName> {
  const query =
    <Name extends QueryName>(name: Name) =>
    (params: QueryParamsOf<Name>, signal: CancelSignal): Promise<QueryResultOf<Name>> =>
      parts.traces.query(params.traceId, name, params, signal) as Promise<QueryResultOf<Name>>;
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
    'trace.summary': query('trace.summary'),
    'trace.lanes': query('trace.lanes'),
    'trace.overview': query('trace.overview'),
    'trace.highlight': query('trace.highlight'),
    'trace.nopreemptWindows': query('trace.nopreemptWindows'),
    'trace.decisions': query('trace.decisions'),
    'trace.slotOccupancy': query('trace.slotOccupancy'),
    'trace.cpuUpdates': query('trace.cpuUpdates'),
    'trace.cpuUse': query('trace.cpuUse'),
    'trace.migrations': query('trace.migrations'),
    'trace.decisionCounts': query('trace.decisionCounts'),
    'trace.queueLengths': query('trace.queueLengths'),
    'trace.lockWaiters': query('trace.lockWaiters'),
    'trace.wakeups': query('trace.wakeups'),
    'trace.aggregates': query('trace.aggregates'),
    'trace.longest': query('trace.longest'),
    'trace.stateAt': query('trace.stateAt'),
    'trace.events': query('trace.events'),
    'trace.eventsBySequence': query('trace.eventsBySequence'),
    'trace.step': query('trace.step'),
    'trace.stepFiltered': query('trace.stepFiltered'),
    'trace.findEvents': query('trace.findEvents'),
    'trace.history': query('trace.history'),
    'trace.neighbours': query('trace.neighbours'),
  };
}
