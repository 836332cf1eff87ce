/** Every generated file: where it belongs, and what is to be in it. */
import { exportReferenceFiles } from './export-reference.ts';
import type { GeneratedFile } from './generated-file.ts';
import { scenarioLanguageFiles } from './scenario-language.ts';
import { traceFileReferenceFiles } from './trace-file-reference.ts';

export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  return (
    await Promise.all([scenarioLanguageFiles(), exportReferenceFiles(), traceFileReferenceFiles()])
  ).flat();
}
