/** Reports the outcome of a command that makes a trace. */
import { fromWireError, WorkbenchError } from '#shared/base/errors.ts';
import type { RecordResult } from '#main/recorder/record-trace.ts';
import { printJson, printLines } from './output.ts';

/**
 * Prints the result, as JSON or as the lines of `text`.
 *
 * @throws WorkbenchError where the trace is not what was asked for: what ended it, and where the rest is kept
 */
export async function printMade(
  made: RecordResult,
  asJson: boolean,
  text: () => readonly string[],
): Promise<void> {
  if (asJson) {
    const { path, events, digest, complete, incompleteReason, durationNs, bytes, warnings, report } = made;
    await printJson({
      file: path,
      events,
      digest,
      complete,
      incompleteReason,
      durationNs,
      bytes,
      warnings,
      ...(report === null ? {} : { report }),
    });
  } else if (made.error === null) await printLines(text());
  if (made.error !== null) {
    const { code, message, context } = fromWireError(made.error);
    throw new WorkbenchError(code, `${message} The recording up to then is kept: ${made.path}`, context);
  }
}
