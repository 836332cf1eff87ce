/**
 * How fast the emulator runs: transitions a second with the probe writing into its batches, on a spin-lock convoy of
 * 8 CPUs; beside it the same number of plain writes into the batches, which is the ceiling. `npm run bench` takes one
 * of its figures.
 *
 * The cost of a transition should not depend on the number of threads, nor memory on the number of transitions: both
 * are measured.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Emulator } from '../../src-main/emulator/engine/emulator.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { parseScenario } from '../../src-main/scenario/parse-scenario.ts';
import { dispatcherTable } from './dispatcher.ts';

const TRANSITIONS = 2_000_000;
const THREADS = [8, 64, 256, 1024, 10_000];
/** From 8 to this many threads the cost of a transition is to be flat. */
const FLAT_UP_TO = 1024;
const ROUNDS = 6;
const MEMORY_ROUNDS = 4;

const convoy = (threads: number): string => `
cpus: 8
duration: 1000 s
locks: { latch: spin }
processes:
  - name: server
    lwps:
      - name: worker
        count: ${threads}
        start: { uniform: [0, 20ms] }
        program:
          - loop: forever
            steps:
              - compute: { exponential: 100us }
              - schedctl_start
              - lock: latch
              - compute: { exponential: 10us }
              - unlock: latch
              - schedctl_stop
`;

function drain(probe: TransitionProbe): void {
  for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) probe.giveBack(batch);
}

/** A convoy that has got going: creating the threads is over. */
class Convoy {
  private readonly probe = new TransitionProbe();
  private readonly emulator: Emulator;

  constructor(threads: number) {
    this.emulator = new Emulator(parseScenario(convoy(threads), 'bench'), { probe: this.probe });
    while (this.emulator.timeNs < 50e6) this.advance();
  }

  /** Transitions a second over the next so many. */
  run(transitions: number): number {
    const { probe } = this;
    const before = probe.total;
    const start = performance.now();
    while (probe.total - before < transitions) this.advance();
    return (probe.total - before) / ((performance.now() - start) / 1000);
  }

  private advance(): void {
    this.emulator.advance();
    drain(this.probe);
  }
}

/** Plain writes into the batches a second. */
function ceiling(probe: TransitionProbe): number {
  const start = performance.now();
  for (let i = 0; i < TRANSITIONS; i++) {
    probe.at(i, i & 7, i & 1023, i & 127).assign(i & 63, 0, i, i + 1);
    if (probe.hasFilled) drain(probe);
  }
  return TRANSITIONS / ((performance.now() - start) / 1000);
}

/** Bytes in use: heap and typed arrays, after a garbage collection. */
function bytesInUse(collect: () => void): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** How memory grows over rounds of transitions of the 64-thread convoy, bytes; the first round is for warming up. */
function memoryGrowth(): number[] {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const running = new Convoy(64);
  running.run(TRANSITIONS);
  const start = bytesInUse(collect);
  return Array.from({ length: MEMORY_ROUNDS }, () => {
    running.run(TRANSITIONS);
    return bytesInUse(collect) - start;
  });
}

const millions = (perSecond: number): string => (perSecond / 1e6).toFixed(2).padStart(7);

/** With `--json`, of {@link TYPICAL_THREADS}. */
export interface EmulatorFigures {
  readonly transitionsPerSecond: number;
  /** Of the rate of plain writes. */
  readonly ratio: number;
}
const TYPICAL_THREADS = 64;

if (process.argv.includes('--json')) {
  const { writes, convoys } = measure([TYPICAL_THREADS]);
  const transitionsPerSecond = convoys[0]!.speed;
  console.log(JSON.stringify({ transitionsPerSecond, ratio: transitionsPerSecond / writes }));
} else {
  table();
}

/** Round by round, so that what else the machine does meets all of them alike; the best round of each counts. */
function measure(sizes: readonly number[]) {
  const plain = new TransitionProbe();
  const convoys = sizes.map((threads) => ({ threads, convoy: new Convoy(threads), speed: 0 }));
  let writes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    writes = Math.max(writes, ceiling(plain));
    for (const size of convoys) size.speed = Math.max(size.speed, size.convoy.run(TRANSITIONS));
  }
  return { writes, convoys };
}

function table(): void {
  const { writes, convoys } = measure(THREADS);
  console.log(`plain writes        ${millions(writes)} M/s (the ceiling)`);
  for (const { threads, speed } of convoys) {
    const ratio = ((100 * speed) / writes).toFixed(0);
    console.log(
      `${String(threads).padStart(6)} threads      ${millions(speed)} M transitions/s   ${ratio} % of plain writes`,
    );
  }
  const flat = convoys.filter(({ threads }) => threads <= FLAT_UP_TO).map(({ speed }) => speed);
  const spread = Math.max(...flat) / Math.min(...flat);
  console.log(`cost of a transition from 8 to ${FLAT_UP_TO} threads: within ${spread.toFixed(2)} times`);
  console.log('an operation of the dispatcher:');
  for (const line of dispatcherTable()) console.log(`  ${line}`);
  const growth = memoryGrowth().map((bytes) => `${(bytes / 1024).toFixed(0)} KiB`);
  console.log(
    `memory after each ${TRANSITIONS / 1e6} M further transitions: ${growth.join(', ')} more than before`,
  );
}
