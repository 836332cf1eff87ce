/** record SCENARIO -o FILE: runs a scenario and records every transition of it. */
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { cancelOnSignal } from '../cancel-on-signal.ts';
import { examples } from '../examples.ts';
import { outputFile } from '../output-file.ts';
import { printMade } from '../made-trace.ts';
import { describeProgress, ProgressLine } from '../progress.ts';
import { parseDuration, parseWhole, showTime } from '../times.ts';

interface RecordFlags {
  readonly output: string;
  readonly seed?: number;
  readonly duration?: number;
  readonly cpus?: number;
  readonly force?: true;
  readonly json?: true;
}

export function recordCommand(): Command {
  return new Command('record')
    .summary('run a scenario and record it')
    .description('Runs a scenario in the emulator and records every state transition into a trace file.')
    .argument('<scenario>', 'scenario file (YAML)')
    .requiredOption('-o, --output <file>', 'trace file to write (.sctrace)')
    .option('--seed <n>', "seed of the random numbers, instead of the scenario's", parseWhole(0, 0xffff_ffff))
    .option('--duration <time>', "virtual time to run, instead of the scenario's: 500ms, 2s", parseDuration)
    .option('--cpus <n>', "number of CPUs, instead of the scenario's", parseWhole(1, 256))
    .option('--force', 'replace the file, and the rest of an interrupted recording to it')
    .option('--json', 'print the result as JSON: file, events, digest, complete, durationNs, bytes')
    .addHelpText(
      'after',
      examples(
        'record traces/scenarios/lock-convoy.yaml -o convoy.sctrace',
        'record convoy.yaml -o short.sctrace --duration 200ms --seed 7 --json',
      ),
    )
    .action(async (scenario: string, flags: RecordFlags) => {
      const source = resolve(scenario);
      const replace = flags.force === true;
      const path = outputFile(flags.output, { replace, sources: [source] });
      const { readText } = await import('#main/workbench/scenarios.ts');
      const { recordScenario } = await import('#main/workbench/make-trace.ts');
      const text = await readText(scenario);
      const line = new ProgressLine();
      try {
        const made = await cancelOnSignal((signal) =>
          recordScenario(
            {
              text,
              name: basename(scenario),
              source,
              path,
              seed: flags.seed,
              durationNs: flags.duration,
              cpus: flags.cpus,
            },
            {
              signal,
              replace,
              onProgress: (progress) =>
                line.update(() => describeProgress(progress, showTime(progress.timeNs))),
            },
          ),
        );
        line.clear();
        await printMade(made, flags.json === true, () => [
          `${made.path}: ${made.events} events in ${showTime(made.durationNs)} of virtual time, digest ${made.digest}`,
        ]);
      } finally {
        line.clear();
      }
    });
}
