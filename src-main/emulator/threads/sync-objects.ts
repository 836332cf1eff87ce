/**
 * Synchronisation objects where they are: in the memory of one address space, or in memory that processes share.
 *
 * Programs name objects by their index in the plan. An object that is process-shared (USYNC_PROCESS) is one for all,
 * and its id is that index. Of any other there is one in each address space: fork copies it as it is, as memory is
 * copied; after exec it is a new one; a vfork child uses its parent's. The first one has the index for an id, further
 * ones get ids behind all others when they are first used, or when fork copies one that is not as at the start.
 *
 * Hot: {@link SyncObjects.idOf} runs at every step about an object and allocates nothing once the object is there.
 */
import type { ProcessId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { RandomStreams } from './random.ts';
import type { Machine } from '../machine.ts';
import type { LockPlan, ScenarioPlan } from '../plan.ts';
import { usersOfObjects } from '../plan-users.ts';
import { WaitQueues } from './wait-queues.ts';

export class SyncObjects {
  /** libc's queues of those who wait for an object. */
  readonly waiting: WaitQueues;
  private readonly machine: Machine;
  private readonly random: RandomStreams;
  private readonly pidOf: (p: number) => number;
  private readonly locks: readonly LockPlan[];
  private readonly users: readonly (readonly number[])[];
  private readonly isShared: readonly boolean[];
  /** By address space, ids by index in the plan; NONE for objects that are not there yet. */
  private readonly tables: (Int32Array | undefined)[] = [];
  /** By id: index in the plan, and stream of random numbers. */
  private readonly indexes: number[] = [];
  private readonly streams: number[] = [];
  private nextId: number;

  /** The objects of the plan have the random streams from `plan.lwps.length` on. */
  constructor(machine: Machine, random: RandomStreams, plan: ScenarioPlan, pidOf: (p: number) => number) {
    this.machine = machine;
    this.pidOf = pidOf;
    this.random = random;
    this.locks = plan.locks;
    this.users = usersOfObjects(plan);
    this.isShared = plan.locks.map(({ shared }, index) => shared ?? this.users[index]!.length > 1);
    this.waiting = new WaitQueues(plan.locks.length, plan.lwps.length);
    plan.locks.forEach((_, index) => {
      this.indexes[index] = index;
      this.streams[index] = plan.lwps.length + index;
    });
    this.nextId = plan.locks.length + (plan.sources?.length ?? 0);
    while (this.indexes.length < this.nextId) {
      this.indexes.push(NONE);
      this.streams.push(NONE);
    }
  }

  /** Names the objects of the plan, which are there from the start. The processes of the plan have been created. */
  setUp(): void {
    const { machine } = this;
    this.locks.forEach((lock, id) => {
      this.define(id, NONE, lock.name, lock);
      const first = this.users[id]![0];
      if (!this.isShared[id] && first !== undefined) this.tableOf(machine.get(KIND.p_as, first))[id] = id;
    });
  }

  /** The plan of an object. */
  planOf(id: number): LockPlan {
    return this.locks[this.indexes[id]!]!;
  }

  /** Stream of random numbers of what is left to chance about an object. */
  streamOf(id: number): number {
    return this.streams[id]!;
  }

  /** Id of object `index` of the plan for code that runs in process `p`. */
  idOf(p: number, index: number): number {
    if (this.isShared[index]) return index;
    const as = this.machine.get(KIND.p_as, p);
    const id = this.tables[as]?.[index] ?? NONE;
    return id === NONE ? this.make(p, index) : id;
  }

  /** Id in process `p` of what has the id `id` in the process that it was forked from. */
  inChild(p: number, id: number): number {
    return this.idOf(p, this.indexes[id]!);
  }

  /**
   * The memory of process `pp` has been copied for its child `cp`: so have its objects, with owners, counts, and queues
   * as far as there are copies of those who wait.
   *
   * @param ownerOf the LWP of the child that owns object `id` because LWP `pt` of the parent owns the original
   * @param copyOf the copy of an LWP that goes on where that is, NONE where it has none
   */
  fork(
    pp: number,
    cp: number,
    ownerOf: (id: number, pt: number) => number,
    copyOf: (pt: number) => number,
  ): void {
    const { machine } = this;
    const parent = this.tables[machine.get(KIND.p_as, pp)];
    if (parent === undefined) return;
    parent.forEach((id, index) => {
      if (id === NONE || this.isAsAtStart(id, index)) return;
      const copy = this.make(cp, index);
      machine.set(KIND.sync_count, copy, machine.get(KIND.sync_count, id), CAUSE.newproc);
      const owner = machine.get(KIND.sync_owner, id);
      if (owner !== NONE) machine.set(KIND.sync_owner, copy, ownerOf(copy, owner), CAUSE.newproc);
      for (const waiter of this.waiting.members(id)) {
        const lwp = copyOf(waiter);
        if (lwp !== NONE) this.waiting.enqueue(copy, lwp);
      }
    });
  }

  private isAsAtStart(id: number, index: number): boolean {
    const { machine } = this;
    return (
      machine.get(KIND.sync_owner, id) === NONE &&
      machine.get(KIND.sync_waiters, id) === 0 &&
      machine.get(KIND.sync_count, id) === countAtStart(this.locks[index]!) &&
      this.waiting.isEmpty(id)
    );
  }

  /** Object `index` of the plan in the address space of process `p`, which has none yet. */
  private make(p: number, index: number): number {
    const id = this.nextId++;
    this.indexes.push(index);
    this.streams.push(this.random.add());
    this.waiting.ensureLock(id);
    this.tableOf(this.machine.get(KIND.p_as, p))[index] = id;
    const lock = this.locks[index]!;
    this.define(id, p, `${lock.name}, pid ${this.pidOf(p)}`, lock);
    return id;
  }

  private define(id: number, process: ProcessId, name: string, lock: LockPlan): void {
    const { machine } = this;
    machine.ensure('sync', id);
    machine.define({ table: 'sync', id, process, kind: lock.kind, name });
    machine.set(KIND.sync_count, id, countAtStart(lock), CAUSE.setup);
  }

  private tableOf(as: number): Int32Array {
    return (this.tables[as] ??= new Int32Array(this.locks.length).fill(NONE));
  }
}

function countAtStart(lock: LockPlan): number {
  return lock.kind === SYNC_KIND.semaphore ? lock.count : 0;
}
