/** A thrown value as an error to show. */
import { WorkbenchError } from '#shared/base/errors.ts';

/** Whether it is only a cancellation: its caller knows. */
export const isCancelled = (thrown: unknown): boolean =>
  thrown instanceof WorkbenchError && thrown.code === 'cancelled';

/** As a sentence. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);
