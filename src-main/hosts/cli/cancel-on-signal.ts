/** Ctrl-C ends a recording in good order: what was written is kept. */

/** Runs `work` with a signal that Ctrl-C (or a request to end) aborts; a second one ends the program at once. */
export async function cancelOnSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = (): void => controller.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    return await work(controller.signal);
  } finally {
    process.removeListener('SIGINT', onSignal);
    process.removeListener('SIGTERM', onSignal);
  }
}
