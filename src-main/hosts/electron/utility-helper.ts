/** Helper processes of the service by Electron's utilityProcess: the package's binary does not run as Node. */
import { utilityProcess } from 'electron';
import type { StartHelper } from '#main/workbench/sql/helper-process.ts';

export const utilityHelper: StartHelper = (script, args, heapMb) => {
  const child = utilityProcess.fork(script, [...args], {
    execArgv: [`--max-old-space-size=${heapMb}`],
    serviceName: 'schedctl workbench queries',
    stdio: 'ignore',
  });
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onEnd: (listener) => void child.once('exit', listener),
    kill() {
      // kill() asks; SQLite in the middle of a statement does not answer.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      else child.kill();
    },
  };
};
