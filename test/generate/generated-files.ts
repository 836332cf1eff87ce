/** Every generated file: where it belongs, and what is to be in it. */
import { exportReferenceFiles } from './export-reference.ts';
import { findingsSchemaFiles } from './findings-schema.ts';
import type { GeneratedFile } from './generated-file.ts';
import { manualPageFiles } from './manual-page.ts';
import { queryTableFiles } from './query-table.ts';
import { scenarioLanguageFiles } from './scenario-language.ts';
import { traceFileReferenceFiles } from './trace-file-reference.ts';

export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  const files = await Promise.all([
    scenarioLanguageFiles(),
    exportReferenceFiles(),
    traceFileReferenceFiles(),
    manualPageFiles(),
    queryTableFiles(),
    findingsSchemaFiles(),
  ]);
  return files.flat();
}
