/** A person's SQL over an open trace. */
import { WorkbenchError } from '#shared/base/errors.ts';
import { sqlTables } from '../../store/index.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { SqlProcessClient } from '../sql/sql-process-client.ts';
import type { HandlersOf } from './handler-map.ts';

export function sqlHandlers({
  traces,
  sql,
}: ServiceParts): HandlersOf<'sql.run' | 'sql.page' | 'sql.cancel' | 'sql.tables'> {
  const processOf = (traceId: string): SqlProcessClient => {
    const path = traces.fileOf(traceId);
    if (path === null) throw new WorkbenchError('closed', 'This trace is no longer open: open it again.');
    return sql.of(traceId, path);
  };
  return {
    'sql.run': ({ traceId, ...run }, signal) => processOf(traceId).run(run, signal),
    'sql.page': ({ traceId, queryId, first, count }) => processOf(traceId).page(queryId, first, count),
    'sql.cancel': ({ traceId, queryId }) => {
      processOf(traceId).cancel(queryId);
      return null;
    },
    'sql.tables': () => ({ tables: sqlTables() }),
  };
}
