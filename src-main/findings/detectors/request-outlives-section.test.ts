import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 1
duration: 500 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, program: [schedctl_start, { lock: latch }, { compute: 1ms }, { unlock: latch }, { compute: 30ms }, schedctl_stop] }
      - { name: other, program: [{ compute: 100ms }] }
`;

const WITHOUT = `
cpus: 1
duration: 500 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, program: [schedctl_start, { lock: latch }, { compute: 1ms }, { unlock: latch }, { compute: 1ms }, schedctl_stop, { compute: 30ms }] }
      - { name: other, program: [{ compute: 100ms }] }
`;

describe('request-outlives-section', () => {
  it('finds a request that stands long after the release', () => {
    const findings = found(WITH, 'request-outlives-section');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'holder' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where it is withdrawn soon', () => {
    expect(found(WITHOUT, 'request-outlives-section')).toEqual([]);
  });
});
