import { describe, expect, it } from 'vitest';
import {
  buildRows,
  laneGroups,
  laneOfKey,
  moveKey,
  shortNameOf,
  SYNC_GROUP,
  type LanePreferences,
  type LaneSource,
} from './lane-model.ts';

const SOURCE: LaneSource = {
  source: 'emulator',
  cpus: [
    { id: 0, name: 'CPU 0' },
    { id: 1, name: '' },
  ],
  processes: [
    { id: 0, pid: 1412, name: 'postgres' },
    { id: 1, pid: 88, name: 'nginx' },
    { id: 2, pid: 5, name: 'gone' },
  ],
  lwps: [
    { id: 0, process: 0, lwpNumber: 1, name: 'backend 01' },
    { id: 1, process: 1, lwpNumber: 1, name: 'worker' },
    { id: 2, process: 0, lwpNumber: 2, name: '' },
  ],
  syncs: [{ id: 0, process: 0, kind: 0, name: 'ProcArrayLock.mutex' }],
};

const plain: LanePreferences = { filter: '', hidden: new Set(), collapsed: new Set(), pinned: [] };
/** The rows as an indented list. */
const listed = (preferences: Partial<LanePreferences>): string[] =>
  buildRows(laneGroups(SOURCE), { ...plain, ...preferences }).map(
    (row) => `${row.pinned ? '^' : row.kind === 'group' ? '' : '  '}${row.name}`,
  );

describe('buildRows', () => {
  it('lists CPUs, locks, the threads of each process that has any, and single threads together', () => {
    expect(listed({})).toEqual([
      'CPUs',
      '  CPU 0',
      '  CPU 1',
      'Locks',
      '  ProcArrayLock.mutex',
      'postgres 1412',
      '  backend 01',
      '  LWP 2',
      'Other processes',
      '  worker · nginx 88',
    ]);
  });

  it('filters by all words, in the name of a lane or its process, and drops what is left empty', () => {
    expect(listed({ filter: 'POSTGRES back' })).toEqual(['postgres 1412', '  backend 01']);
    expect(listed({ filter: 'nothing like it' })).toEqual([]);
  });

  it('shows what a filter finds even in a folded group', () => {
    expect(listed({ filter: 'worker', collapsed: new Set(['group:single']) })).toEqual([
      'Other processes',
      '  worker · nginx 88',
    ]);
  });

  it('folds a group to its heading, which keeps its count', () => {
    const rows = buildRows(laneGroups(SOURCE), { ...plain, collapsed: new Set(['group:process:0']) });
    const heading = rows.findIndex(({ key }) => key === 'group:process:0');
    expect(rows[heading]!.detail).toBe('2 LWPs');
    expect(rows[heading + 1]!.name).toBe('Other processes');
  });

  it('says threads and TIDs of a trace of Linux', () => {
    const rows = buildRows(laneGroups({ ...SOURCE, source: 'ftrace' }), plain);
    expect(rows.find(({ key }) => key === 'group:process:0')!.detail).toBe('2 threads');
    expect(rows.find(({ name }) => name === 'TID 2')).toMatchObject({ key: 'lwp:2', detail: 'TID 2' });
  });

  it('leaves out hidden lanes and says how many are left', () => {
    const rows = buildRows(laneGroups(SOURCE), { ...plain, hidden: new Set(['lwp:0']) });
    expect(rows.some(({ key }) => key === 'lwp:0')).toBe(false);
    expect(rows.find(({ key }) => key === 'group:process:0')!.detail).toBe('1 of 2 LWPs');
  });

  it('repeats pinned lanes on top in the order of pinning, filter or not', () => {
    expect(listed({ filter: 'worker', pinned: ['sync:0', 'lwp:0', 'lwp:99'] })).toEqual([
      '^ProcArrayLock.mutex',
      '^backend 01',
      'Other processes',
      '  worker · nginx 88',
    ]);
  });

  it('puts lanes that are linked with the selection first in their group, in their order, and says so', () => {
    const rows = buildRows(laneGroups(SOURCE), { ...plain, linked: new Set(['lwp:2', 'sync:0', 'lwp:0']) });
    const heading = rows.findIndex(({ key }) => key === 'group:process:0');
    expect(rows[heading]!.detail).toBe('2, related first');
    expect(rows.slice(heading + 1, heading + 3).map(({ key }) => key)).toEqual(['lwp:2', 'lwp:0']);
    // In a group of one none is first.
    expect(rows.find(({ key }) => key === SYNC_GROUP)!.detail).toBe('1 lock');
  });

  it("keeps the reader's own order of a group, whatever is linked; lanes it does not name come last", () => {
    const order = new Map([['group:process:0', ['lwp:2']]]);
    expect(listed({ order, linked: new Set(['lwp:0']) }).slice(5, 8)).toEqual([
      'postgres 1412',
      '  LWP 2',
      '  backend 01',
    ]);
  });
});

describe('moveKey', () => {
  it('moves a key by places and stops at either end', () => {
    expect(moveKey(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c']);
    expect(moveKey(['a', 'b', 'c'], 'c', -5)).toEqual(['c', 'a', 'b']);
  });

  it('answers the same list where nothing moves', () => {
    const keys = ['a', 'b'];
    expect(moveKey(keys, 'b', 1)).toBe(keys);
    expect(moveKey(keys, 'x', 1)).toBe(keys);
  });
});

it('a lane key names its lane, a group key none', () => {
  expect(laneOfKey('pin:lwp:17')).toEqual({ kind: 'lwp', id: 17 });
  expect(laneOfKey('cpu:3')).toEqual({ kind: 'cpu', id: 3 });
  expect(laneOfKey('group:process:1')).toBeNull();
});

it('short names keep the number that tells threads apart', () => {
  expect(
    ['backend 07', 'worker-12', 'kworker/3', 'bgwriter', 'backend 03 · logical replication'].map(shortNameOf),
  ).toEqual(['b07', 'w12', 'k3', '', 'b03']);
});
