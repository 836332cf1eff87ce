/**
 * Random plans for the benchmark of findings: with a fault put in, or well behaved. The same number makes the same
 * plan.
 */

export interface FaultPlan {
  /** Detector that is to find what was put in, null for a well-behaved plan. */
  readonly fault: string | null;
  readonly text: string;
}

/** A small generator of numbers (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FAULTS = [
  'lock-holder-preempted',
  'holder-blocked',
  'spin-behind-off-cpu-holder',
  'deadlock',
  'request-leaked',
  'section-longer-than-grace',
] as const;

export function faultPlan(number: number): FaultPlan {
  const random = randomOf(number * 7919 + 1);
  const between = (least: number, most: number): number => Math.round(least + random() * (most - least));
  const fault = FAULTS[number % FAULTS.length]!;
  const cpus = between(1, 3);
  const kind =
    fault === 'spin-behind-off-cpu-holder' ? 'spin' : ['spin', 'mutex', 'adaptive'][between(0, 2)]!;
  const holdMs = between(230, 400);
  const hold = `{ lock: latch }, { compute: ${holdMs}ms }, { unlock: latch }`;
  const culprit: Record<(typeof FAULTS)[number], string> = {
    'lock-holder-preempted': hold,
    'spin-behind-off-cpu-holder': hold,
    'section-longer-than-grace': `schedctl_start, ${hold}, schedctl_stop`,
    'holder-blocked': `{ lock: latch }, { sleep: ${between(20, 90)}ms }, { unlock: latch }`,
    'request-leaked': `schedctl_start, { compute: ${between(1, 20)}ms }, exit`,
    deadlock: '{ lock: latch }, { sleep: 2ms }, { lock: second }, { unlock: second }, { unlock: latch }',
  };
  const other =
    fault === 'deadlock'
      ? '{ lock: second }, { sleep: 2ms }, { lock: latch }, { unlock: latch }, { unlock: second }'
      : `{ sleep: ${between(3, 9)}ms }, { compute: ${between(1, 20)}ms }, { lock: latch }, { compute: 1ms }, { unlock: latch }`;
  // Rivals for the holder's CPU.
  const rivals = between(2, 4) * cpus;
  return {
    fault,
    text: plan(cpus, number, `{ latch: { kind: ${kind} }, second: { kind: mutex } }`, [
      `{ name: culprit, cpu: 0, program: [${culprit[fault]}] }`,
      `{ name: other, count: ${fault === 'deadlock' ? 1 : between(1, 4)}, program: [${other}] }`,
      `{ name: rival, count: ${rivals}, start: { uniform: [0, 20ms] }, program: [{ loop: forever, steps: [{ compute: ${between(5, 60)}ms }, { sleep: ${between(1, 5)}ms }] }] }`,
    ]),
  };
}

/** Fewer threads than CPUs, short sections under requests, nothing that hurts. */
export function goodPlan(number: number): FaultPlan {
  const random = randomOf(number * 104729 + 3);
  const between = (least: number, most: number): number => Math.round(least + random() * (most - least));
  const cpus = between(2, 8);
  return {
    fault: null,
    text: plan(cpus, number, '{ latch: { kind: adaptive } }', [
      `{ name: worker, count: ${between(1, cpus - 1)}, start: { uniform: [0, 1ms] }, program: [{ loop: forever, steps: [{ compute: { exponential: ${between(100, 900)}us } }, schedctl_start, { lock: latch }, { compute: { uniform: [2us, ${between(5, 30)}us] } }, { unlock: latch }, schedctl_stop, { sleep: { exponential: ${between(1, 4)}ms } }] }] }`,
    ]),
  };
}

function plan(cpus: number, seed: number, locks: string, lwps: readonly string[]): string {
  return `cpus: ${cpus}
duration: 1500 ms
seed: ${seed}
locks: ${locks}
processes:
  - name: app
    lwps:
${lwps.map((lwp) => `      - ${lwp}`).join('\n')}
`;
}
