/** Files that windows had exported: where they go, and reading them back for windows that cannot open a path. */
import { open } from 'node:fs/promises';
import { WorkbenchError } from '#shared/base/errors.ts';
import { readFailure } from '#shared/base/file-errors.ts';
import { newDatedPath } from '../files/dated-path.ts';

export class ExportedFiles {
  private readonly folder: string;
  /** Only these are ever read back. */
  private readonly finished = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** A new name for an export of `of`. Throws WorkbenchError write-failed. */
  newPath(of: string, extension: string): Promise<string> {
    return newDatedPath(this.folder, of, extension);
  }

  /** The export of a job is there. */
  add(jobId: string, path: string): void {
    this.finished.set(jobId, path);
  }

  /**
   * A piece of a job's file; empty behind its end.
   *
   * @throws WorkbenchError 'bad-request' where the job exported nothing, 'not-found' or 'unreadable'
   */
  async read(
    jobId: string,
    offset: number,
    bytes: number,
  ): Promise<{ data: Uint8Array<ArrayBuffer>; totalBytes: number }> {
    const path = this.finished.get(jobId);
    if (path === undefined) {
      throw new WorkbenchError('bad-request', 'There is no such export: export it again.');
    }
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
}
