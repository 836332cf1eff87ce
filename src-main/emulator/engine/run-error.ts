/** Errors that end a run, with everything that is known about their place. */
import type { Ns } from '#shared/base/brands.ts';
import { WorkbenchError } from '#shared/base/errors.ts';

/** Where a run has got to. */
export interface RunPlace {
  readonly fileName: string;
  readonly timeNs: Ns;
  readonly lwp: string | undefined;
  /** Line of the scenario file, from 1; 0 and undefined: none. */
  readonly line: number | undefined;
}

/**
 * The error that a run ends with: what was thrown, where the scenario or the kernel has broken a rule, told with file,
 * time, LWP and line; anything else as it is.
 */
export function runError(error: unknown, place: RunPlace): unknown {
  if (!(error instanceof WorkbenchError) && !isKernelError(error)) return error;
  const { fileName, timeNs, lwp } = place;
  const line = place.line === 0 ? undefined : place.line;
  const where = lwp === undefined ? '' : `, LWP "${lwp}"${line === undefined ? '' : `, line ${line}`}`;
  const seconds = (timeNs / 1e9).toFixed(9);
  return new WorkbenchError(
    'scenario-rule',
    `${fileName}: at ${seconds} s${where}: ${error.message}. The recording ends here.`,
    {
      file: fileName,
      timeNs,
      ...(lwp === undefined ? {} : { lwp }),
      ...(line === undefined ? {} : { line }),
    },
    { cause: error },
  );
}

function isKernelError(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'AssertionFailure' || error.name === 'KernelPanic');
}
