/** What a trace can be exported as, in words. */
import type { RequestParams } from '#shared/api/contract.ts';

export type ExportFormat = RequestParams<'export.start'>['format'];

export interface ExportFormatInfo {
  readonly format: ExportFormat;
  readonly title: string;
  readonly about: string;
  /** Rows of a table: needed, or wanted instead of all tables, or not at all. */
  readonly table: 'needed' | 'optional' | 'none';
}

export const EXPORT_FORMATS: readonly ExportFormatInfo[] = [
  {
    format: 'sctrace',
    title: 'Trace',
    about: 'A separate trace: the state of the machine at the start of the range, then every event in it.',
    table: 'none',
  },
  {
    format: 'chrome',
    title: 'Perfetto',
    about: "Chrome's trace events as JSON: CPUs, thread states, requests, locks, decisions, queue lengths.",
    table: 'none',
  },
  {
    format: 'csv',
    title: 'CSV',
    about: 'The rows of one table, for spreadsheets and scripts.',
    table: 'needed',
  },
  {
    format: 'jsonl',
    title: 'JSON Lines',
    about: 'The rows of one table, one JSON object per line.',
    table: 'needed',
  },
  {
    format: 'parquet',
    title: 'Parquet',
    about: 'For queries across many traces: one table, or a folder with all of them.',
    table: 'optional',
  },
];
