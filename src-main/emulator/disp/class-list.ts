/**
 * Structures of a class's threads in hashed lists: what ts.c and fss.c keep as `tsproc_t`/`fssproc_t`
 * linked from `ts_plisthead[]`/`fss_listhead[]`.
 *
 * A structure is a handle, not a thread: while a thread enters its class anew it has two for a moment,
 * as in the kernel. What a structure holds besides its links is in the machine state, by thread.
 */

/** Lists of a class (TS_LISTS, FSS_LISTS). */
export const CLASS_LISTS = 16;

const END = -1;

export class ClassLists {
  private readonly heads = new Int32Array(CLASS_LISTS).fill(END);
  private thread: number[] = [];
  private list: number[] = [];
  private nextOf: number[] = [];
  private previousOf: number[] = [];
  private readonly spare: number[] = [];

  /** A structure that is on no list. */
  alloc(): number {
    const handle = this.spare.pop() ?? this.thread.length;
    this.thread[handle] = END;
    this.list[handle] = END;
    this.nextOf[handle] = END;
    this.previousOf[handle] = END;
    return handle;
  }

  /** Gives back a structure that is on no list. */
  free(handle: number): void {
    this.spare.push(handle);
  }

  /** Links a structure of `thread` at the head of `list`. */
  insert(handle: number, thread: number, list: number): void {
    const next = this.heads[list]!;
    this.thread[handle] = thread;
    this.list[handle] = list;
    this.nextOf[handle] = next;
    this.previousOf[handle] = END;
    if (next !== END) this.previousOf[next] = handle;
    this.heads[list] = handle;
  }

  /** Unlinks a structure. */
  remove(handle: number): void {
    const previous = this.previousOf[handle]!;
    const next = this.nextOf[handle]!;
    if (previous === END) this.heads[this.list[handle]!] = next;
    else this.nextOf[previous] = next;
    if (next !== END) this.previousOf[next] = previous;
    this.list[handle] = END;
  }

  /** First structure on a list, -1 when it is empty. */
  first(list: number): number {
    return this.heads[list]!;
  }

  /** The structure behind `handle`, -1 at the end. */
  next(handle: number): number {
    return this.nextOf[handle]!;
  }

  /** Thread that a linked structure belongs to. */
  threadOf(handle: number): number {
    return this.thread[handle]!;
  }
}
