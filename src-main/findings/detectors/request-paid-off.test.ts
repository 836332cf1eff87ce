import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 2
duration: 1000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, cpu: 0, class: { name: FX, upri: 10, quantum: 20ms }, program: [{ loop: 20, steps: [{ compute: 13ms }, schedctl_start, { lock: latch }, { compute: 9ms }, { unlock: latch }, schedctl_stop] }] }
      - { name: rival, cpu: 0, class: { name: FX, upri: 10, quantum: 20ms }, program: [{ compute: 500ms }] }
      - { name: other, cpu: 1, count: 3, program: [{ loop: forever, steps: [{ lock: latch }, { compute: 1ms }, { unlock: latch }, { sleep: 2ms }] }] }
`;

const WITHOUT = `
cpus: 2
duration: 1000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, cpu: 0, class: { name: FX, upri: 10, quantum: 20ms }, program: [{ loop: 20, steps: [{ compute: 13ms }, schedctl_start, { lock: latch }, { compute: 9ms }, { unlock: latch }, schedctl_stop] }] }
      - { name: rival, cpu: 0, class: { name: FX, upri: 10, quantum: 20ms }, program: [{ compute: 500ms }] }
      - { name: other, cpu: 1, count: 3, program: [{ loop: forever, steps: [{ compute: 1ms }, { sleep: 2ms }] }] }
`;

describe('request-paid-off', () => {
  it('finds sections that ended within the grace while others waited', () => {
    const findings = found(WITH, 'request-paid-off');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'holder' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeLessThan(0);
  });

  it('finds none where no thread waits for the lock', () => {
    expect(found(WITHOUT, 'request-paid-off')).toEqual([]);
  });
});
