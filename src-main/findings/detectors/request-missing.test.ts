import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 1
duration: 2000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: careful, program: [{ loop: 20, steps: [schedctl_start, { lock: latch }, { compute: 100us }, { unlock: latch }, schedctl_stop, { sleep: 1ms }] }] }
      - { name: holder, program: [{ sleep: 30ms }, { lock: latch }, { compute: 300ms }, { unlock: latch }] }
      - { name: other, count: 3, program: [{ sleep: 45ms }, { compute: 150ms }, schedctl_start, { lock: latch }, { unlock: latch }, schedctl_stop] }
`;

const WITHOUT = `
cpus: 1
duration: 2000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: careful, program: [{ loop: 20, steps: [{ lock: latch }, { compute: 100us }, { unlock: latch }, { sleep: 1ms }] }] }
      - { name: holder, program: [{ sleep: 30ms }, { lock: latch }, { compute: 300ms }, { unlock: latch }] }
      - { name: other, count: 3, program: [{ sleep: 45ms }, { compute: 150ms }, schedctl_start, { lock: latch }, { unlock: latch }, schedctl_stop] }
`;

describe('request-missing', () => {
  it('finds the one path that does not ask', () => {
    const findings = found(WITH, 'request-missing');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'holder' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where the others do not ask either', () => {
    expect(found(WITHOUT, 'request-missing')).toEqual([]);
  });
});
