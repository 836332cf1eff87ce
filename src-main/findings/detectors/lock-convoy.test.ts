import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 4
duration: 1000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: worker, count: 8, start: { uniform: [0, 1ms] }, program: [{ loop: forever, steps: [{ lock: latch }, { compute: 10us }, { unlock: latch }, { compute: 200us }] }] }
      - { name: slow, program: [{ sleep: 200ms }, { lock: latch }, { compute: 5ms }, { unlock: latch }] }
`;

const WITHOUT = `
cpus: 4
duration: 1000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: worker, count: 8, start: { uniform: [0, 1ms] }, program: [{ loop: forever, steps: [{ lock: latch }, { compute: 10us }, { unlock: latch }, { compute: 200us }] }] }
      - { name: slow, program: [{ sleep: 200ms }, { lock: latch }, { compute: 50us }, { unlock: latch }] }
`;

describe('lock-convoy', () => {
  it('finds the queue that one long hold makes', () => {
    const findings = found(WITH, 'lock-convoy');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'slow' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where that hold is as short as is usual', () => {
    expect(found(WITHOUT, 'lock-convoy')).toEqual([]);
  });
});
