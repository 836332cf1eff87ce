import { describe, expect, test } from 'vitest';
import { WorkbenchError } from '#shared/base/errors.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import { checkScenario, parseScenario } from './parse-scenario.ts';

const VALID = `# Title: A small one
# See: nothing much
cpus: 2
duration: 1.5 s
seed: 7
dispatch_table: server
costs: { system_call: 1us }
locks:
  plain: spin
  patient: { kind: spin, spin: 20us }
  queue: mutex
  adaptive: { kind: adaptive, spin: 30us }
programs:
  worker:
    - loop: forever
      steps:
        - compute: { log_normal: { median: 1ms, sigma: 0.5 }, most: 5 ticks }
        - schedctl_start
        - lock: plain
        - unlock: plain
        - schedctl_stop
        - chance: 0.25
          then: [yield]
          else:
            - sleep: { exponential: 2ms }
processes:
  - name: server
    count: 2
    lwps:
      - { name: worker, count: 3, class: { name: FX, upri: 10, quantum: 30ms }, program: worker }
      - name: tick
        for_each: cpu
        program:
          - loop: 3
            steps: [{ compute: { uniform: [1us, 2us] } }, { mark: 4 }]
`;

/** `line:column message` of every problem. */
function problems(text: string): string[] {
  return checkScenario(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** A valid scenario with one program, given as YAML of its steps on lines 6 and following. */
const withSteps = (steps: string, locks = 'locks: { a: spin, b: mutex }') => `cpus: 2
duration: 1 s
${locks}
programs:
  p:
${steps}
processes: [{ name: q, lwps: [{ name: x, program: p }] }]
`;

describe('a valid scenario', () => {
  const plan = parseScenario(VALID, 'small.yaml');

  test('has its title from the comment at the head', () => {
    expect(plan.title).toBe('A small one');
    expect(plan.fileName).toBe('small.yaml');
  });

  test('has durations in nanoseconds, ticks by hz', () => {
    expect(plan.durationNs).toBe(1_500_000_000);
    const loop = plan.programs[0]!.steps[0]!;
    expect(loop.op === 'loop' && loop.steps[0]).toEqual({
      op: 'compute',
      duration: { kind: 'logNormal', medianNs: 1_000_000, sigma: 0.5, leastNs: 0, mostNs: 50_000_000 },
      line: 17,
    });
  });

  test('has the locks with what was left out filled in', () => {
    expect(plan.locks).toEqual([
      { name: 'plain', kind: SYNC_KIND.spinlock, spinThenDelay: null },
      {
        name: 'patient',
        kind: SYNC_KIND.spinlock,
        spinThenDelay: { spinNs: 20_000, firstDelayNs: 1_000_000, mostDelayNs: 1_000_000_000 },
      },
      { name: 'queue', kind: SYNC_KIND.mutex },
      { name: 'adaptive', kind: SYNC_KIND.adaptiveMutex, spinNs: 30_000 },
    ]);
  });

  test('has one process for each copy, and LWPs numbered within their process', () => {
    expect(plan.processes.map((process) => process.name)).toEqual(['server 0', 'server 1']);
    expect(plan.lwps.filter((lwp) => lwp.process === 1)).toMatchObject([
      { name: 'worker 0', lwpNumber: 1, boundCpu: -1 },
      { name: 'worker 1', lwpNumber: 2 },
      { name: 'worker 2', lwpNumber: 3, class: { name: 'FX', upri: 10, uprilim: 10, quantumNs: 30_000_000 } },
      { name: 'tick 0', lwpNumber: 4, boundCpu: 0, class: { name: 'TS', upri: 0, uprilim: 0 } },
      { name: 'tick 1', lwpNumber: 5, boundCpu: 1 },
    ]);
  });

  test('has costs where it gives them, and usual ones elsewhere', () => {
    expect(plan.costs).toMatchObject({ systemCallNs: 1_000, contextSwitchNs: 2_000 });
  });

  test('is summed up for an editor', () => {
    expect(checkScenario(VALID)).toEqual({
      problems: [],
      facts: { title: 'A small one', cpus: 2, lwps: 10, durationNs: 1_500_000_000, seed: 7 },
    });
  });
});

describe('a scenario of the wrong shape', () => {
  test('has every problem reported where it stands, with what was found and expected', () => {
    const text = `cpus: 400
hz: x
duraton: 2s
locks:
  a: { kind: spin, spn: 3us }
  b: foo
programs:
  p:
    - compute: 20
    - lok: a
    - loop: 3
processes:
  - name: q
    lwps:
      - { name: x, count: 0, class: { name: FX, quantum: 3 }, program: p }
`;
    expect(problems(text)).toEqual([
      '1:1 "duration" is missing, expected a duration such as "200us", "1.5 ms", "2 s" or "3 ticks"',
      '1:7 found 400 for cpus, expected a whole number from 1 to 256',
      '2:5 found "x" for hz, expected a whole number from 10 to 10000',
      '3:1 found "duraton", which has no meaning here',
      '5:20 found "spn" in locks.a, which has no meaning here',
      '6:6 found "foo" for locks.b, expected spin, mutex, adaptive or queue, or { kind: spin, spin: 20us, delay: { first: 1ms, most: 1s } }',
      '9:16 found 20 for programs.p[0].compute, expected a duration such as "200us", or a distribution: { uniform: [10us, 20us] }, { exponential: 5ms }, { log_normal: { median: 5ms, sigma: 0.5 } } or { zipf: { unit: 10us, exponent: 1.1, ranks: 100 } }',
      '10:7 found a mapping with lok for programs.p[1], expected a step: compute, lock, unlock, schedctl_start, schedctl_stop, yield, sleep, loop, chance, zipf, mark, cond_wait, cond_signal, cond_broadcast, sema_wait, sema_post, spawn, fork, exec, exit, exit_process, wait_child, send, sigblock, sigmask, cancel, look_at, await, sigsuspend, sigtimedwait, poll, proc, newtask, priocntl or page_fault',
      '11:7 "steps" is missing in programs.p[2], expected a list of steps',
      '15:27 found 0 for processes[0].lwps[0].count, expected a whole number from 1 to 65536',
      '15:58 found 3 for processes[0].lwps[0].class.quantum, expected a duration such as "50ms" or "3 ticks", or infinite',
    ]);
  });

  test.each([
    ['compute: soon', 'found "soon" for programs.p[0].compute, expected a duration such as'],
    [
      'compute: { exponential: 5 s, most: x }',
      'found "x" for programs.p[0].compute.most, expected a duration',
    ],
    [
      'compute: { exponental: 5 s }',
      'found a mapping with exponental for programs.p[0].compute, expected a dur',
    ],
    ['loop: often', 'found "often" for programs.p[0].loop, expected how often'],
    ['chance: 2', 'found 2 for programs.p[0].chance, expected a probability from 0 to 1'],
    ['wait', 'found "wait" for programs.p[0], expected a step: compute'],
    ['priocntl: SDC', 'found "SDC" for programs.p[0].priocntl, expected a scheduling class, TS'],
    ['priocntl: { name: TS, upri: 9, uprilim: 3 }', 'found upri 9 above uprilim 3, expected at most uprilim'],
    ['{ priocntl: TS, lwp: x, process: y }', 'found both process and lwp, expected one of them'],
    ['{ priocntl: TS, lwp: nobody }', 'found "nobody"'],
    ['page_fault: soon', 'found "soon" for programs.p[0].page_fault, expected a duration such as'],
    ['schedctl_start: 1', 'found a mapping with schedctl_start for programs.p[0], expected a step'],
  ])('says of "- %s" what is wrong with it', (step, message) => {
    expect(problems(withSteps(`    - ${step}`)).join('; ')).toContain(message);
  });

  test('is refused with the first problem in the message and all in the context', () => {
    let thrown: unknown;
    try {
      parseScenario('cpus: 0\nduration: 1 s\nprocesses: []\n', 'bad.yaml');
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(WorkbenchError);
    const { code, message, context } = thrown as WorkbenchError;
    expect(code).toBe('scenario-invalid');
    expect(message).toBe(
      'bad.yaml, line 1: found 0 for cpus, expected a whole number from 1 to 256 (and 1 more). Correct the scenario and try again.',
    );
    expect(context).toMatchObject({ file: 'bad.yaml', line: 1, column: 7 });
    expect(context.problems).toHaveLength(2);
  });

  test('is told apart from what is no YAML', () => {
    expect(problems('cpus: [1, 2\nduration: "x')).not.toEqual([]);
    expect(problems('cpus: [1, 2\nduration: "x')[0]).toMatch(/^\d+:\d+ not YAML: /);
    expect(problems('')).toEqual(['1:1 found nothing, expected a scenario: cpus, duration, processes']);
    expect(problems('- a\n- b\n')).toEqual([
      '1:1 found a list of 2, expected a scenario: cpus, duration, processes',
    ]);
  });

  test('is refused in words when it nests more deeply than a person would', () => {
    const nested = (depth: number) => {
      const steps = `${'[{ loop: 3, steps: '.repeat(depth)}[compute: 1ms]${'}]'.repeat(depth)}`;
      return `cpus: 1\nduration: 1s\nprograms: { p: ${steps} }\nprocesses: [{ name: a, lwps: [{ name: b, program: p }] }]`;
    };
    expect(problems(nested(15))).toEqual([]);
    for (const depth of [30, 300, 2_000]) expect(problems(nested(depth))[0]).toMatch(/nested too deeply/);
    expect(problems('['.repeat(20_000)).length).toBeLessThanOrEqual(100);
    expect(problems('cpus: 1\n---\ncpus: 2')).toEqual([
      '2:1 found a second document after ---, expected one in a file',
    ]);
  });

  test('does not let aliases blow up', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
      bomb.push(
        `${to}: &${to} [*${from},*${from},*${from},*${from},*${from},*${from},*${from},*${from},*${from}]`,
      );
    }
    expect(problems(bomb.join('\n'))[0]).toMatch(/not YAML/);
  });
});

describe('sizes', () => {
  const text = (program: string, lwp: string) => `cpus: 2
duration: 1 s
programs:
  worker: ${program}
processes:
  - name: p
    lwps:
      - ${lwp}
`;

  test('one LWP for each, with the size where the program says each', () => {
    const { lwps, programs } = parseScenario(
      text(
        '[loop: 2, steps: [compute: each]]'.replace(
          'loop: 2, steps: [compute: each]',
          '{ loop: 2, steps: [{ compute: each }, sleep: 1ms] }',
        ),
        '{ name: w, for_each: [100us, 2ms, 3 ticks], program: worker }',
      ),
      'sizes.yaml',
    );
    expect(lwps.map(({ name, boundCpu }) => [name, boundCpu])).toEqual([
      ['w 0', -1],
      ['w 1', -1],
      ['w 2', -1],
    ]);
    const sizes = lwps.map(({ program }) => {
      const loop = programs[program]!.steps[0]!;
      return loop.op === 'loop' && loop.steps[0]!.op === 'compute' ? loop.steps[0].duration : null;
    });
    expect(sizes).toEqual([100_000, 2_000_000, 30_000_000].map((ns) => ({ kind: 'constant', ns })));
  });

  test('mean nothing elsewhere', () => {
    expect(problems(text('[compute: each]', '{ name: w, program: worker }'))).toEqual([
      '8:29 found "worker", which says each; expected it in an LWP whose for_each lists the sizes',
    ]);
    expect(problems(text('[compute: 1ms]', '{ name: w, program: [compute: each] }'))).toEqual([
      '8:39 found each, expected a duration: no for_each of an LWP says the sizes',
    ]);
  });
});

describe('a scenario that makes no sense', () => {
  test.each([
    ['an unknown lock', '    - lock: c', '6:13 found "c", expected the name of a lock: a or b'],
    [
      'an unlock without a lock',
      '    - compute: 1ms\n    - unlock: a',
      '7:1 found unlock of "a", which the program does not hold; expected a lock before',
    ],
    [
      'a lock taken twice',
      '    - lock: a\n    - lock: a',
      '7:1 found lock of "a", which the program holds already: it would wait for itself; expected an unlock before',
    ],
    [
      'a lock taken again in the next round of a loop',
      '    - loop: 2\n      steps:\n        - lock: a',
      '8:1 found lock of "a", which the program holds already: it would wait for itself; expected an unlock before',
    ],
    [
      'a loop in which time stands still',
      '    - loop: forever\n      steps: [{ lock: a }, { unlock: a }, yield]',
      '6:1 found a loop for ever that never blocks and never computes; expected a compute or a sleep in it that takes time',
    ],
    [
      'bounds the wrong way round',
      '    - compute: { uniform: [2ms, 1ms] }',
      '6:16 found a lower bound above the upper one, expected the lower bound first',
    ],
  ])('%s', (_, steps, problem) => {
    expect(problems(withSteps(steps))).toEqual([problem]);
  });

  test('where it breaks a rule of the machine, it is an editor that is told; a recording ends at that place', () => {
    const text = withSteps('    - compute: 1ms\n    - unlock: a');
    expect(problems(text)).toHaveLength(1);
    expect(parseScenario(text, 'text').programs[0]!.steps).toHaveLength(2);
  });

  test('a lock that only one branch takes may be released', () => {
    const steps = `    - chance: 0.5
      then: [{ lock: a }]
      else: [{ lock: b }]
    - unlock: a`;
    expect(problems(withSteps(steps))).toEqual([]);
  });

  test('a CPU, a program or a project that does not exist', () => {
    const text = `cpus: 2
duration: 1 s
processes:
  - name: q
    project: web
    lwps:
      - { name: x, cpu: 2, program: nothing }
`;
    expect(problems(text)).toEqual([
      '5:14 found "web", expected the name of a project (none is declared)',
      '7:25 found CPU 2, expected one of the 2 CPUs, 0 to 1',
      '7:37 found "nothing", expected the name of a program (none is declared)',
    ]);
  });
});

describe('what a recording is asked for instead', () => {
  const text = `cpus: 4
duration: 1 s
seed: 7
processes:
  - name: p
    lwps:
      - { name: hog, for_each: cpu, program: [compute: 1ms] }
`;

  test('goes before what the text says, also where LWPs come by CPU', () => {
    const plan = parseScenario(text, 'each.yaml', { cpus: 6, seed: 9, durationNs: 5e8 });
    expect(plan).toMatchObject({ cpus: 6, seed: 9, durationNs: 5e8 });
    expect(plan.lwps.map((lwp) => lwp.boundCpu)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('fewer CPUs than the LWPs are bound to', () => {
    const bound = text.replace('for_each: cpu', 'cpu: 3');
    expect(() => parseScenario(bound, 'bound.yaml', { cpus: 2 })).toThrow(
      'bound.yaml, line 7: found CPU 3, expected one of the 2 CPUs that the recording was asked for, 0 to 1.',
    );
  });
});

describe('processor sets and CPUs', () => {
  const text = (more: string, lwp = '') => `cpus: 4
duration: 1 s
processor_sets: { batch: [2, 3] }
${more}
processes:
  - name: p
    set: batch
    lwps:
      - { name: t, count: 2, program: [compute: 1ms]${lwp} }
      - { name: bound, for_each: cpu, set: default, program: [compute: 1ms] }
`;
  const problems = (yaml: string) => checkScenario(yaml).problems.map(({ message }) => message);

  test('become numbers, 0 being the default set', () => {
    const yaml = text(
      'events: [{ at: 3ms, bind: default, lwp: t 0 }, { at: 1ms, offline: 1, forced: true }]',
    );
    const plan = parseScenario(
      yaml.replace('set: default, ', '').replace('    set: batch\n', ''),
      'sets.yaml',
    );
    expect(plan.lwps.map((lwp) => lwp.part)).toEqual([0, 0, 0, 0, 1, 1]);
    expect(parseScenario(yaml.replace(/ {6}- \{ name: bound.*\n/, ''), 'x').lwps[0]!.part).toBe(1);
    expect(plan.sets).toEqual([{ name: 'batch', cpus: [2, 3] }]);
    expect(plan.timed).toMatchObject([
      { event: 'offline', cpu: 1, forced: true, timeNs: 1e6 },
      { event: 'bind', part: 0, target: { kind: 'lwp', name: 't 0' }, timeNs: 3e6 },
    ]);
  });

  test.each([
    ['an LWP bound outside its set', text(''), 'found the set "default", expected the set of CPU 2'],
    [
      'an unknown set',
      text('events: [{ at: 1ms, assign: 2, set: bach }]'),
      'found "bach", expected the name of a processor set: default or batch',
    ],
    [
      'a CPU that is not there',
      text('events: [{ at: 1ms, online: 9 }]'),
      'found CPU 9, expected one of the 4 CPUs',
    ],
    [
      'a CPU in two sets',
      text('').replace('[2, 3] }', '[2, 3], more: [3] }'),
      'found CPU 3, which is in a set already',
    ],
    ['no CPU left', text('').replace('[2, 3]', '[0, 1, 2, 3]'), 'found all CPUs in sets'],
    ['nothing to bind', text('events: [{ at: 1ms, bind: batch }]'), 'found no process and no LWP'],
  ])('%s is said', (_, yaml, message) => {
    expect(problems(yaml).join('\n')).toContain(message);
  });
});
