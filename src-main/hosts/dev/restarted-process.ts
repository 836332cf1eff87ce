/** A host that is started again whenever its sources change. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** An editor that saves, or a checkout, touches several files in a row. */
const SETTLE_MS = 150;

export interface RestartedProcess {
  /** A source has changed: ends the process and starts it anew, once no further change follows. */
  restart(): void;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/**
 * @param start null where it could not be started (it has said why): the next change tries again
 * @param onEnd called when the process ends by itself
 */
export function restartedProcess(
  start: () => Promise<ChildProcess | null>,
  onEnd: (code: number | null) => void,
): RestartedProcess {
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  /** One change after the other. */
  let turn = Promise.resolve();

  const end = async (): Promise<void> => {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill('SIGTERM');
    await ended;
  };
  const begin = async (): Promise<void> => {
    await end();
    if (isStopped) return;
    const started = await start();
    child = started;
    started?.once('exit', (code) => {
      if (child !== started) return;
      child = null;
      onEnd(code);
    });
  };
  const next = (step: () => Promise<void>): Promise<void> => (turn = turn.then(step));
  void next(begin);
  return {
    restart() {
      clearTimeout(timer);
      timer = setTimeout(() => void next(begin), SETTLE_MS);
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      return next(end);
    },
  };
}
