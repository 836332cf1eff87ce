/** Names for files that are made from a window: what they are of, and when. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../../files/make-folder.ts';
import { writeFailure } from './json-file.ts';

const MAX_STEM = 60;

/** New names in one folder. */
export class DatedPaths {
  private readonly folder: string;
  private readonly now: () => Date;
  /** Names handed out: between that and the file there is a moment in which another job could get the same. */
  private readonly handedOut = new Set<string>();

  constructor(folder: string, now: () => Date = () => new Date()) {
    this.folder = folder;
    this.now = now;
  }

  /**
   * A name that no file has, and that was not handed out before. Makes the folder if it is missing.
   *
   * @param of scenario or file name; what a file name cannot hold everywhere becomes a dash
   * @param extension with its dot; empty for a folder
   * @throws WorkbenchError 'write-failed' where the folder cannot be made
   */
  next(of: string, extension: string): string {
    const { folder, handedOut } = this;
    try {
      makeFolder(folder);
    } catch (thrown) {
      throw writeFailure(folder, thrown);
    }
    const stem = `${fileStem(of)}-${stamp(this.now())}`;
    for (let attempt = 1; ; attempt++) {
      const path = join(folder, `${stem}${attempt === 1 ? '' : `-${attempt}`}${extension}`);
      if (handedOut.has(path) || existsSync(path) || existsSync(`${path}.part`)) continue;
      handedOut.add(path);
      return path;
    }
  }
}

function fileStem(of: string): string {
  const plain = of
    .replace(/\.(ya?ml|txt|gz|txt\.gz|sctrace)$/i, '')
    .replaceAll(/[^\p{Letter}\p{Number}._]+/gu, '-')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return plain.slice(0, MAX_STEM) || 'trace';
}

/** Local time as 2026-03-01-142530. */
function stamp(time: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${date}-${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
}
