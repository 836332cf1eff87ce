/** A file that is written under a name of its own and has its final one only once all of it is there. */
import { closeSync, fsyncSync, rmSync, writeSync } from 'node:fs';
import { WorkbenchError } from '#shared/base/errors.ts';
import {
  checkOutputFile,
  giveName,
  newTemporary,
  type OutputRules,
  type Temporary,
} from '../files/output-name.ts';

/** Text is handed to the system in pieces of about this many characters. */
const PIECE = 1 << 18;

export class PartialFile {
  readonly path: string;
  private readonly rules: OutputRules;
  /** What errors name: a file of a folder that is still being made has a name that says nothing to people. */
  private readonly output: string;
  private readonly temporary: Temporary;
  private pieces: string[] = [];
  private length = 0;
  private written = 0;
  private open = true;
  private named = false;

  /**
   * @param rules what may be done to a file that is there
   * @param output what the person asked for, which errors name
   * @throws WorkbenchError 'usage' or 'write-failed' where the file cannot be made
   */
  constructor(path: string, rules: OutputRules = {}, output = path) {
    this.path = path;
    this.rules = rules;
    this.output = output;
    checkOutputFile(path, rules);
    try {
      this.temporary = newTemporary(path);
    } catch (thrown) {
      throw exportFailure(output, thrown);
    }
  }

  /** Bytes handed to the system so far. */
  get bytes(): number {
    return this.written;
  }

  /** Throws WorkbenchError disk-full or write-failed. */
  write(text: string): void {
    this.pieces.push(text);
    this.length += text.length;
    if (this.length >= PIECE) this.flush();
  }

  /** Throws WorkbenchError disk-full or write-failed. */
  writeBytes(bytes: Uint8Array): void {
    this.flush();
    this.toDisk(bytes);
  }

  /** Gives the file its name. Throws like {@link write} and the constructor. */
  finish(): void {
    this.flush();
    try {
      fsyncSync(this.temporary.descriptor);
      this.close();
      giveName(this.temporary.path, this.path, this.rules);
      this.named = true;
    } catch (thrown) {
      throw exportFailure(this.output, thrown);
    }
  }

  /** Removes what was written. Does nothing to a finished file. */
  discard(): void {
    if (this.named) return;
    this.close();
    rmSync(this.temporary.path, { force: true });
  }

  private flush(): void {
    if (this.length === 0) return;
    const bytes = Buffer.from(this.pieces.join(''));
    this.pieces = [];
    this.length = 0;
    this.toDisk(bytes);
  }

  private toDisk(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(this.temporary.descriptor, bytes, at);
    } catch (thrown) {
      throw exportFailure(this.output, thrown);
    }
    this.written += bytes.length;
  }

  private close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.temporary.descriptor);
  }
}

/** What the system's complaints about writing an export mean; anything else passes through. */
export function exportFailure(path: string, thrown: unknown): unknown {
  const code = (thrown as { code?: unknown } | null)?.code;
  if (thrown instanceof WorkbenchError || !(thrown instanceof Error) || typeof code !== 'string') {
    return thrown;
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new WorkbenchError(
      'disk-full',
      `The disk is full: ${path} was not written. Make room, or export to another disk.`,
      { file: path },
      { cause: thrown },
    );
  }
  return new WorkbenchError(
    'write-failed',
    `${path} cannot be written (${code}): check that its folder is there and that you may write to it.`,
    { file: path },
    { cause: thrown },
  );
}
