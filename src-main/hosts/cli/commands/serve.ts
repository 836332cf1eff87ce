/** serve [FILE]: the workbench in a browser, from this machine only. */
import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readFailure } from '#shared/base/file-errors.ts';
import { terminalText } from '#main/bootstrap/terminal-text.mjs';
import type { LoopbackHost } from '../../loopback/loopback-host.ts';
import { examples } from '../examples.ts';
import { parseWhole } from '../times.ts';

interface ServeFlags {
  readonly port: number;
  readonly window: boolean;
  readonly json?: true;
}

export function serveCommand(): Command {
  return new Command('serve')
    .summary('open the workbench in a browser')
    .description(
      'Serves the workbench on 127.0.0.1 and opens it in its own window, or prints the address if there is ' +
        'no display or browser. To view a trace on a server, tunnel the port through SSH.',
    )
    .argument('[file]', 'trace, scenario or other trace to show')
    .option('--port <n>', 'port to listen on; 0 is any free one', parseWhole(0, 65_535), 0)
    .option('--no-window', 'only print the address')
    .option('--json', 'print the address as JSON, in one line, window or not: url, port, pid')
    .addHelpText(
      'after',
      examples(
        'serve convoy.sctrace',
        'serve --no-window --port 8123     (and: ssh -L 8123:127.0.0.1:8123 SERVER)',
      ),
    )
    .action(async (file: string | undefined, flags: ServeFlags) => {
      if (file !== undefined) {
        await access(file, constants.R_OK).catch((thrown: unknown) => {
          throw readFailure(file, thrown);
        });
      }
      const { createWorkbenchService } = await import('#main/workbench/service.ts');
      const { runLoopbackHost } = await import('../../loopback/run-loopback-host.ts');
      await runLoopbackHost({
        service: createWorkbenchService({
          host: 'loopback',
          nativeFiles: false,
          openPath: file === undefined ? null : resolve(file),
        }),
        port: flags.port,
        window: flags.window,
        print: (line) => void (flags.json ? process.stderr : process.stdout).write(`${terminalText(line)}\n`),
        onListening: flags.json ? printAddress : undefined,
      });
    });
}

/** In one line, for programs. */
function printAddress({ url, port }: LoopbackHost): void {
  process.stdout.write(`${JSON.stringify({ url, port, pid: process.pid })}\n`);
}
