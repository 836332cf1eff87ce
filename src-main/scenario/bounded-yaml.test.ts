import { describe, expect, test } from 'vitest';
import { checkScenario, parseScenario } from './parse-scenario.ts';

const first = (text: string): string => {
  const problem = checkScenario(text).problems[0];
  return problem === undefined ? 'nothing' : `${problem.line}:${problem.column} ${problem.message}`;
};
const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n');
/** A megabyte of it. */
const megabyteOf = (part: string): string => part.repeat((1 << 20) / part.length);

// What grows faster than the text shows as a test that does not end in time.
describe('a megabyte is refused in one sentence, whatever is in it', () => {
  test.each<[string, string, RegExp]>([
    ['open lists', `processes: ${megabyteOf('[')}`, /1:\d+ found lists or mappings nested too deeply/],
    ['open mappings', megabyteOf('{a: '), /nested too deeply/],
    [
      'lists and mappings that are closed',
      `${'[{a: '.repeat(9000)}1${'}]'.repeat(9000)}`,
      /nested too deeply/,
    ],
    ['lists in lists on one line', megabyteOf('- '), /nested too deeply/],
    ['keys of keys', megabyteOf('? '), /nested too deeply/],
    ['mappings in mappings by indentation', lines(1300, (at) => `${' '.repeat(at)}a:`), /nested too deeply/],
    ['lists in lists by indentation', lines(1300, (at) => `${' '.repeat(at)}-`), /nested too deeply/],
    ['keys', lines(60_000, (at) => `k${at}: ${at}`), /found more than 300000 words and signs/],
    ['keys in one line', `{${lines(60_000, (at) => `k${at}: 1,`)}}`, /words and signs/],
    ['one key again and again', megabyteOf('k: 1\n'), /words and signs/],
    ['closing brackets', megabyteOf(']'), /not YAML/],
    ['empty lines', megabyteOf('\n'), /words and signs/],
    ['anchors', lines(40_000, (at) => `k${at}: &a${at} 1`), /1001:\d+ found more than 1000 anchors/],
    ['aliases', `a: &a 1\nb: [${'*a,'.repeat(99_000)}]`, /found more than 1000 aliases/],
    ['merged mappings', `a: &a {x: 1}\n${lines(40_000, (at) => `b${at}: {<<: *a}`)}`, /1000 aliases/],
    ['documents', megabyteOf('---\na: 1\n'), /found a second document/],
    ['a name without an end', `a: *${megabyteOf('x')}`, /not YAML: Unresolved alias .{0,600}\.\.\.$/],
    ['a tag without an end', `a: !${megabyteOf('x')} 1`, /./],
    ['one key of a megabyte', `${megabyteOf('k')}: 1`, /./],
  ])('%s', (_what, text, why) => {
    expect(first(text)).toMatch(why);
    expect(first(text).length).toBeLessThan(600);
  });
});

describe('aliases', () => {
  test('are counted as what they stand for', () => {
    const tens = (name: string): string => `[${Array(10).fill(name).join(',')}]`;
    const text = ['a0: &a0 [1,1,1,1,1,1,1,1,1,1]'];
    for (let at = 1; at < 9; at++) text.push(`a${at}: &a${at} ${tens(`*a${at - 1}`)}`);
    expect(first(text.join('\n'))).toMatch(
      /not YAML of a scenario: more than 100000 values, counting those that aliases/,
    );
    const large = `a: &a {${lines(5000, (at) => `k${at}: 1,`).replaceAll('\n', ' ')}}`;
    expect(first(`${large}\nb: {${'<<: *a, '.repeat(20)}}`)).toMatch(/more than 100000 values/);
  });

  test('inside of what they stand for are refused', () => {
    expect(first('cpus: &a\n  - *a')).toBe(
      '2:5 found *a inside of what it stands for, which would have no end',
    );
  });

  test('stand for the last anchor of that name before them, and lead to its place', () => {
    const text = [
      'cpus: 1',
      'duration: 1 s',
      'programs: {one: &p [compute: 1ms], two: &p [comput: 1ms]}',
      'processes: [{name: a, lwps: [{name: b, program: *p}]}]',
    ].join('\n');
    expect(checkScenario(text).problems.map(({ line }) => line)).toEqual([3, 3]);
  });

  test('of mappings can be merged', () => {
    const text = [
      'cpus: 1',
      'duration: 1 s',
      'processes:',
      '  - {name: a, lwps: [&w {name: b, program: [compute: 1ms]}]}',
      '  - {name: c, lwps: [{<<: *w, name: d}]}',
    ].join('\n');
    expect(parseScenario(text, 'merged.yaml').lwps.map(({ name }) => name)).toEqual(['b', 'd']);
  });
});

test('a key that is there twice is said, with its place', () => {
  expect(first('cpus: 1\nduration: 1 s\ncpus: 2')).toBe('3:1 not YAML: Map keys must be unique');
});

test('a scenario of thousands of steps is taken', () => {
  const text = `cpus: 1
duration: 1 ms
processes:
  - name: a
    lwps:
      - name: w
        program:
${'          - compute: 1us\n'.repeat(20_000)}`;
  expect(checkScenario(text)).toMatchObject({ problems: [], facts: { lwps: 1 } });
});
