/**
 * The same scenario and seed give the same trace on every host and engine: the digest of one run is written down here.
 *
 * It changes whenever the emulator, or this scenario, is meant to do something else; then write the new one down. Where
 * it differs on one machine only, that machine's engine computes something in another way, which is to be found.
 */
import { expect, test } from 'vitest';
import { parseScenario } from '#main/scenario/parse-scenario.ts';
import { recordRun } from './recorded-run.ts';

/** Something of everything: all distributions, classes, kinds of locks, processes, signals, CPUs. */
const SCENARIO = `cpus: 4
duration: 2500 ms
seed: 20261125
locks: { spin: { kind: spin, spin: 20us }, mutex: mutex, adaptive: adaptive, queue: queue }
conditions: [work]
semaphores: { slots: 2 }
projects: { web: 20, batch: 5 }
sources: { disk: { every: { exponential: 2ms, most: 30ms } } }
processor_sets: { apart: [3] }
events:
  - { at: 400ms, fail: mapping }
  - { at: 500ms, offline: 2 }
  - { at: 900ms, online: 2 }
  - { at: 1 s, bind: apart, process: batch }
  - { at: 1200ms, signal: USR1, process: web }
  - { at: 1500ms, assign: 3, set: default, forced: true }
programs:
  handler: [compute: 50us]
  image: [schedctl_start, compute: { uniform: [100us, 900us] }, schedctl_stop]
  child: [schedctl_start, compute: { exponential: 300us }, exec: image]
  request:
    - lock: adaptive
    - compute: { zipf: { unit: 10us, exponent: 1.2, ranks: 50 } }
    - unlock: adaptive
    - await: disk
  worker:
    - loop: forever
      steps:
        - compute: { log_normal: { median: 400us, sigma: 0.9 }, most: 60ms }
        - schedctl_start
        - zipf: 1.1
          of:
            - [lock: spin, compute: { exponential: 20us }, unlock: spin]
            - [lock: mutex, compute: { exponential: 80us }, unlock: mutex]
            - [lock: queue, compute: 10us, unlock: queue]
            - [lock: mutex, { cond_wait: work, mutex: mutex, timeout: { exponential: 3ms } }, unlock: mutex]
            - [sema_wait: slots, compute: { uniform: [10us, 1ms] }, sema_post: slots]
        - schedctl_stop
        - chance: 0.1
          then: [lock: mutex, cond_broadcast: work, unlock: mutex]
          else: [sleep: { exponential: 500us }]
  shell:
    - loop: forever
      steps:
        - fork: { program: child, kind: vfork }
        - fork: child
        - wait_child
        - wait_child
        - sigblock
        - sleep: { exponential: 8ms }
        - sigmask: none
processes:
  - name: web
    project: web
    signals: { USR1: handler }
    arrivals: [{ name: request, program: request, every: { exponential: 3ms }, class: FSS }]
    lwps:
      - { name: ts, count: 8, program: worker }
      - { name: ia, count: 2, class: IA, program: worker }
      - { name: fx, count: 2, class: { name: FX, upri: 20, quantum: 30ms }, program: worker }
      - { name: rt, class: RT, program: [{ loop: forever, steps: [compute: 200us, sleep: 9ms] }] }
  - name: batch
    project: batch
    lwps: [{ name: fss, count: 3, class: FSS, program: worker }]
  - name: shells
    lwps: [{ name: shell, count: 2, program: shell }]
`;

test('a run is the same to the last bit on every machine', () => {
  const run = recordRun(parseScenario(SCENARIO, 'golden.yaml'));
  expect(run.rows).toBe(485_709);
  expect([run.eventDigest, run.stateDigest]).toEqual([
    '174b4b3dd0aed958b23742f10149736b',
    '82e9bb1f2c8450b3',
  ]);
});
