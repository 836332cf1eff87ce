/** The first bytes of a file, after decompression: what formats are recognised by. */
export interface Head {
  readonly bytes: Buffer;
  /** The same as text; every byte one character, so that binary data can be looked at, too. */
  readonly text: string;
  /** The lines of it that are whole. */
  readonly lines: readonly string[];
  /** Whether `bytes` is the whole file. */
  readonly whole: boolean;
}
