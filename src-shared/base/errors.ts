/**
 * Errors that are meant for people: what happened, where, what to do.
 *
 * A {@link WorkbenchError} crosses every host boundary as `{ code, message, context }` and is shown as
 * it is. Anything else that is thrown is a defect of the program and is reported as `internal`.
 */

/** Stable codes; the command line maps all but `usage` to exit code 1, `usage` to 2. */
export type ErrorCode =
  | 'usage'
  | 'not-found'
  | 'not-permitted'
  | 'unreadable'
  | 'not-a-trace'
  | 'newer-schema'
  | 'older-schema'
  | 'corrupt-trace'
  | 'disk-full'
  | 'write-failed'
  | 'scenario-invalid'
  | 'scenario-rule'
  | 'import-failed'
  | 'unknown-format'
  | 'query-failed'
  | 'bad-request'
  | 'cancelled'
  | 'closed'
  | 'busy'
  | 'internal';

/** Where the error is: whatever of these is known. */
export interface ErrorContext {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly timeNs?: number;
  readonly lwp?: string;
  readonly found?: string;
  readonly expected?: string;
  readonly sql?: string;
  /** Further problems of the same kind (a scenario may have several). */
  readonly problems?: readonly Problem[];
}

/** One problem in a text that a person wrote. Lines and columns count from 1. */
export interface Problem {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** The shape in which an error crosses a pipe. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly context: ErrorContext;
}

export class WorkbenchError extends Error {
  override readonly name = 'WorkbenchError';
  readonly code: ErrorCode;
  readonly context: ErrorContext;

  constructor(code: ErrorCode, message: string, context: ErrorContext = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.context = context;
  }
}

/** Turns whatever was thrown into the wire form; defects keep their message but not their stack. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof WorkbenchError) {
    return { code: thrown.code, message: thrown.message, context: thrown.context };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: 'internal', message: `Unexpected error: ${message}`, context: {} };
}

/** The other direction of {@link toWireError}. */
export function fromWireError(wire: WireError): WorkbenchError {
  return new WorkbenchError(wire.code, wire.message, wire.context);
}
