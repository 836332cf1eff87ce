/** What was thrown, for whoever tells the reader of it. */
import { WorkbenchError } from '#shared/base/errors.ts';

/** Whether it only says that somebody cancelled: whoever did knows. */
export const isCancelled = (thrown: unknown): boolean =>
  thrown instanceof WorkbenchError && thrown.code === 'cancelled';

/** As a sentence. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
