import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 3
duration: 500 ms
seed: 1
locks: { a: { kind: mutex }, b: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: root, program: [{ lock: b }, { compute: 50ms }, { unlock: b }] }
      - { name: middle, program: [{ lock: a }, { sleep: 2ms }, { lock: b }, { unlock: b }, { unlock: a }] }
      - { name: last, program: [{ sleep: 5ms }, { lock: a }, { unlock: a }] }
`;

const WITHOUT = `
cpus: 3
duration: 500 ms
seed: 1
locks: { a: { kind: mutex }, b: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: root, program: [{ lock: b }, { compute: 50ms }, { unlock: b }] }
      - { name: middle, program: [{ lock: a }, { sleep: 2ms }, { unlock: a }, { lock: b }, { unlock: b }] }
      - { name: last, program: [{ sleep: 5ms }, { lock: a }, { unlock: a }] }
`;

describe('lock-chain', () => {
  it('finds a holder that waits for another lock, and names the root', () => {
    const findings = found(WITH, 'lock-chain');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'root' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where the first lock is released before', () => {
    expect(found(WITHOUT, 'lock-chain')).toEqual([]);
  });
});
