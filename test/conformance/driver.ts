/**
 * What every driver of conformance vectors offers.
 *
 * A vector file is JSON lines: a header, then operations with their outcomes. A driver steps the emulator
 * through them, compares after each, and stops at the first difference.
 */

/** The first difference between a vector and the emulator. */
export interface Difference {
  /** Line in the file, from 1. */
  readonly line: number;
  /** The operation as the file has it, without its outcome; shortened. */
  readonly operation: string;
  /** Path of what differs: `after.pages.0.slots.3`, `ret`, `assert`, `calls.2`. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
}

export type VectorResult =
  | { readonly passed: true; readonly operations: number }
  | { readonly passed: false; readonly difference: Difference };

/** One parsed line of a file. */
export type VectorLine = Readonly<Record<string, unknown>>;

export interface VectorDriver {
  /** `schedctl`, `classes` or `dispatcher`: for messages. */
  readonly kind: string;
  /** Whether this driver takes files with this header. */
  accepts(header: VectorLine): boolean;
  /** Runs one file: `lines[0]` is the header. Throws only where the file is no vector. */
  run(lines: readonly VectorLine[]): VectorResult;
}
