/** The trace that the window is measured on: 8 CPUs, 52 threads and 4 locks, all of them busy. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectNode } from '../../src-main/bootstrap/paths.mjs';

const root = resolve(import.meta.dirname, '../..');

/** What this scenario records in a second of its own time; the seed fixes it. */
const EVENTS_PER_SECOND = 834_500;

const scenario = (seconds: number): string => `
cpus: 8
duration: ${seconds.toFixed(3)} s
seed: 7
locks:
  buffer_0: { kind: spin, spin: 20us, delay: { first: 1ms, most: 8ms } }
  buffer_1: { kind: spin, spin: 20us, delay: { first: 1ms, most: 8ms } }
  wal: adaptive
  catalog: adaptive
programs:
  backend:
    - loop: forever
      steps:
        - compute: { log_normal: { median: 200us, sigma: 0.6 } }
        - schedctl_start
        - lock: buffer_0
        - compute: { exponential: 20us }
        - unlock: buffer_0
        - schedctl_stop
        - lock: wal
        - compute: { exponential: 15us }
        - unlock: wal
        - chance: 0.2
          then:
            - sleep: { exponential: 3ms }
  writer:
    - loop: forever
      steps:
        - compute: { log_normal: { median: 200us, sigma: 0.6 } }
        - schedctl_start
        - lock: buffer_1
        - compute: { exponential: 20us }
        - unlock: buffer_1
        - schedctl_stop
        - lock: catalog
        - compute: { exponential: 15us }
        - unlock: catalog
        - sleep: { exponential: 1ms }
processes:
  - name: postgres
    lwps:
      - { name: backend, count: 40, start: { uniform: [0, 20ms] }, program: backend }
      - { name: writer, count: 12, start: { uniform: [0, 20ms] }, program: writer }
`;

/**
 * Records about `events` events into `folder` with the built program.
 *
 * @returns path of the trace
 */
export function recordTrace(folder: string, events: number): string {
  const source = join(folder, `busy-${events}.yaml`);
  const trace = join(folder, `busy-${events}.sctrace`);
  writeFileSync(source, scenario(events / EVENTS_PER_SECOND));
  const cli = join(root, 'dist/main/cli.js');
  const { status, stdout, stderr } = spawnSync(projectNode, [cli, 'record', source, '-o', trace], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the recording ended with ${status}:\n${stderr}`);
  console.log(stdout.trim());
  return trace;
}
