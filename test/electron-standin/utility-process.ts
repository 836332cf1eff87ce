/** `utilityProcess`: a process of Node with Electron's port to its parent. */
import { fork, type ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

class UtilityProcess extends EventEmitter {
  private readonly child: ChildProcess;

  constructor(script: string, args: readonly string[], execArgv: readonly string[]) {
    super();
    const port = pathToFileURL(join(import.meta.dirname, 'parent-port.ts')).href;
    this.child = fork(script, [...args], {
      serialization: 'advanced',
      execArgv: [...execArgv, '--import', port],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('message', (message) => this.emit('message', message));
    this.child.once('exit', (code) => this.emit('exit', code));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }
  postMessage(message: object): void {
    this.child.send(message);
  }
  kill = (): boolean => this.child.kill();
}

export const utilityProcess = {
  fork: (script: string, args: readonly string[], options: { readonly execArgv?: readonly string[] }) =>
    new UtilityProcess(script, args, options.execArgv ?? []),
};
