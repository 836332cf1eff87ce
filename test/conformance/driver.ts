/**
 * What every driver of conformance vectors offers.
 *
 * A vector file is JSON lines: a header, then operations with their outcomes. A driver steps the emulator
 * through them, compares after each, and stops at the first difference.
 */

import type { Machine } from '#main/emulator/machine.ts';
import type { Json, JsonDifference } from './json.ts';
import type { VectorArguments } from './vector-arguments.ts';

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

/** The emulator under test, as one kind of vectors sees it. */
export interface VectorSubject {
  readonly machine: Machine;
  /** The state before the first operation. */
  readonly initial: Json;
  /**
   * Runs an operation. Returns the members of the line that hold what it gave (`ret`, `calls`), each
   * undefined where the line should have none. Throws what the emulator throws, and VectorFormatError.
   */
  step(line: VectorLine, lineNumber: number): Readonly<Record<string, Json | undefined>>;
  /** The state now. */
  view(): Json;
}

export interface VectorDriver {
  /** `schedctl`, `classes` or `dispatcher`: for messages. */
  readonly kind: string;
  /** Whether this driver takes files with this header. */
  accepts(header: VectorLine): boolean;
  /** Where the header tells of another kernel than the emulator's, the first difference. */
  headerDifference?(header: VectorArguments): JsonDifference | null;
  /** The emulator as it is before the first operation. Throws VectorFormatError for a header that is none. */
  open(header: VectorArguments): VectorSubject;
}
