import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

const WITH = `
cpus: 1
duration: 500 ms
seed: 1
processes:
  - name: app
    lwps:
      - { name: leaks, program: [schedctl_start, { compute: 1ms }, exit] }
`;

const WITHOUT = `
cpus: 1
duration: 500 ms
seed: 1
processes:
  - name: app
    lwps:
      - { name: withdraws, program: [schedctl_start, { compute: 1ms }, schedctl_stop, { sleep: 10ms }, exit] }
`;

describe('request-leaked', () => {
  it('finds a thread that ends with its request set', () => {
    const findings = found(WITH, 'request-leaked');
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.subjects).toContainEqual(expect.objectContaining({ role: 'cause', name: 'leaks' }));
    expect(findings[0]!.evidence.length).toBeGreaterThan(0);
    expect(findings[0]!.endNs).toBeGreaterThan(findings[0]!.startNs);
    expect(findings[0]!.costNs).toBe(0);
  });

  it('finds none where it is withdrawn before the thread sleeps and ends', () => {
    expect(found(WITHOUT, 'request-leaked')).toEqual([]);
  });
});
