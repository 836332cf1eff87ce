/**
 * Context operations of a thread (sys/thread.h: struct ctxop): hooks that a kernel module installs on a
 * thread and that run when it is switched away from, switched to, or forked.
 *
 * Hot: {@link ContextOperations.savectx} and {@link ContextOperations.restorectx} run at every context
 * switch; they walk a list that is empty or has one entry and allocate nothing.
 */

/** The hooks of one module. The same object is used for all threads, so that it identifies the module. */
export interface ContextOps {
  /** Runs when the thread is switched away from; the thread is curthread and its t_state is already set. */
  save(arg: number): void;
  /** Runs when the thread is switched to; the thread is curthread. */
  restore(arg: number): void;
  /** Runs in fork for each copied thread: parent thread, child thread. */
  fork(parent: number, child: number): void;
}

interface ContextOp {
  readonly ops: ContextOps;
  readonly arg: number;
  next: ContextOp | null;
}

export class ContextOperations {
  /** t_ctx by LWP. */
  private readonly heads: (ContextOp | null)[] = [];

  /** Makes room for an LWP and starts it without hooks. */
  ensureLwp(t: number): void {
    while (this.heads.length <= t) this.heads.push(null);
    this.heads[t] = null;
  }

  /** Puts hooks at the head of the thread's list. */
  installctx(t: number, arg: number, ops: ContextOps): void {
    this.heads[t] = { ops, arg, next: this.heads[t] ?? null };
  }

  /** Takes off the first entry with this argument and these hooks. Returns whether there was one. */
  removectx(t: number, arg: number, ops: ContextOps): boolean {
    let previous: ContextOp | null = null;
    for (let entry = this.heads[t] ?? null; entry !== null; entry = entry.next) {
      if (entry.ops === ops && entry.arg === arg) {
        if (previous === null) this.heads[t] = entry.next;
        else previous.next = entry.next;
        return true;
      }
      previous = entry;
    }
    return false;
  }

  /** Runs the save hooks of `t`, head first. `t` must be curthread. */
  savectx(t: number): void {
    for (let entry = this.heads[t] ?? null; entry !== null; entry = entry.next) entry.ops.save(entry.arg);
  }

  /** Runs the restore hooks of `t`, head first. `t` must be curthread. */
  restorectx(t: number): void {
    for (let entry = this.heads[t] ?? null; entry !== null; entry = entry.next) entry.ops.restore(entry.arg);
  }

  /** Runs the fork hooks installed on `parent`. The child starts without hooks. */
  forkctx(parent: number, child: number): void {
    for (let entry = this.heads[parent] ?? null; entry !== null; entry = entry.next)
      entry.ops.fork(parent, child);
  }

  /** How many hooks of this module are installed on a thread. */
  count(t: number, ops: ContextOps): number {
    let count = 0;
    for (let entry = this.heads[t] ?? null; entry !== null; entry = entry.next) {
      if (entry.ops === ops) count++;
    }
    return count;
  }
}
