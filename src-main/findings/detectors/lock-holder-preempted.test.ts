import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

/** One CPU: a thread that holds the latch for longer than a quantum loses the CPU to threads that want the latch. */
const scenario = (holderSteps: string, others: string): string => `
cpus: 1
duration: 1 s
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - name: holder
        program: [${holderSteps}]
      - name: other
        count: 3
        program: [{ sleep: 5ms }, ${others}]
`;

const HOLD = '{ lock: latch }, { compute: 400ms }, { unlock: latch }';

describe('lock-holder-preempted', () => {
  it('finds a holder that runs out its quantum while others come for the lock', () => {
    const findings = found(
      scenario(HOLD, '{ compute: 150ms }, { lock: latch }, { unlock: latch }'),
      'lock-holder-preempted',
    );
    expect(findings.length).toBeGreaterThan(0);
    const [worst] = findings;
    expect(worst).toMatchObject({ severity: 'high', confidence: 1, doubt: null });
    expect(worst!.subjects.map(({ name, role }) => `${role} ${name}`)).toEqual(
      expect.arrayContaining(['cause holder', 'object latch']),
    );
    expect(worst!.costNs).toBeGreaterThan(0);
    expect(worst!.endNs).toBeGreaterThan(worst!.startNs);
  });

  it('finds none where the holder loses its CPU and no thread wants the lock', () => {
    expect(found(scenario(HOLD, '{ compute: 150ms }'), 'lock-holder-preempted')).toEqual([]);
  });

  it('finds none where the holder sleeps: that is no preemption', () => {
    const steps = '{ lock: latch }, { sleep: 400ms }, { unlock: latch }';
    expect(found(scenario(steps, '{ lock: latch }, { unlock: latch }'), 'lock-holder-preempted')).toEqual([]);
  });
});
