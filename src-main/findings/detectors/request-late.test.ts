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
      - { name: holder, program: [{ lock: latch }, { compute: 250ms }, schedctl_start, { compute: 40ms }, { unlock: latch }, schedctl_stop] }
      - { name: other, count: 3, program: [{ sleep: 5ms }, { compute: 30ms }, { lock: latch }, { unlock: latch }] }
`;

const WITHOUT = `
cpus: 1
duration: 1500 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, program: [schedctl_start, { lock: latch }, { compute: 290ms }, { unlock: latch }, schedctl_stop] }
      - { name: other, count: 3, program: [{ sleep: 5ms }, { compute: 30ms }, { lock: latch }, { unlock: latch }] }
`;

describe('request-late', () => {
  it('finds a holder that loses its CPU before it asks', () => {
    const findings = found(WITH, 'request-late');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'holder' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where it asks before it takes the lock', () => {
    expect(found(WITHOUT, 'request-late')).toEqual([]);
  });
});
