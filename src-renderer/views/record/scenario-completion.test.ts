import { describe, expect, it } from 'vitest';
import { optionsAt, type Schema } from './scenario-completion.ts';

const schema: Schema = {
  properties: {
    cpus: { type: 'integer', description: 'Processors.' },
    locks: { additionalProperties: { $ref: '#/definitions/lock' } },
    processes: {
      items: {
        properties: {
          name: { type: 'string' },
          lwps: {
            items: {
              properties: {
                name: {},
                class: { enum: ['TS', 'RT'] },
                program: { $ref: '#/definitions/steps' },
              },
            },
          },
        },
      },
    },
  },
  definitions: {
    lock: { properties: { kind: { enum: ['spin', 'mutex'] }, spin: {}, fair: { type: 'boolean' } } },
    steps: {
      items: {
        anyOf: [
          { enum: ['schedctl_start', 'schedctl_stop'] },
          {
            properties: {
              compute: { description: 'Work.' },
              lock: {},
              loop: {},
              steps: { $ref: '#/definitions/steps' },
            },
          },
        ],
      },
    },
  },
};

/** Labels that are offered at the `|` of a text. */
const labels = (text: string): string[] | null =>
  optionsAt(text.replace('|', ''), text.indexOf('|'), schema)?.options.map(({ label }) => label) ?? null;

describe('optionsAt', () => {
  it('offers the keys of the place, with what they mean', () => {
    expect(labels('|')).toEqual(['cpus', 'locks', 'processes']);
    expect(labels('cpus: 2\npro|')).toEqual(['cpus', 'locks', 'processes']);
    expect(optionsAt('c', 1, schema)?.options[0]).toEqual({
      label: 'cpus',
      what: 'key',
      about: 'Processors.',
    });
    expect(optionsAt('cpus: 2\npro', 11, schema)?.from).toBe(8);
  });

  it('knows items of sequences, indented or not', () => {
    expect(labels('processes:\n  - name: a\n    lwps:\n      - |')).toEqual(['name', 'class', 'program']);
    expect(labels('processes:\n- name: a\n  lwps:\n  - name: b\n    |')).toEqual([
      'name',
      'class',
      'program',
    ]);
    expect(labels('processes:\n- name: a\n  |')).toEqual(['name', 'lwps']);
  });

  it('offers values where a key has some', () => {
    expect(labels('processes:\n- lwps:\n  - class: |')).toEqual(['TS', 'RT']);
    expect(labels('locks:\n  a:\n    fair: |')).toEqual(['true', 'false']);
    expect(labels('cpus: |')).toBeNull();
  });

  it('goes into brackets of a line', () => {
    expect(labels('locks:\n  a: { |')).toEqual(['kind', 'spin', 'fair']);
    expect(labels('locks:\n  a: { kind: |')).toEqual(['spin', 'mutex']);
    expect(labels('locks:\n  a: { kind: spin, sp|')).toEqual(['kind', 'spin', 'fair']);
  });

  it('offers steps of a program, words and mappings alike, however deep', () => {
    const program = 'processes:\n- lwps:\n  - program:\n    - loop: forever\n      steps:\n';
    expect(labels(`${program}      - |`)).toEqual([
      'compute',
      'lock',
      'loop',
      'steps',
      'schedctl_start',
      'schedctl_stop',
    ]);
    expect(labels(`${program}      - compute: 1ms\n    - sch|`)).toContain('schedctl_start');
  });

  it('names the locks of the scenario', () => {
    const text =
      'locks:\n  proc_array: { kind: spin }\n  # a comment\n  log: {}\nprocesses:\n- lwps:\n  - program:\n    - lock: |';
    expect(labels(text)).toEqual(['proc_array', 'log']);
  });

  it('is quiet in comments and quoted texts', () => {
    expect(labels('# cp|')).toBeNull();
    expect(labels('processes:\n- name: "cp|')).toBeNull();
  });
});
