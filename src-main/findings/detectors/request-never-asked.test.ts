import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 1
duration: 1500 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, program: [{ lock: latch }, { compute: 400ms }, { unlock: latch }] }
      - { name: other, count: 3, program: [{ sleep: 5ms }, { compute: 150ms }, { lock: latch }, { unlock: latch }] }
`;

const WITHOUT = `
cpus: 1
duration: 1500 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, program: [schedctl_start, { lock: latch }, { compute: 10ms }, { unlock: latch }, schedctl_stop, { lock: latch }, { compute: 400ms }, { unlock: latch }] }
      - { name: other, count: 3, program: [{ sleep: 5ms }, { compute: 150ms }, { lock: latch }, { unlock: latch }] }
`;

describe('request-never-asked', () => {
  it('finds a lock whose holders never ask', () => {
    const findings = found(WITH, 'request-never-asked');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'holder' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where any hold carries a request', () => {
    expect(found(WITHOUT, 'request-never-asked')).toEqual([]);
  });
});
