/** A file that is no vector: what is wrong, and in which line. */
export class VectorFormatError extends Error {
  override readonly name = 'VectorFormatError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}
