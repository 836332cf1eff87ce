import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 2
duration: 1000 ms
seed: 1
locks: { latch: spin }
processes:
  - name: app
    lwps:
      - { name: holder, cpu: 0, program: [{ lock: latch }, { compute: 60ms }, { unlock: latch }, { compute: 500ms }] }
      - { name: waiter, cpu: 1, class: { name: FX, upri: 10, quantum: 20ms }, program: [{ sleep: 5ms }, { lock: latch }, { unlock: latch }] }
      - { name: rival, cpu: 1, class: { name: FX, upri: 20, quantum: 20ms }, program: [{ sleep: 30ms }, { compute: 200ms }] }
`;

const WITHOUT = `
cpus: 2
duration: 1000 ms
seed: 1
locks: { latch: spin }
processes:
  - name: app
    lwps:
      - { name: holder, cpu: 0, program: [{ lock: latch }, { compute: 60ms }, { unlock: latch }, { compute: 500ms }] }
      - { name: waiter, cpu: 1, class: { name: FX, upri: 10, quantum: 20ms }, program: [{ sleep: 5ms }, { lock: latch }, { unlock: latch }] }
      - { name: rival, cpu: 1, class: { name: FX, upri: 20, quantum: 20ms }, program: [{ sleep: 70ms }, { compute: 200ms }] }
`;

describe('waiter-preempted', () => {
  it('finds a lock that is free while the next in line has no CPU', () => {
    const findings = found(WITH, 'waiter-preempted');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'waiter' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where the waiter loses its CPU after it has had the lock', () => {
    expect(found(WITHOUT, 'waiter-preempted')).toEqual([]);
  });
});
