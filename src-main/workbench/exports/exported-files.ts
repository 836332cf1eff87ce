/** Files that windows had exported: where they go, and reading them back for windows that cannot open a path. */
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Results } from '#shared/api/contract.ts';
import { WorkbenchError } from '#shared/base/errors.ts';
import { readFailure } from '#shared/base/file-errors.ts';
import { DatedPaths } from '../files/dated-path.ts';

export class ExportedFiles {
  private readonly paths: DatedPaths;
  /** Only these are ever read back. */
  private readonly finished = new Map<string, string>();

  constructor(folder: string) {
    this.paths = new DatedPaths(folder);
  }

  /** A new name for an export of `of`. Throws WorkbenchError write-failed. */
  newPath(of: string, extension: string): string {
    return this.paths.next(of, extension);
  }

  /** The export of a job is there. */
  add(jobId: string, path: string): void {
    this.finished.set(jobId, path);
  }

  /**
   * What a job exported: a file, or a folder of files.
   *
   * @throws WorkbenchError 'bad-request' where the job exported nothing, 'not-found' or 'unreadable'
   */
  async files(jobId: string): Promise<Results['export.files']> {
    const { path, isFolder, paths } = await this.finishedBy(jobId);
    try {
      const files = await Promise.all(
        paths.map(async (file) => ({ name: basename(file), bytes: (await stat(file)).size })),
      );
      return { name: basename(path), isFolder, files };
    } catch (thrown) {
      throw readFailure(path, thrown);
    }
  }

  /**
   * A piece of one of a job's files; empty behind its end.
   *
   * @param at which of {@link files}
   * @throws WorkbenchError like {@link files}
   */
  async read(
    jobId: string,
    at: number,
    offset: number,
    bytes: number,
  ): Promise<{ data: Uint8Array<ArrayBuffer>; totalBytes: number }> {
    const path = (await this.finishedBy(jobId)).paths[at];
    if (path === undefined) throw new WorkbenchError('bad-request', 'The export has no such file.');
    try {
      const file = await open(path);
      try {
        const data = new Uint8Array(bytes);
        const { bytesRead } = await file.read(data, 0, bytes, offset);
        return { data: data.slice(0, bytesRead), totalBytes: (await file.stat()).size };
      } finally {
        await file.close();
      }
    } catch (thrown) {
      throw readFailure(path, thrown);
    }
  }

  private async finishedBy(
    jobId: string,
  ): Promise<{ path: string; isFolder: boolean; paths: readonly string[] }> {
    const path = this.finished.get(jobId);
    if (path === undefined) {
      throw new WorkbenchError('bad-request', 'There is no such export: export it again.');
    }
    try {
      if (!(await stat(path)).isDirectory()) return { path, isFolder: false, paths: [path] };
      const names = (await readdir(path)).sort();
      return { path, isFolder: true, paths: names.map((name) => join(path, name)) };
    } catch (thrown) {
      throw readFailure(path, thrown);
    }
  }
}
