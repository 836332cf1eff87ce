import { describe, expect, test } from 'vitest';
import { CLASS_LISTS, ClassLists } from './class-list.ts';

function threadsOn(lists: ClassLists, list: number): number[] {
  const threads: number[] = [];
  for (let at = lists.first(list); at !== -1; at = lists.next(at)) threads.push(lists.threadOf(at));
  return threads;
}

describe('the hashed lists of a class', () => {
  test('are empty at first', () => {
    const lists = new ClassLists();
    for (let list = 0; list < CLASS_LISTS; list++) expect(threadsOn(lists, list)).toEqual([]);
  });

  test('hold the newest structure first', () => {
    const lists = new ClassLists();
    for (const thread of [7, 8, 9]) lists.insert(lists.alloc(), thread, 3);
    expect(threadsOn(lists, 3)).toEqual([9, 8, 7]);
    expect(threadsOn(lists, 4)).toEqual([]);
  });

  test('let go of the first, a middle and the last structure', () => {
    const lists = new ClassLists();
    const handles = [1, 2, 3, 4].map((thread) => {
      const handle = lists.alloc();
      lists.insert(handle, thread, 0);
      return handle;
    });
    lists.remove(handles[3]!);
    expect(threadsOn(lists, 0)).toEqual([3, 2, 1]);
    lists.remove(handles[1]!);
    expect(threadsOn(lists, 0)).toEqual([3, 1]);
    lists.remove(handles[0]!);
    expect(threadsOn(lists, 0)).toEqual([3]);
  });

  test('hold two structures of a thread that enters its class anew, until the old one goes', () => {
    const lists = new ClassLists();
    const old = lists.alloc();
    lists.insert(old, 5, 2);
    lists.insert(lists.alloc(), 6, 2);
    lists.insert(lists.alloc(), 5, 2);
    expect(threadsOn(lists, 2)).toEqual([5, 6, 5]);
    lists.remove(old);
    lists.free(old);
    expect(threadsOn(lists, 2)).toEqual([5, 6]);
    expect(lists.alloc()).toBe(old);
  });
});
