/**
 * Which files a window may have read: those that the person named to the host (command line, dialog, drop, file
 * manager), those that they sent or made with it, and the program's samples. A window asks for files by path, and
 * whoever speaks for it could ask for any.
 */
import { basename, dirname, resolve } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';

/** Traces that were made from a window, finished or not. */
const RECORDING = /\.sctrace(\.part)?$/;

export interface PermittedSources {
  /** Folders of the program whose files anybody may read. */
  readonly publicFolders: readonly string[];
  /** Folders of what was made from windows, whose traces may be read. */
  readonly traceFolders: readonly string[];
  /** What was opened before, in this or an earlier run. */
  readonly recentPaths: () => Promise<readonly string[]>;
}

export class PermittedFiles {
  private readonly named = new Set<string>();
  private readonly sources: PermittedSources;

  constructor(sources: PermittedSources) {
    this.sources = sources;
  }

  /** The person has named this file. */
  permit(path: string): void {
    this.named.add(resolve(path));
  }

  /**
   * Refuses a file that nobody named, without looking whether it is there.
   *
   * @throws WorkbenchError 'not-permitted'
   */
  async check(path: string): Promise<void> {
    if (await this.isPermitted(resolve(path))) return;
    throw new WorkbenchError(
      'not-permitted',
      `${path} was not named by you in this run: choose it in the dialog, drop it on the window, or start the workbench with it.`,
      { file: path },
    );
  }

  private async isPermitted(path: string): Promise<boolean> {
    if (this.named.has(path)) return true;
    const folder = dirname(path);
    if (this.sources.publicFolders.some((allowed) => resolve(allowed) === folder)) return true;
    const isMadeHere = this.sources.traceFolders.some((made) => resolve(made) === folder);
    if (isMadeHere && RECORDING.test(basename(path))) return true;
    return (await this.sources.recentPaths()).includes(path);
  }
}
