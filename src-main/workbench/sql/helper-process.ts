/**
 * A helper process of the service; they exchange structured clones. Node forks it; Electron, whose binary does not run
 * as Node in a package, starts it in its own way, which its host passes to the service.
 */
import { fork } from 'node:child_process';

export interface HelperProcess {
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, when the process has ended or could not start. */
  onEnd(listener: () => void): void;
  /** Ends it, whatever it is doing. */
  kill(): void;
}

/** @param heapMb memory of its JavaScript */
export type StartHelper = (script: string, args: readonly string[], heapMb: number) => HelperProcess;

/** How a forked process learns which process started it: by the time it looks, that one may be gone. */
const PARENT = 'SCHEDCTL_WORKBENCH_PARENT';

export const forkHelper: StartHelper = (script, args, heapMb) => {
  const child = fork(script, [...args], {
    serialization: 'advanced',
    execArgv: [`--max-old-space-size=${heapMb}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, [PARENT]: `${process.pid}` },
  });
  return {
    send: (message) => void child.send(message),
    onMessage: (listener) => void child.on('message', listener),
    onEnd(listener) {
      let ended = false;
      const end = (): void => {
        if (!ended) listener();
        ended = true;
      };
      child.on('error', end);
      child.on('exit', end);
    },
    kill: () => void child.kill('SIGKILL'),
  };
};

/** Inside the process: the process id of the one that has forked it, null where Electron has started it. */
export function parentOfHelper(): number | null {
  const parent = Number(process.env[PARENT] ?? NaN);
  return Number.isSafeInteger(parent) ? parent : null;
}

/** Electron's process.parentPort, in processes that its utilityProcess has started. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/** The other end, inside the process: answers each message, and ends with the process that started it. */
export function answerParent(answer: (message: unknown) => unknown): void {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort !== undefined) {
    parentPort.on('message', ({ data }) => parentPort.postMessage(answer(data)));
    return;
  }
  process.on('message', (message) => process.send!(answer(message)));
  process.on('disconnect', () => process.exit());
}
