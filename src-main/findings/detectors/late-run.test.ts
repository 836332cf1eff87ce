import { describe, expect, it } from 'vitest';
import { found } from '../testing/findings-of.ts';

/** A thread that wakes while others compute on the same CPU. */
const scenario = (rivals: number): string => `
cpus: 1
duration: 2 s
processes:
  - name: app
    lwps:
      - name: sleeper
        program:
          - loop: forever
            steps: [{ sleep: 10ms }, { compute: 30ms }]
      - name: rival
        count: ${rivals}
        program: [{ compute: 5s }]
`;

describe('late-run', () => {
  it('finds a thread that is woken and waits for its CPU, and names the thread that had it', () => {
    const findings = found(scenario(6), 'late-run').filter(({ subjects }) =>
      subjects.some(({ name, role }) => role === 'victim' && name === 'sleeper'),
    );
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]!.longestNs).toBeGreaterThan(10_000_000);
    expect(findings[0]!.subjects).toContainEqual(
      expect.objectContaining({ role: 'cause', name: expect.stringContaining('rival') as string }),
    );
  });

  it('finds none where nothing else wants the CPU', () => {
    expect(found(scenario(0).replace(/ {6}- name: rival[^]*$/, ''), 'late-run')).toEqual([]);
  });

  it('takes another threshold', () => {
    expect(found(scenario(6), 'late-run', { thresholds: { 'late-run.latency': 60e9 } })).toEqual([]);
  });
});
