import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FindingsJson } from '#main/findings/findings-json.ts';
import { temporaryFolder } from '../../store/testing/temporary-folder.ts';
import { runHere } from './testing/run-here.ts';

const file = temporaryFolder();
const scenario = join(file('holder.yaml'));

beforeAll(() => {
  writeFileSync(
    scenario,
    `
cpus: 2
duration: 200 ms
locks: { latch: { kind: mutex } }
processes:
  - name: app
    lwps:
      - { name: holder, program: [{ lock: latch }, { sleep: 50ms }, { unlock: latch }] }
      - { name: other, program: [{ sleep: 5ms }, { lock: latch }, { unlock: latch }] }
`,
  );
});

const json = async (...args: readonly string[]): Promise<FindingsJson> => {
  const { code, stdout, stderr } = await runHere('findings', scenario, '--json', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as FindingsJson;
};

describe('findings', () => {
  it('runs a scenario and lists what went wrong', async () => {
    const { code, stdout } = await runHere('findings', scenario);
    expect(code).toBe(0);
    expect(stdout).toContain('holder slept for 50 ms while it held latch: 1 thread waited 45 ms.');
  });

  it('lists some detectors only, and from a severity on', async () => {
    expect((await json('--only', 'holder-blocked')).findings.map(({ id }) => id)).toEqual(['holder-blocked']);
    expect((await json('--only', 'lock-convoy')).findings).toEqual([]);
    const severe = await json('--min-severity', 'high');
    expect(new Set(severe.findings.map(({ severity }) => severity))).toEqual(new Set(['high']));
  });

  it('exits with 1 where a finding is as severe as --fail-on says, and with 0 where none is', async () => {
    expect((await runHere('findings', scenario, '--fail-on', 'high')).code).toBe(1);
    expect((await runHere('findings', scenario, '--fail-on', 'high', '--only', 'deadlock')).code).toBe(0);
  });

  it.each([
    ['--only', 'no-such'],
    ['--set', 'late-run.latency'],
    ['--set', 'late-run.latency=soon'],
    ['--set', 'late-run.colour=5'],
    ['--min-severity', 'terrible'],
  ])('refuses %s %s as wrong usage', async (flag, value) => {
    const { code, stderr } = await runHere('findings', scenario, flag, value);
    expect(code).toBe(2);
    expect(stderr).toContain(value.split('=')[0]!.split('.')[0]!);
  });
});
