/** Records another tool's trace: runs an importer. */
import { basename } from 'node:path';
import { importTrace } from '../importers/import-trace.ts';
import type { Producer, ProducerSpec } from './producer.ts';

export function openImport(spec: ProducerSpec & { readonly kind: 'import' }): Producer {
  const name = basename(spec.path);
  return {
    source: { source: 'import', sourceDetail: name, tickNs: null, clock: 'unknown', scenario: null },
    async run(sink, { signal, reached }) {
      const report = await importTrace(spec.path, sink, {
        signal,
        locks: spec.locks,
        also: spec.also,
        kallsyms: spec.kallsyms,
        rseqStats: spec.rseqStats,
        identities: spec.identities,
        onProgress: ({ bytesRead, bytesTotal }) => {
          if (bytesTotal > 0) reached(Math.min(1, bytesRead / bytesTotal));
        },
      });
      return {
        incompleteReason: report.complete ? null : `The source ${name} ends early.`,
        warnings: report.warnings,
        source: {
          source: report.format,
          tickNs: report.tickNs,
          clock: report.clock,
          clockUnit: report.clockUnit,
          clockOrigin: report.origin,
        },
        report,
      };
    },
  };
}
