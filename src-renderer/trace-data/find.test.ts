import { describe, expect, it } from 'vitest';
import type { TraceSummary } from '#shared/api/contract.ts';
import { nameTable } from './decode/names.ts';
import { find, type FoundWhat } from './find.ts';

const trace = {
  durationNs: 2e9,
  tickNs: 1e7,
  cpus: [{ id: 0, name: 'CPU 0' }],
  processes: [{ id: 0, pid: 100, name: 'postgres' }],
  lwps: [
    { id: 0, process: 0, lwpNumber: 1, name: 'logger backend' },
    { id: 1, process: 0, lwpNumber: 2, name: 'backend 1' },
  ],
  pages: [],
  syscalls: [],
  syncs: [{ id: 4, process: 0, kind: 0, name: 'ProcArrayLock' }],
} as unknown as TraceSummary;

const titles = (text: string, only?: readonly FoundWhat[]): string[] =>
  find(text, trace, nameTable(trace), 0, only === undefined ? {} : { only }).map(
    ({ what, title }) => `${what} ${title.replace(/\u2009/g, ' ')}`,
  );

describe('find', () => {
  it('puts names that begin with the text before names that contain it', () => {
    expect(titles('backend')).toEqual(['lwp backend 1', 'lwp logger backend']);
  });

  it('finds CPUs and locks whatever the case, and threads by their process', () => {
    expect(titles('cpu 0')[0]).toBe('cpu CPU 0');
    expect(titles('procarray')).toEqual(['sync ProcArrayLock']);
    expect(titles('postgres')).toHaveLength(2);
  });

  it('takes a time for a time, first of all', () => {
    expect(titles('1')[0]).toBe('time 1.000 000 000 s');
    expect(titles('350 ms')).toEqual(['time 0.350 000 000 s']);
    expect(titles('')).toEqual([]);
  });

  it('finds kinds of events by their kernel name, and by what they are about after everything else', () => {
    expect(titles('sc_yield')).toEqual(['kind sc_yield']);
    expect(titles('backend')).not.toContain('kind sc_yield');
    expect(titles('cpu').slice(0, 2)).toEqual(['cpu CPU 0', 'kind cpu_dispthread']);
  });

  it('lists all of one sort where nothing is typed yet', () => {
    expect(titles('', ['lwp'])).toEqual(['lwp logger backend', 'lwp backend 1']);
    expect(titles('1', ['cpu'])).toEqual([]);
  });
});
