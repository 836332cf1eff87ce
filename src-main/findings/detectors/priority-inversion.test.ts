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
      - { name: low, cpu: 0, class: { name: FX, upri: 5, quantum: 10ms }, program: [{ lock: latch }, { compute: 50ms }, { unlock: latch }] }
      - { name: middle, cpu: 0, class: { name: FX, upri: 20, quantum: 10ms }, program: [{ sleep: 10ms }, { compute: 100ms }] }
      - { name: high, cpu: 1, class: { name: FX, upri: 40, quantum: 10ms }, program: [{ sleep: 5ms }, { lock: latch }, { unlock: latch }] }
`;

const WITHOUT = `
cpus: 2
duration: 1000 ms
seed: 1
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: low, cpu: 0, class: { name: FX, upri: 5, quantum: 10ms }, program: [{ lock: latch }, { compute: 50ms }, { unlock: latch }] }
      - { name: middle, cpu: 0, class: { name: FX, upri: 45, quantum: 10ms }, program: [{ sleep: 10ms }, { compute: 100ms }] }
      - { name: high, cpu: 1, class: { name: FX, upri: 40, quantum: 10ms }, program: [{ sleep: 5ms }, { lock: latch }, { unlock: latch }] }
`;

describe('priority-inversion', () => {
  it('finds a thread between holder and waiter that has the CPU', () => {
    const findings = found(WITH, 'priority-inversion');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'middle' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where that thread is better than both', () => {
    expect(found(WITHOUT, 'priority-inversion')).toEqual([]);
  });
});
