import { describe, expect, it } from 'vitest';
import { COMMAND_IDS, COMMANDS } from '#shared/api/commands.ts';
import type { TraceSummary } from '#shared/api/contract.ts';
import { nameTable } from '../../trace-data/decode/names.ts';
import { paletteSections } from './palette-entries.ts';

const commands = COMMAND_IDS.map((id) => ({ id, ...COMMANDS[id] }));
const summary = {
  durationNs: 2e9,
  tickNs: 1e7,
  cpus: [{ id: 0, name: 'CPU 0' }],
  processes: [{ id: 0, pid: 100, name: 'postgres' }],
  lwps: [{ id: 0, process: 0, lwpNumber: 1, name: 'next backend' }],
  pages: [],
  syscalls: [],
  syncs: [],
} as unknown as TraceSummary;
const trace = { summary, names: nameTable(summary), cursorNs: 0 };

const titles = (text: string, from: Parameters<typeof paletteSections>[2] = trace) =>
  paletteSections(text, commands, from).map(({ title, entries }) => [
    title,
    ...entries.map(({ match }) => match.parts.map((part) => part.text).join('')),
  ]);

describe('paletteSections', () => {
  it('lists every action where nothing is typed', () => {
    const listed = titles('').flatMap(([, ...entries]) => entries);
    expect(listed.sort()).toEqual(commands.map(({ title }) => title).sort());
  });

  it('finds actions and places at once, the best group of actions first', () => {
    const found = titles('next');
    expect(found[0]).toEqual([
      'Replay',
      'Next event',
      'Next decision',
      'Next decision about the selected thread',
      'Next switch of the selected thread',
    ]);
    expect(found).toContainEqual(['Threads, CPUs, locks', 'next backend']);
  });

  it('keeps to actions, threads, CPUs or times where the first character says so', () => {
    expect(titles('>next').some(([title]) => title === 'Threads, CPUs, locks')).toBe(false);
    expect(titles('@')).toEqual([['Threads, CPUs, locks', 'next backend']]);
    expect(titles('#')).toEqual([['Threads, CPUs, locks', 'CPU 0']]);
    expect(titles(':50 %')[0]![0]).toBe('Time');
    expect(titles(':backend')).toEqual([]);
  });

  it('finds actions without a trace', () => {
    expect(titles('record', null)).toEqual([['File', 'Record a scenario']]);
  });
});
