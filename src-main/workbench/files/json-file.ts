/** A small JSON file of the user: read whole, written whole, never half, set aside where it is broken. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { WorkbenchError } from '#shared/base/errors.ts';

export class JsonFile<Value> {
  readonly path: string;
  private readonly schema: z.ZodType<Value>;
  private readonly initial: Value;
  /** Writes follow one another: two at once would race for the name. */
  private last: Promise<unknown> = Promise.resolve();
  private writes = 0;

  constructor(path: string, schema: z.ZodType<Value>, initial: Value) {
    this.path = path;
    this.schema = schema;
    this.initial = initial;
  }

  /**
   * The value, the initial one where there is no file yet.
   *
   * @throws WorkbenchError 'unreadable' where the file is broken: it has been set aside under another name,
   *   and the next read gives the initial value
   */
  async read(): Promise<Value> {
    await this.last.catch(() => undefined);
    let text: string;
    try {
      text = await readFile(this.path, 'utf8');
    } catch (thrown) {
      if (isMissing(thrown)) return this.initial;
      throw new WorkbenchError(
        'unreadable',
        `${this.path} cannot be read (${reasonOf(thrown)}); the defaults are used.`,
        { file: this.path },
        { cause: thrown },
      );
    }
    const parsed = this.schema.safeParse(parseJson(text));
    if (parsed.success) return parsed.data;
    const aside = `${this.path}.broken-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    const moved = await rename(this.path, aside).then(
      () => true,
      () => false,
    );
    const where = moved ? `It is kept as ${aside}` : 'It could not be moved out of the way';
    throw new WorkbenchError('unreadable', `${this.path} is damaged. ${where}; the defaults are used.`, {
      file: this.path,
    });
  }

  /** Replaces the file. Throws WorkbenchError 'write-failed' or 'disk-full'. */
  async write(value: Value): Promise<void> {
    const before = this.last;
    const write = (async () => {
      await before.catch(() => undefined);
      await this.replace(`${JSON.stringify(value, null, 2)}\n`);
    })();
    this.last = write;
    await write;
  }

  private async replace(text: string): Promise<void> {
    const temporary = `${this.path}.${process.pid}-${this.writes++}.new`;
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await writeFile(temporary, text, { mode: 0o600 });
      await rename(temporary, this.path);
    } catch (thrown) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw writeFailure(this.path, thrown);
    }
  }
}

/** Says what kept a file from being written. */
export function writeFailure(path: string, thrown: unknown): WorkbenchError {
  if (thrown instanceof WorkbenchError) return thrown;
  const full = codeOf(thrown) === 'ENOSPC' || codeOf(thrown) === 'EDQUOT';
  return full
    ? new WorkbenchError(
        'disk-full',
        `There is no room left to write ${path}: free some and try again.`,
        { file: path },
        { cause: thrown },
      )
    : new WorkbenchError(
        'write-failed',
        `${path} cannot be written (${reasonOf(thrown)}): check that its folder may be written to.`,
        { file: path },
        { cause: thrown },
      );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const codeOf = (thrown: unknown): string =>
  thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
const isMissing = (thrown: unknown): boolean => codeOf(thrown) === 'ENOENT';
const reasonOf = (thrown: unknown): string =>
  codeOf(thrown) || (thrown instanceof Error ? thrown.message : String(thrown));
