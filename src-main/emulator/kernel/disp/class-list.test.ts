import { describe, expect, test } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { KIND } from '#shared/model/kinds.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { Machine } from '../../machine.ts';
import { CLASS_LISTS, ClassLists, TS_LIST_COLUMNS } from './class-list.ts';

const cause = CAUSE.setup;
const newLists = (): ClassLists => new ClassLists(new Machine(new TransitionProbe()), TS_LIST_COLUMNS);

function threadsOn(lists: ClassLists, list: number): number[] {
  const threads: number[] = [];
  for (let at = lists.first(list); at !== -1; at = lists.next(at)) threads.push(lists.threadOf(at));
  return threads;
}

describe('the hashed lists of a class', () => {
  test('are empty at first', () => {
    const lists = newLists();
    for (let list = 0; list < CLASS_LISTS; list++) expect(threadsOn(lists, list)).toEqual([]);
  });

  test('hold the newest structure first', () => {
    const lists = newLists();
    for (const thread of [7, 8, 9]) lists.insert(lists.alloc(), thread, 3, cause);
    expect(threadsOn(lists, 3)).toEqual([9, 8, 7]);
    expect(threadsOn(lists, 4)).toEqual([]);
  });

  test('let go of the first, a middle and the last structure', () => {
    const lists = newLists();
    const handles = [1, 2, 3, 4].map((thread) => {
      const handle = lists.alloc();
      lists.insert(handle, thread, 0, cause);
      return handle;
    });
    lists.remove(handles[3]!, cause);
    expect(threadsOn(lists, 0)).toEqual([3, 2, 1]);
    lists.remove(handles[1]!, cause);
    expect(threadsOn(lists, 0)).toEqual([3, 1]);
    lists.remove(handles[0]!, cause);
    expect(threadsOn(lists, 0)).toEqual([3]);
  });

  test('hold two structures of a thread that enters its class anew, until the old one goes', () => {
    const lists = newLists();
    const old = lists.alloc();
    lists.insert(old, 5, 2, cause);
    lists.insert(lists.alloc(), 6, 2, cause);
    lists.insert(lists.alloc(), 5, 2, cause);
    expect(threadsOn(lists, 2)).toEqual([5, 6, 5]);
    lists.remove(old, cause);
    lists.free(old);
    expect(threadsOn(lists, 2)).toEqual([5, 6]);
    expect(lists.alloc()).toBe(old);
  });

  test('are updated from the marker on, which moves to the first later list that had something to do', () => {
    const machine = new Machine(new TransitionProbe());
    const lists = new ClassLists(machine, TS_LIST_COLUMNS);
    const visited: number[] = [];
    const update = (busy: readonly number[]) => (list: number) => {
      visited.push(list);
      return busy.includes(list);
    };
    lists.updateAll(update([0, 5, 9]), cause);
    expect(visited.slice(0, 3)).toEqual([0, 1, 2]);
    expect(machine.get(KIND.ts_update_marker, 0)).toBe(5);
    visited.length = 0;
    lists.updateAll(update([2]), cause);
    expect(visited).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4]);
    expect(machine.get(KIND.ts_update_marker, 0)).toBe(2);
    lists.updateAll(update([2]), cause);
    expect(machine.get(KIND.ts_update_marker, 0)).toBe(2);
  });
});
