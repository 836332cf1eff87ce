import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 1
duration: 6000 ms
seed: 1
processes:
  - name: app
    lwps:
      - { name: asks, program: [schedctl_start, { sleep: 400ms }, { compute: 5ms }, schedctl_stop] }
      - { name: first, class: { name: FX, upri: 60, quantum: infinite }, program: [{ sleep: 300ms }, { compute: 5s }] }
`;

const WITHOUT = `
cpus: 1
duration: 6000 ms
seed: 1
processes:
  - name: app
    lwps:
      - { name: asks, program: [schedctl_start, schedctl_stop, { sleep: 400ms }, { compute: 5ms }] }
      - { name: first, class: { name: FX, upri: 60, quantum: infinite }, program: [{ sleep: 300ms }, { compute: 5s }] }
`;

describe('passed-over-by-update', () => {
  it('finds a runnable thread that does not age as its request stands', () => {
    const findings = found(WITH, 'passed-over-by-update');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'victim', name: 'asks' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBeGreaterThan(0);
  });

  it('finds none where it has withdrawn it', () => {
    expect(found(WITHOUT, 'passed-over-by-update')).toEqual([]);
  });
});
