/** Exports, and what goes for every job. */
import { z } from 'zod';
import { jobId, traceId, traceTime } from './parameters.ts';
import { answer, request } from './request.ts';

export interface ExportedFilesInfo {
  /** Name of the file, or of the folder that the files are in. */
  readonly name: string;
  readonly isFolder: boolean;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

export const exportRequests = {
  /** Tables whose rows can be exported. */
  'export.tables': request(
    z.object({}),
    answer<readonly { readonly name: string; readonly about: string }[]>(),
  ),
  /**
   * Writes the trace, a time range or rows of it to a file in the exports folder; `job.done` names it. A table or a
   * query is needed for csv and jsonl; parquet without either writes a folder with all tables.
   */
  'export.start': request(
    z.object({
      traceId,
      format: z.enum(['sctrace', 'chrome', 'csv', 'jsonl', 'parquet']),
      /** Both or neither. */
      range: z.object({ startNs: traceTime, endNs: traceTime }).optional(),
      table: z.string().max(64).optional(),
      sql: z
        .string()
        .max(1 << 20)
        .optional(),
      /** Text in CSV that spreadsheets would calculate: made text unless it is wanted as it is. */
      formulas: z.enum(['kept', 'text']).optional(),
    }),
    answer<{ readonly jobId: string }>(),
  ),
  /** The files of a finished export, for windows that cannot open a file of this machine. */
  'export.files': request(z.object({ jobId }), answer<ExportedFilesInfo>()),
  /** A piece of one of them; `file` counts in the order of `export.files`. `totalBytes`: of the whole file. */
  'export.read': request(
    z.object({
      jobId,
      file: z.int().min(0).max(1_000),
      offset: z.number().min(0),
      bytes: z
        .int()
        .min(1)
        .max(1 << 22),
    }),
    answer<{ readonly data: Uint8Array<ArrayBuffer>; readonly totalBytes: number }>(),
  ),
  /** Ends a recording, an import or an export. */
  'job.cancel': request(z.object({ jobId }), answer<null>()),
};
