/** Files that a window sends as bytes, because it cannot name a path on this machine. Kept until the service ends. */
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import { writeFailure } from './json-file.ts';

/** Uploads under way at a time, and the largest file. */
const MAX_OPEN = 8;
const MAX_BYTES = 64 * 2 ** 30;

interface Upload {
  readonly path: string;
  readonly folder: string;
  readonly file: FileHandle;
  readonly bytes: number;
  received: number;
  /** Chunks are written one after the other, in the order in which they came. */
  last: Promise<unknown>;
}

export class Uploads {
  private folder: Promise<string> | null = null;
  private readonly open = new Map<string, Upload>();

  /** Begins an upload of `bytes` bytes; the file keeps its name. Returns the upload's id. */
  async begin(name: string, bytes: number): Promise<string> {
    if (bytes > MAX_BYTES) throw new WorkbenchError('bad-request', `${name} is too large to be sent.`);
    if (this.open.size >= MAX_OPEN) {
      throw new WorkbenchError('busy', 'Other files are still being sent: wait for them to arrive.');
    }
    this.folder ??= mkdtemp(join(tmpdir(), 'schedctl-workbench-'));
    const id = randomUUID();
    try {
      const folder = join(await this.folder, id);
      await mkdir(folder);
      const path = join(folder, safeName(name));
      const file = await open(path, 'wx', 0o600);
      this.open.set(id, { path, folder, file, bytes, received: 0, last: Promise.resolve() });
    } catch (thrown) {
      throw writeFailure(name, thrown);
    }
    return id;
  }

  async chunk(id: string, data: Uint8Array): Promise<void> {
    const upload = this.find(id);
    upload.received += data.length;
    if (upload.received > upload.bytes) {
      await this.drop(id);
      throw new WorkbenchError('bad-request', `${basename(upload.path)} is larger than was announced.`);
    }
    const before = upload.last;
    upload.last = before.then(() => upload.file.writeFile(data));
    try {
      await upload.last;
    } catch (thrown) {
      await this.drop(id);
      throw writeFailure(upload.path, thrown);
    }
  }

  /** The upload is whole: returns its path. */
  async end(id: string): Promise<string> {
    const upload = this.find(id);
    await upload.last;
    if (upload.received !== upload.bytes) {
      await this.drop(id);
      throw new WorkbenchError(
        'bad-request',
        `${basename(upload.path)} did not arrive completely: send it again.`,
      );
    }
    this.open.delete(id);
    await upload.file.close();
    return upload.path;
  }

  /** Removes what has arrived of an upload. One that is over is no error: the two may cross. */
  async cancel(id: string): Promise<void> {
    await this.open.get(id)?.last.catch(() => undefined);
    await this.drop(id);
  }

  /** Removes everything that was sent. */
  async close(): Promise<void> {
    for (const upload of this.open.values()) await upload.file.close().catch(() => undefined);
    this.open.clear();
    const folder = await this.folder?.catch(() => null);
    if (folder) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }

  private find(id: string): Upload {
    const upload = this.open.get(id);
    if (upload === undefined) throw new WorkbenchError('bad-request', 'There is no such upload in progress.');
    return upload;
  }

  private async drop(id: string): Promise<void> {
    const upload = this.open.get(id);
    if (upload === undefined) return;
    this.open.delete(id);
    await upload.file.close().catch(() => undefined);
    await rm(upload.folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The last part of a name, without what could leave the folder or be no name. */
function safeName(name: string): string {
  const plain = name.replace(/^.*[\\/]/s, '').replaceAll(/[\u0000-\u001f<>:"|?*]/g, '-');
  return plain === '' || plain === '.' || plain === '..' ? 'file' : plain.slice(-200);
}
