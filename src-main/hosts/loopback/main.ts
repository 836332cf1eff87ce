/** Entry point of the loopback host: loopback.js [--no-window] [--port N] [FILE] */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { terminalText } from '#main/bootstrap/terminal-text.mjs';
import { createWorkbenchService } from '#main/workbench/service.ts';
import { toWireError, WorkbenchError } from '#shared/base/errors.ts';
import { endWithLauncher } from '../launcher.ts';
import { runLoopbackHost } from './run-loopback-host.ts';

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { port: { type: 'string', default: '0' }, 'no-window': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new WorkbenchError('usage', `--port ${values.port}: expected a whole number from 0 to 65535.`);
  }
  const file = positionals[0];
  const service = createWorkbenchService({
    host: 'loopback',
    nativeFiles: false,
    openPath: file === undefined ? null : resolve(file),
  });
  await runLoopbackHost({
    service,
    port,
    window: !values['no-window'],
    print: (line) => void process.stdout.write(`${terminalText(line)}\n`),
  });
}

endWithLauncher();
process.stderr.on('error', () => undefined);
main().catch((thrown: unknown) => {
  process.stderr.write(`${terminalText(toWireError(thrown).message)}\n`);
  process.exitCode = 1;
});
