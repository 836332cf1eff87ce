/** Ctrl-C ends a recording in good order: what was written is kept. */
import { onEndSignal } from '../end-signals.ts';

/**
 * Runs `work` with a signal that is aborted by Ctrl-C, by a request to end, and by the end of the terminal. Work that
 * does not end then is ended with the program. It has to leave the thread to others: no signal is heard while it
 * computes.
 */
export async function cancelOnSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = onEndSignal(() => controller.abort());
  try {
    return await work(controller.signal);
  } finally {
    stop();
  }
}
