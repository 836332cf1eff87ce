import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 1
duration: 1000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: greedy, program: [{ loop: forever, steps: [schedctl_start, { compute: 30ms }, schedctl_stop, { compute: 1ms }] }] }
      - { name: other, program: [{ compute: 500ms }] }
`;

const WITHOUT = `
cpus: 1
duration: 1000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: modest, program: [{ loop: forever, steps: [schedctl_start, { compute: 10ms }, schedctl_stop, { compute: 15ms }] }] }
      - { name: other, program: [{ compute: 500ms }] }
`;

describe('request-abused', () => {
  it('finds a thread that always asks and holds no lock', () => {
    const findings = found(WITH, 'request-abused');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'greedy' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where less than half of its time is under a request', () => {
    expect(found(WITHOUT, 'request-abused')).toEqual([]);
  });
});
