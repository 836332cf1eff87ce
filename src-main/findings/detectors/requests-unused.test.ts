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
      - { name: brief, program: [{ loop: 150, steps: [schedctl_start, { compute: 10us }, schedctl_stop, { sleep: 1ms }] }] }
`;

const WITHOUT = `
cpus: 1
duration: 1000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: brief, program: [{ loop: 99, steps: [schedctl_start, { compute: 10us }, schedctl_stop, { sleep: 1ms }] }] }
`;

describe('requests-unused', () => {
  it('finds a thread of many requests and no decision', () => {
    const findings = found(WITH, 'requests-unused');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'brief' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBe(0);
  });

  it('finds none where there are fewer than a hundred', () => {
    expect(found(WITHOUT, 'requests-unused')).toEqual([]);
  });
});
