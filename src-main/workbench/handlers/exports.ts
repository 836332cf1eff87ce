/** Exporting an open trace from a window. */
import type { Ns } from '#shared/base/brands.ts';
import type { RequestParams } from '#shared/api/contract.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { EXPORT_TABLE_NAMES, EXPORT_TABLES, type ExportTableName } from '../../exporters/export-tables.ts';
import { refuseExport } from '../../exporters/export-trace.ts';
import { runExport } from '../exports/run-export.ts';
import type { JobResult, JobWork } from '../jobs.ts';
import { cutFile } from '../make-trace.ts';
import type { ServiceParts } from '../service-parts.ts';
import type { HandlersOf } from './handler-map.ts';

type ExportParams = RequestParams<'export.start'>;

const EXTENSION: Readonly<Record<ExportParams['format'], string>> = {
  sctrace: '.sctrace',
  chrome: '.json',
  csv: '.csv',
  jsonl: '.jsonl',
  parquet: '.parquet',
};

export function exportHandlers({
  traces,
  jobs,
  exports,
}: ServiceParts): HandlersOf<'export.tables' | 'export.start' | 'export.files' | 'export.read'> {
  return {
    'export.tables': () => EXPORT_TABLE_NAMES.map((name) => ({ name, about: EXPORT_TABLES[name].about })),
    'export.start': async (params) => {
      const trace = traces.summaryOf(params.traceId);
      const isFolder = params.format === 'parquet' && params.table === undefined && params.sql === undefined;
      const path = exports.newPath(trace.fileName, isFolder ? '' : EXTENSION[params.format]);
      // Not the trace's own path: one of an earlier version is read from its upgraded copy.
      const source = traces.fileOf(params.traceId) ?? trace.path;
      const work = workOf(params, { source, durationNs: trace.durationNs }, path);
      let jobId = '';
      const started = jobs.start(
        'export',
        async (run) => {
          const result = await work(run);
          if (result.error === null) exports.add(jobId, result.path);
          return result;
        },
        () => null,
      );
      jobId = started;
      return { jobId };
    },
    'export.files': ({ jobId }) => exports.files(jobId),
    'export.read': ({ jobId, file, offset, bytes }) => exports.read(jobId, file, offset, bytes),
  };
}

/** Throws WorkbenchError for a combination that means nothing, before a job begins. */
function workOf(
  params: ExportParams,
  { source, durationNs }: { readonly source: string; readonly durationNs: Ns },
  path: string,
): JobWork {
  const { format, sql } = params;
  const range = params.range ?? null;
  const table = tableOf(params.table);
  if (format === 'sctrace') {
    if (table !== undefined || sql !== undefined) {
      throw new WorkbenchError('bad-request', 'A cut trace has all tables: name none.');
    }
    return (run) => cutFile({ source, path, ...(range ?? { startNs: 0, endNs: durationNs }) }, run);
  }
  const request = { trace: source, path, format, range, table, sql, formulas: params.formulas ?? 'text' };
  refuseExport(request);
  return async ({ signal, onProgress }): Promise<JobResult> => {
    const begun = performance.now();
    const { rows } = await runExport(request, {
      signal,
      onProgress: (written) =>
        onProgress({
          events: written,
          timeNs: 0,
          fraction: null,
          bytes: 0,
          eventsPerSecond: (written / (performance.now() - begun)) * 1000,
          remainingMs: null,
        }),
    });
    return { path, complete: true, events: rows, error: null };
  };
}

function tableOf(name: string | undefined): ExportTableName | undefined {
  const table = EXPORT_TABLE_NAMES.find((known) => known === name);
  if (name === undefined || table !== undefined) return table;
  throw new WorkbenchError('bad-request', `There is no table ${name} to export.`, {
    expected: EXPORT_TABLE_NAMES.join(', '),
  });
}
