import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 2
duration: 300 ms
seed: 1
locks: { a: { kind: mutex }, b: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: one, program: [{ lock: a }, { sleep: 2ms }, { lock: b }, { unlock: b }, { unlock: a }] }
      - { name: two, program: [{ lock: b }, { sleep: 2ms }, { lock: a }, { unlock: a }, { unlock: b }] }
      - { name: third, program: [{ sleep: 10ms }, { lock: a }, { unlock: a }] }
`;

const WITHOUT = `
cpus: 2
duration: 300 ms
seed: 1
locks: { a: { kind: mutex }, b: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: one, program: [{ lock: a }, { sleep: 2ms }, { lock: b }, { compute: 1s }, { unlock: b }, { unlock: a }] }
      - { name: two, program: [{ lock: a }, { sleep: 2ms }, { lock: b }, { unlock: b }, { unlock: a }] }
      - { name: third, program: [{ sleep: 10ms }, { lock: a }, { unlock: a }] }
`;

describe('deadlock', () => {
  it('finds a cycle that lasts to the end', () => {
    const findings = found(WITH, 'deadlock');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'one' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where all take the locks in one order, however long that takes', () => {
    expect(found(WITHOUT, 'deadlock')).toEqual([]);
  });
});
