/** Entry point of the loopback host behind `npm run dev`: loopback-from-source.ts PORT [FILE] */
import { resolve } from 'node:path';
import { createWorkbenchService } from '#main/workbench/service.ts';
import { toWireError } from '#shared/base/errors.ts';
import { onEndSignal } from '../end-signals.ts';
import { endWithLauncher } from '../launcher.ts';
import { startLoopbackHost } from '../loopback/loopback-host.ts';
import { DEV_TOKEN, type HostReady } from './protocol.ts';

async function main(): Promise<void> {
  const token = process.env[DEV_TOKEN];
  // Not for what this process starts.
  delete process.env[DEV_TOKEN];
  const [port, file] = process.argv.slice(2);
  const openPath = file === undefined ? null : resolve(file);
  const service = createWorkbenchService({ host: 'loopback', nativeFiles: false, openPath });
  const host = await startLoopbackHost({ service, rendererDir: null, port: Number(port), token });
  onEndSignal(
    () =>
      void host
        .close()
        .then(() => service.close())
        .then(() => process.exit(0)),
  );
  const ready: HostReady = { fragment: new URL(host.oneTimeUrl()).hash };
  process.send?.(ready);
}

endWithLauncher();
main().catch((thrown: unknown) => {
  process.stderr.write(`${toWireError(thrown).message}\n`);
  process.exitCode = 1;
});
