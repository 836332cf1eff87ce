/**
 * What the store's benchmarks record: a server of 64 threads that sleep, compute, and take a spin lock under preemption
 * control.
 */

/** LWPs of the workload: lanes 0 to 63. */
export const LWPS = 64;
/** Rows that it makes in a second of virtual time, nearly. */
const EVENTS_PER_SECOND = 3_350_000;

/** Sizes by their names, as the figures are keyed. */
export const SIZES = { '100k': 100_000, '1m': 1_000_000, '10m': 10_000_000, '100m': 100_000_000 } as const;
export type SizeName = keyof typeof SIZES;

/** A scenario that makes about so many rows. */
export function scenarioOf(events: number): string {
  return `
cpus: 8
duration: ${Math.round((events / EVENTS_PER_SECOND) * 1e6)} us
locks: { latch: spin }
processes:
  - name: server
    lwps:
      - name: worker
        count: ${LWPS}
        program:
          - loop: forever
            steps:
              - sleep: { exponential: 400us }
              - compute: { exponential: 40us }
              - schedctl_start
              - lock: latch
              - compute: { exponential: 5us }
              - unlock: latch
              - schedctl_stop
`;
}
