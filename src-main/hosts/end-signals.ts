/**
 * Requests of the system to end: Ctrl-C, a supervisor, a terminal that was closed. All mean the same and are always
 * obeyed.
 */

import { constants } from 'node:os';

export const END_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** From the request on. Whoever is not done with tidying up by then has lost nothing: what is on disk can be opened. */
const GRACE_MS = 800;

let requested: NodeJS.Signals | null = null;

/**
 * What a shell is told of a program that a signal has ended: 128 and its number; null where none has asked for the end.
 */
export const endExitCode = (): number | null =>
  requested === null ? null : 128 + constants.signals[requested];

/**
 * Calls `onFirst` when the process is asked to end. Where it is still there a moment later, it ends all the same, by
 * that signal. Further requests change nothing: one Ctrl-C may come twice, from the terminal and from the launcher.
 *
 * @param atLast called before that, to let go of what would outlive the process
 * @returns ends the listening: a signal has its usual effect again
 */
export function onEndSignal(onFirst: () => void, atLast: () => void = () => undefined): () => void {
  let deadline: NodeJS.Timeout | null = null;
  const stop = (): void => {
    // It no longer keeps the process alive, but still ends one that something else keeps alive.
    deadline?.unref();
    for (const signal of END_SIGNALS) process.removeListener(signal, onSignal);
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (deadline !== null) return;
    requested = signal;
    deadline = setTimeout(() => {
      stop();
      try {
        atLast();
      } finally {
        process.kill(process.pid, signal);
      }
    }, GRACE_MS);
    onFirst();
  };
  for (const signal of END_SIGNALS) process.on(signal, onSignal);
  return stop;
}
