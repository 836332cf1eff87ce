/** The manual page of the command line, from the definitions of its commands. */
import { createProgram } from '#main/hosts/cli/program.ts';
import { describeProgram } from '#main/hosts/cli/describe-program.ts';
import { manPage } from '#main/hosts/cli/man-page.ts';
import type { GeneratedFile } from './generated-file.ts';

export async function manualPageFiles(): Promise<readonly GeneratedFile[]> {
  const path = new URL('../../src-main/hosts/electron/packaging/schedctl-workbench.1', import.meta.url);
  return [{ path, text: manPage(describeProgram(createProgram(() => undefined))) }];
}
