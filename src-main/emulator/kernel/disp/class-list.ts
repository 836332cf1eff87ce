/**
 * Structures of a class's threads in hashed lists: what ts.c and fss.c keep as `tsproc_t`/`fssproc_t`
 * linked from `ts_plisthead[]`/`fss_listhead[]`.
 *
 * A structure is a handle, not a thread: while a thread enters its class anew it has two for a moment,
 * as in the kernel. What a structure holds besides its links is in the machine state, by thread; the links are there,
 * too, by handle, because the order of a list decides who is promoted first.
 */
import { NONE } from '#shared/base/none.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Machine } from '../../machine.ts';

/** Lists of a class (TS_LISTS, FSS_LISTS). */
export const CLASS_LISTS = 16;

/** Columns of the machine state that hold a class's lists. */
export interface ListColumns {
  /** First structure, by list; and the list at which the update begins. */
  readonly head: number;
  readonly marker: number;
  /** Structure behind a structure, and the thread of a structure. */
  readonly next: number;
  readonly thread: number;
}

export const TS_LIST_COLUMNS: ListColumns = {
  head: KIND.ts_plisthead,
  marker: KIND.ts_update_marker,
  next: KIND.ts_next,
  thread: KIND.ts_tp,
};
export const FSS_LIST_COLUMNS: ListColumns = {
  head: KIND.fss_listhead,
  marker: KIND.fss_update_marker,
  next: KIND.fss_next,
  thread: KIND.fss_tp,
};

export class ClassLists {
  private readonly machine: Machine;
  private readonly columns: ListColumns;
  private handles = 0;
  private readonly spare: number[] = [];
  /** List and predecessor of each structure: they follow from the links. */
  private readonly list: number[] = [];
  private readonly previousOf: number[] = [];

  constructor(machine: Machine, columns: ListColumns) {
    this.machine = machine;
    this.columns = columns;
    machine.ensure('machine', CLASS_LISTS - 1);
  }

  /** A structure that is on no list. */
  alloc(): number {
    const handle = this.spare.pop() ?? this.handles++;
    this.machine.ensure('machine', handle);
    this.list[handle] = NONE;
    this.previousOf[handle] = NONE;
    return handle;
  }

  /** Gives back a structure that is on no list. */
  free(handle: number): void {
    this.spare.push(handle);
  }

  /** Links a structure of `thread` at the head of `list`. */
  insert(handle: number, thread: number, list: number, cause: number): void {
    const { machine, columns } = this;
    const next = this.first(list);
    this.list[handle] = list;
    this.previousOf[handle] = NONE;
    if (next !== NONE) this.previousOf[next] = handle;
    machine.set(columns.thread, handle, thread, cause);
    machine.set(columns.next, handle, next, cause);
    machine.set(columns.head, list, handle, cause);
  }

  /** Unlinks a structure. */
  remove(handle: number, cause: number): void {
    const { machine, columns } = this;
    const previous = this.previousOf[handle]!;
    const next = this.next(handle);
    if (previous === NONE) machine.set(columns.head, this.list[handle]!, next, cause);
    else machine.set(columns.next, previous, next, cause);
    if (next !== NONE) this.previousOf[next] = previous;
    machine.set(columns.thread, handle, NONE, cause);
    machine.set(columns.next, handle, NONE, cause);
    this.list[handle] = NONE;
  }

  /** First structure on a list, -1 when it is empty. */
  first(list: number): number {
    return this.machine.get(this.columns.head, list);
  }

  /** The structure behind `handle`, -1 at the end. */
  next(handle: number): number {
    return this.machine.get(this.columns.next, handle);
  }

  /** Thread that a linked structure belongs to. */
  threadOf(handle: number): number {
    return this.machine.get(this.columns.thread, handle);
  }

  /**
   * Updates all lists: the one of the marker first, then the rest. The marker moves to the first later list of which
   * `update` says that a thread's priority was computed anew, so that no list is always served last.
   */
  updateAll(update: (list: number) => boolean, cause: number): void {
    const marker = this.machine.get(this.columns.marker, 0);
    let next = NONE;
    let list = marker;
    do {
      if (update(list) && next === NONE && list !== marker) next = list;
      list = (list + 1) % CLASS_LISTS;
    } while (list !== marker);
    if (next !== NONE) this.machine.set(this.columns.marker, 0, next, cause);
  }
}
