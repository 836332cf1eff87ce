/** A small JSON file of the user: read whole, written whole, never half, set aside where it is broken. */
import { open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { WorkbenchError } from '#shared/base/errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { giveName, temporaryName } from '../../files/output-name.ts';

export class JsonFile<Value> {
  readonly path: string;
  private readonly schema: z.ZodType<Value>;
  private readonly initial: Value;
  /** Writes follow one another: two at once would race for the name. */
  private last: Promise<unknown> = Promise.resolve();

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
    const where = movedTo(this.path, aside) ? `It is kept as ${aside}` : 'It could not be moved aside';
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
    const temporary = temporaryName(this.path);
    try {
      makeFolder(dirname(this.path));
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      giveName(temporary, this.path, { replace: true });
    } catch (thrown) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw writeFailure(this.path, thrown);
    }
  }
}

function movedTo(path: string, aside: string): boolean {
  try {
    giveName(path, aside);
    return true;
  } catch {
    return false;
  }
}

/** Says what kept a file from being written. */
export function writeFailure(path: string, thrown: unknown): WorkbenchError {
  if (thrown instanceof WorkbenchError) return thrown;
  const full = codeOf(thrown) === 'ENOSPC' || codeOf(thrown) === 'EDQUOT';
  return full
    ? new WorkbenchError(
        'disk-full',
        `The disk is full: could not write ${path}: free some and try again.`,
        { file: path },
        { cause: thrown },
      )
    : new WorkbenchError(
        'write-failed',
        `${path} cannot be written (${reasonOf(thrown)}): check that you may write to its folder.`,
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
