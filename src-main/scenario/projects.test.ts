import { describe, expect, test } from 'vitest';
import { checkScenario, parseScenario } from './parse-scenario.ts';

/** A scenario with these lines, from line 3 on, and one process. */
const scenario = (lines: string, process = ''): string => `cpus: 2
duration: 1 s
${lines}
processes: [{ name: p, ${process} lwps: [{ name: x, class: FSS, program: [compute: 1ms] }] }]
`;

function problems(text: string): string[] {
  return checkScenario(text).problems.map(({ line, message }) => `${line}: ${message}`);
}

describe('projects and zones', () => {
  test('have shares; the global zone comes first, with one share where none is said', () => {
    const plan = parseScenario(
      scenario(
        'zones: { web: 3 }\nprojects: { shop: { shares: 2, zone: web }, base: 5, other: { zone: web } }',
      ),
      'x.yaml',
    );
    expect(plan.zones).toEqual([
      { name: 'global', shares: 1 },
      { name: 'web', shares: 3 },
    ]);
    expect(plan.projects).toEqual([
      { name: 'shop', shares: 2, zone: 1 },
      { name: 'base', shares: 5 },
      { name: 'other', shares: 1, zone: 1 },
    ]);
  });

  test('the global zone may have other shares, wherever it is listed', () => {
    const plan = parseScenario(scenario('zones: { web: 3, global: 7 }'), 'x.yaml');
    expect(plan.zones).toEqual([
      { name: 'global', shares: 7 },
      { name: 'web', shares: 3 },
    ]);
  });

  test('system is the project of the kernel in the global zone, and any project elsewhere', () => {
    const isSystem = (lines: string): boolean | undefined =>
      parseScenario(scenario(lines), 'x.yaml').projects[0]!.isSystem;
    expect(isSystem('projects: { system: 4 }')).toBe(true);
    expect(isSystem('zones: { web: 1 }\nprojects: { system: { zone: web } }')).toBeUndefined();
  });

  test('a process in a zone that names no project is in one of one share there', () => {
    const plan = parseScenario(scenario('zones: { web: 3 }\nprojects: { base: 5 }', 'zone: web,'), 'x.yaml');
    expect(plan.projects[plan.processes[0]!.project]).toEqual({ name: 'default', shares: 1, zone: 1 });
  });

  test('names that are not declared, and zones that do not fit, are told with their lines', () => {
    expect(problems(scenario('projects: { shop: { zone: web } }'))).toEqual([
      '3: found "web", expected the name of a zone: global',
    ]);
    expect(
      problems(scenario('zones: { web: 1 }\nprojects: { a: 1, b: { zone: web } }', 'zone: web, project: a,')),
    ).toEqual(['5: found "a", a project of the zone "global", expected one of the zone "web": b']);
    expect(problems(scenario('projects: { a: 70000 }'))).toEqual([
      '3: found 70000 for projects.a, expected a whole number from 0 to 65535',
    ]);
  });
});

describe('events about shares', () => {
  const withEvent = (event: string): string =>
    scenario(`zones: { web: 3 }\nprojects: { a: 1, b: { zone: web } }\nevents: [{ at: 1 ms, ${event} }]`);

  test('set those of a project or a zone, or move a process', () => {
    const plan = (event: string): unknown => parseScenario(withEvent(event), 'x.yaml').timed![0];
    const at = { timeNs: 1_000_000, line: 5 };
    expect(plan('shares: 9, project: b')).toEqual({ ...at, event: 'project_shares', project: 1, shares: 9 });
    expect(plan('shares: 0, zone: web')).toEqual({ ...at, event: 'zone_shares', zone: 1, shares: 0 });
    expect(plan('newtask: a, process: p')).toEqual({ ...at, event: 'newtask', process: 'p', project: 0 });
  });

  test('are checked', () => {
    expect(problems(withEvent('shares: 9'))).toEqual([
      '5: found no project and no zone, or both, expected one of them',
    ]);
    expect(problems(withEvent('shares: 9, project: c'))).toEqual([
      '5: found "c", expected the name of a project: a or b',
    ]);
    expect(problems(withEvent('newtask: b, process: p'))).toEqual([
      '5: found "b", a project of the zone "web", expected one of the zone "global": a',
    ]);
    expect(problems(withEvent('newtask: a, process: q'))).toEqual([
      '5: found "q", expected the name of a process',
    ]);
    expect(problems(withEvent('newtask: a'))[0]).toMatch(/^5: "process" is missing/);
  });
});

describe('what dispadmin sets', () => {
  test('is in ticks', () => {
    const quanta = Array.from({ length: 60 }, (_, level) => (level === 0 ? 'infinite' : '20ms'));
    const plan = parseScenario(scenario(`fss_quantum: 50ms\nrt_quanta: [${quanta.join(', ')}]`), 'x.yaml');
    expect(plan.fssQuantum).toBe(5);
    expect(plan.rtQuanta!.slice(0, 3)).toEqual([-2, 2, 2]);
  });

  test('has bounds', () => {
    expect(problems(scenario('fss_quantum: 1 s'))).toEqual([
      '3: found 100 ticks, expected at least 1 and at most 99, which is less than a second',
    ]);
    expect(problems(scenario('rt_quanta: [1 ticks]'))).toEqual([
      '3: found a list of 1 for rt_quanta, expected 60 time slices, one for each level from 0',
    ]);
    const quanta = Array.from({ length: 60 }, (_, level) => (level === 3 ? '1ms' : '20ms'));
    expect(problems(scenario(`rt_quanta: [${quanta.join(', ')}]`))).toEqual([
      '3: found 0 ticks, expected at least 1, or infinite',
    ]);
  });
});
