/**
 * Which files a window may have read: those that the person named to the host (command line, dialog, drop, file
 * manager), those that they sent or made with it, and the program's samples. A window asks for files by path, and
 * code that runs in it could ask for any.
 */
import { realpathSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { identityOf, swapped, type FileIdentities } from '../../files/file-identity.ts';
import { openRegular } from '../../files/open-regular.ts';

/** Traces that were made from a window, finished or not. */
const RECORDING = /\.sctrace(\.part)?$/;

export interface PermittedSources {
  /** Folders of the program whose files every window may read. */
  readonly publicFolders: readonly string[];
  /** Folders of what was made from windows, whose traces may be read. */
  readonly traceFolders: readonly string[];
  /** What was opened before, in this or an earlier run. */
  readonly recentPaths: () => Promise<readonly string[]>;
}

export class PermittedFiles {
  /** Each with the file that it led to when it was named. */
  private readonly named = new Map<string, string>();
  private readonly sources: PermittedSources;

  constructor(sources: PermittedSources) {
    this.sources = sources;
  }

  /** The person has named this file: what it is now, not what its name may lead to later. */
  permit(path: string): void {
    const named = resolve(path);
    this.named.set(named, realPathOf(named) ?? withoutLink(named));
  }

  /**
   * Refuses a file that the person did not name, without checking whether it exists; then one whose name leads
   * elsewhere by now, and anything that is not a file.
   *
   * @returns which file it is, null where it is not there
   * @throws WorkbenchError 'not-permitted'; 'unreadable' for a pipe or device
   */
  async check(path: string): Promise<string | null> {
    const asked = resolve(path);
    if (!(await this.isPermitted(asked))) {
      throw new WorkbenchError(
        'not-permitted',
        `${path} is not a file that you named in this run: choose it in the dialog, drop it on the window, or start the workbench with it.`,
        { file: path },
      );
    }
    const real = realPathOf(asked);
    if (real === null) return null;
    if (real !== (this.named.get(asked) ?? withoutLink(asked))) throw swapped(path);
    const found = statSync(real, { throwIfNoEntry: false });
    if (found === undefined) return null;
    if (!found.isFile() && !found.isDirectory()) {
      throw new WorkbenchError('unreadable', `${path} is not a file: name a file.`, { file: path });
    }
    return identityOf(found);
  }

  /** Which files these are now, for callers that open them by name. Throws as {@link check}. */
  async identitiesOf(paths: readonly string[]): Promise<FileIdentities> {
    const identities: Record<string, string> = {};
    for (const path of paths) {
      const identity = await this.check(path);
      if (identity !== null) identities[path] = identity;
    }
    return identities;
  }

  /**
   * Opens a file that may be read; what is open is what was permitted, whatever its name leads to a moment later.
   *
   * @throws WorkbenchError as {@link check}; 'not-found', 'unreadable'
   */
  async open(path: string): Promise<FileHandle> {
    await this.check(path);
    const file = await openRegular(path);
    try {
      if ((await this.check(path)) !== identityOf(await file.stat())) throw swapped(path);
      return file;
    } catch (thrown) {
      await file.close();
      throw thrown;
    }
  }

  /**
   * Runs work that opens a permitted file by its name, and takes the result only if that was the same file all along.
   *
   * @param undo lets go of a result that is not taken
   */
  async whileSame<T>(path: string, work: () => Promise<T>, undo: (made: T) => Promise<void>): Promise<T> {
    const before = await this.check(path);
    const made = await work();
    try {
      const after = await this.check(path);
      // A recording gets this name when it begins and its final one when it is done, and either may have been
      // meanwhile.
      const isOwn = (before === null || after === null) && this.isMadeHere(resolve(path));
      if (after !== before && !isOwn) throw swapped(path);
      return made;
    } catch (thrown) {
      await undo(made);
      throw thrown;
    }
  }

  private async isPermitted(path: string): Promise<boolean> {
    if (this.named.has(path)) return true;
    const folder = dirname(path);
    if (this.sources.publicFolders.some((allowed) => resolve(allowed) === folder)) return true;
    if (this.isMadeHere(path)) return true;
    return (await this.sources.recentPaths()).includes(path);
  }

  private isMadeHere(path: string): boolean {
    const folder = dirname(path);
    const isHere = this.sources.traceFolders.some((made) => resolve(made) === folder);
    return isHere && RECORDING.test(basename(path));
  }
}

/** The file that a name leads to in the end; null where there is none. */
function realPathOf(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

/** The file that a name means where it is no link itself; its folders may be. */
function withoutLink(path: string): string {
  const folder = realPathOf(dirname(path));
  return folder === null ? path : join(folder, basename(path));
}
