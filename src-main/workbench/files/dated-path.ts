/** Names for files that are made from a window: what they are of, and when. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFailure } from './json-file.ts';

const MAX_STEM = 60;

/**
 * A name in `folder` that no file has. The folder is made where it is not there.
 *
 * @param of scenario or file name; what a file name cannot hold everywhere becomes a dash
 * @param extension with its dot; empty for a folder
 * @throws WorkbenchError 'write-failed' where the folder cannot be made
 */
export async function newDatedPath(
  folder: string,
  of: string,
  extension: string,
  now: Date = new Date(),
): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    throw writeFailure(folder, thrown);
  }
  const stem = `${fileStem(of)}-${stamp(now)}`;
  for (let attempt = 1; ; attempt++) {
    const path = join(folder, `${stem}${attempt === 1 ? '' : `-${attempt}`}${extension}`);
    if (!existsSync(path) && !existsSync(`${path}.part`)) return path;
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
