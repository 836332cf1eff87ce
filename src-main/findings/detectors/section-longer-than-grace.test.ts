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
      - { name: holder, program: [schedctl_start, { lock: latch }, { compute: 400ms }, { unlock: latch }, schedctl_stop] }
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
      - { name: holder, program: [{ compute: 195ms }, schedctl_start, { lock: latch }, { compute: 10ms }, { unlock: latch }, schedctl_stop] }
      - { name: other, count: 3, program: [{ sleep: 5ms }, { compute: 150ms }, { lock: latch }, { unlock: latch }] }
`;

describe('section-longer-than-grace', () => {
  it('finds a holder whose request is revoked', () => {
    const findings = found(WITH, 'section-longer-than-grace');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'holder' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where the section ends within the grace', () => {
    expect(found(WITHOUT, 'section-longer-than-grace')).toEqual([]);
  });
});
