import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 2
duration: 500 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, program: [{ lock: latch }, { sleep: 50ms }, { unlock: latch }] }
      - { name: other, program: [{ sleep: 5ms }, { lock: latch }, { unlock: latch }] }
`;

const WITHOUT = `
cpus: 2
duration: 500 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, program: [{ lock: latch }, { compute: 50ms }, { unlock: latch }, { sleep: 50ms }] }
      - { name: other, program: [{ sleep: 5ms }, { lock: latch }, { unlock: latch }] }
`;

describe('holder-blocked', () => {
  it('finds a holder that sleeps while another waits', () => {
    const findings = found(WITH, 'holder-blocked');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'holder' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where it sleeps after the release', () => {
    expect(found(WITHOUT, 'holder-blocked')).toEqual([]);
  });
});
