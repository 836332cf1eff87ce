/**
 * How fast the emulator runs: transitions a second with the probe writing into its batches, on a spin-lock convoy of
 * 8 CPUs; beside it the same number of plain writes into the batches, which is the ceiling. Run by `npm run bench`.
 *
 * The cost of a transition should not depend on the number of threads: several sizes are measured.
 */
import { Emulator } from '../../src-main/emulator/engine/emulator.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { parseScenario } from '../../src-main/scenario/parse-scenario.ts';

const TRANSITIONS = 5_000_000;
const THREADS = [8, 64, 256, 1024, 10_000];
const ROUNDS = 3;

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

/** Transitions a second of one run, the start (creating the threads) left out. */
function emulate(threads: number): number {
  const probe = new TransitionProbe();
  const emulator = new Emulator(parseScenario(convoy(threads), 'bench'), { probe });
  while (emulator.timeNs < 50e6) {
    emulator.advance();
    drain(probe);
  }
  const before = probe.total;
  const start = performance.now();
  while (probe.total - before < TRANSITIONS) {
    emulator.advance();
    drain(probe);
  }
  return (probe.total - before) / ((performance.now() - start) / 1000);
}

/** Plain writes into the batches a second. */
function ceiling(): number {
  const probe = new TransitionProbe();
  const start = performance.now();
  for (let i = 0; i < TRANSITIONS; i++) {
    probe.record(i, i & 63, i & 7, i & 1023, 0, i & 127, i, i + 1);
    if (probe.hasFilled) drain(probe);
  }
  return TRANSITIONS / ((performance.now() - start) / 1000);
}

const best = (measure: () => number): number => Math.max(...Array.from({ length: ROUNDS }, measure));
const millions = (perSecond: number): string => (perSecond / 1e6).toFixed(2).padStart(7);

const writes = best(ceiling);
console.log(`plain writes        ${millions(writes)} M/s`);
for (const threads of THREADS) {
  const speed = best(() => emulate(threads));
  const ratio = ((100 * speed) / writes).toFixed(0);
  console.log(
    `${String(threads).padStart(6)} threads      ${millions(speed)} M transitions/s   ${ratio} % of plain writes`,
  );
}
