import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 2
duration: 600 ms
seed: 1
locks: { latch: spin }
processes:
  - name: app
    lwps:
      - { name: holder, cpu: 0, program: [{ lock: latch }, { compute: 300ms }, { unlock: latch }] }
      - { name: rival, cpu: 0, program: [{ compute: 300ms }] }
      - { name: spinner, cpu: 1, program: [{ sleep: 5ms }, { lock: latch }, { unlock: latch }] }
`;

const WITHOUT = `
cpus: 2
duration: 600 ms
seed: 1
locks: { latch: spin }
processes:
  - name: app
    lwps:
      - { name: holder, cpu: 0, program: [{ lock: latch }, { compute: 300ms }, { unlock: latch }] }
      - { name: rival, cpu: 1, program: [{ compute: 300ms }] }
      - { name: spinner, cpu: 1, program: [{ sleep: 5ms }, { lock: latch }, { unlock: latch }] }
`;

describe('spin-behind-off-cpu-holder', () => {
  it('finds a thread that spins while the holder has no CPU', () => {
    const findings = found(WITH, 'spin-behind-off-cpu-holder');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'holder' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where the rival has a CPU of its own', () => {
    expect(found(WITHOUT, 'spin-behind-off-cpu-holder')).toEqual([]);
  });
});
