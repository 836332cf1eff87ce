import { describe, expect, test } from 'vitest';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { StepPlan } from '../emulator/plan.ts';
import { checkScenario, parseScenario } from './parse-scenario.ts';

const scenario = (steps: string, more = ''): string => `cpus: 2
duration: 1 s
sources: { disk: { every: 5ms } }
programs:
  child: [compute: 1ms]
${more}processes:
  - name: p
    lwps: [{ name: a, program: [${steps}] }]
`;

const stepsOf = (text: string): readonly StepPlan[] =>
  parseScenario(text, 'test.yaml').programs.at(-1)!.steps;
const problems = (text: string): string[] =>
  checkScenario(text).problems.map(({ line, message }) => `${line}: ${message}`);

describe('steps about processes and signals', () => {
  test('have short forms, with names resolved', () => {
    expect(
      stepsOf(scenario('fork: child, spawn: { program: child, count: 2 }, exec: child, await: disk')),
    ).toEqual([
      { op: 'fork', kind: 'fork1', program: 0, siblings: null, name: 'child', line: 8 },
      { op: 'spawn', program: 0, name: 'child', count: 2, line: 8 },
      { op: 'exec', program: 0, line: 8 },
      { op: 'await', source: 0, line: 8 },
    ]);
  });

  test('name signals without SIG, and send them to the own process, another one or one LWP', () => {
    expect(
      stepsOf(
        scenario('send: USR1, { send: TERM, process: p }, { send: HUP, lwp: a }, sigmask: { block: [USR1] }'),
      ),
    ).toEqual([
      { op: 'send', signal: 16, target: { kind: 'self' }, line: 8 },
      { op: 'send', signal: 15, target: { kind: 'process', name: 'p' }, line: 8 },
      { op: 'send', signal: 1, target: { kind: 'lwp', name: 'a' }, line: 8 },
      { op: 'sigmask', how: 'SIG_BLOCK', set: [1 << 15, 0, 0], line: 8 },
    ]);
  });

  test('choose among lists of steps by a Zipf distribution', () => {
    const [choice] = stepsOf(scenario('{ zipf: 1, of: [[yield], [mark: 1], [mark: 2]] }'));
    // Weights 1, 1/2, 1/3.
    expect(choice).toMatchObject({ op: 'chance', steps: [{ op: 'yield' }] });
    expect((choice as Extract<StepPlan, { op: 'chance' }>).probability).toBeCloseTo(6 / 11);
    const [rest] = (choice as Extract<StepPlan, { op: 'chance' }>).otherwise;
    expect((rest as Extract<StepPlan, { op: 'chance' }>).probability).toBeCloseTo(3 / 5);
  });

  test('may name a program that is declared later', () => {
    expect(problems(scenario('fork: later', '  later: [fork: child]\n'))).toEqual([]);
  });

  test('report names that nothing has', () => {
    expect(problems(scenario('fork: chld, await: tape, cancel: b, { send: USR1, process: q }'))).toEqual([
      '8: found "chld", expected the name of a program: child',
      '8: found "tape", expected the name of a source: disk',
      '8: found "b", expected the name of an LWP',
      '8: found "q", expected the name of a process',
    ]);
  });

  test('report a signal that does not exist, and siblings where no LWP is copied', () => {
    expect(problems(scenario('send: USR3'))[0]).toMatch(
      /found a mapping with send .*expected a step: .*send/,
    );
    expect(problems(scenario('sigmask: { block: [USR3] }'))[0]).toMatch(/sigmask/);
    expect(problems(scenario('fork: { program: child, siblings: child }'))[0]).toContain(
      'found siblings for fork1, expected them with forkall only',
    );
  });
});

describe('what comes from outside', () => {
  test('events are in order of time; one LWP of several may be different', () => {
    const plan = parseScenario(
      `cpus: 2
duration: 1 s
events:
  - { at: 20ms, heal: all }
  - { at: 10ms, fail: mapping, nth: every, error: EAGAIN }
processes:
  - name: p
    signals: { USR1: handler, PIPE: ignore }
    arrivals: [{ name: request, program: handler, every: { exponential: 2ms } }]
    lwps: [{ name: a, count: 3, program: handler, overrides: [{ index: 1, class: RT, cpu: 1 }] }]
programs: { handler: [compute: { zipf: { unit: 10us, exponent: 0, ranks: 4 } }] }
`,
      'test.yaml',
    );
    expect(plan.timed).toEqual([
      { event: 'fail', call: 'as_map', error: 11, nth: 0, timeNs: 10_000_000, line: 5 },
      { event: 'heal', timeNs: 20_000_000, line: 4 },
    ]);
    expect(plan.lwps.map((lwp) => [lwp.class.name, lwp.boundCpu])).toEqual([
      ['TS', -1],
      ['RT', 1],
      ['TS', -1],
    ]);
    expect(plan.processes[0]!.signals).toEqual([
      { signal: 16, handler: 0 },
      { signal: 13, handler: null },
    ]);
    expect(plan.arrivals![0]).toMatchObject({ name: 'request', process: 0, program: 0, count: Infinity });
    expect(plan.programs[0]!.steps[0]).toMatchObject({
      duration: { kind: 'zipf', unitNs: 10_000, cumulative: [0.25, 0.5, 0.75, 1] },
    });
  });

  test('an event without a target is an error', () => {
    expect(() =>
      parseScenario(
        scenario('yield').replace('sources:', 'events: [{ at: 1ms, signal: USR1 }]\nsources:'),
        'x',
      ),
    ).toThrow(WorkbenchError);
  });
});
