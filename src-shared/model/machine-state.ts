/**
 * The state of the whole machine as columns: one Int32Array for each kind, indexed by subject.
 *
 * The same structure serves the emulator (which writes it), the recorder (which takes keyframes of it)
 * and replay (which rebuilds it), so "replaying the transitions gives the same machine" holds by
 * construction of {@link MachineState.apply} and is checked by {@link MachineState.digest}.
 *
 * Hot: `apply`, `insertIntoQueue` and `removeFromQueue` run once a transition and allocate nothing
 * unless a subject with a new highest id appears.
 */
import type { CpuId, IndexIntoBatch, KindId, LwpId, QueueId, Seq } from '../base/brands.ts';
import { Digest } from '../base/digest.ts';
import { InvariantError } from '../base/assert.ts';
import { KIND, KIND_COUNT, KIND_SPECS, type Subject } from './kinds.ts';
import { DISPATCHER_QUEUE_END, sleepQueueId } from './queues.ts';
import type { TransitionColumns } from './transition-batch.ts';

const SUBJECT_CODE: Readonly<Record<Subject, number>> = {
  lwp: 0,
  cpu: 1,
  slot: 2,
  page: 3,
  process: 4,
  sync: 5,
  machine: 6,
};
const SUBJECT_COUNT = 7;
const LWP = SUBJECT_CODE.lwp;
const CPU = SUBJECT_CODE.cpu;

/** Subject code of each kind, and whether the kind is a note: looked up once a transition. */
const SUBJECT_OF_KIND = Uint8Array.from(KIND_SPECS, (spec) => SUBJECT_CODE[spec.subject]);
const IS_NOTE = Uint8Array.from(KIND_SPECS, (spec) => (spec.note ? 1 : 0));
const INITIAL = Int32Array.from(KIND_SPECS, (spec) => spec.initial);

/** Bounds that no real machine reaches; a file that names a higher id is corrupt. */
export const MAX_SUBJECT_ID = 1 << 22;
const SERIAL_VERSION = 1;
const SLEEP_QUEUE_BASE = sleepQueueId(0);

/** Where `kind` keeps its id: see the table in kinds.ts. */
export function subjectIdOf(kind: KindId, cpu: CpuId, lwp: LwpId, object: number): number {
  const subject = SUBJECT_OF_KIND[kind]!;
  return subject === LWP ? lwp : subject === CPU ? cpu : object;
}

/** How many subjects of each kind there can be: a damaged file must not make room for millions of them. */
export type SubjectLimits = Readonly<Partial<Record<Subject, number>>>;

export class MachineState {
  /** One column a kind; read freely, write through {@link write} or {@link apply}. */
  readonly columns: Int32Array[] = [];
  /**
   * Beside each column, the sequence of the row that last assigned each field, 0 for none; null where
   * changes are not tracked. Not part of the digest.
   */
  readonly changed: Int32Array[] | null;
  private readonly limits = new Int32Array(SUBJECT_COUNT).fill(MAX_SUBJECT_ID);
  private readonly capacity = new Int32Array(SUBJECT_COUNT);
  /** By kind: room for values in columns of its own; 0 while none was assigned and it shares {@link blanks}. */
  private readonly room = new Int32Array(KIND_COUNT);
  /** By initial value: the column of all kinds that were never assigned. It is only read. */
  private readonly blanks = new Map<number, Int32Array>();
  /** Highest id + 1 ever written, by subject code. */
  private readonly count = new Int32Array(SUBJECT_COUNT);

  private queueNext = new Int32Array(0);
  private queuePrevious = new Int32Array(0);
  private dispatcherHead = new Int32Array(0);
  private dispatcherTail = new Int32Array(0);
  private sleepHead = new Int32Array(0);
  private sleepTail = new Int32Array(0);

  /**
   * @param trackChanges keep {@link changed}: for recorder and replay; the emulator has no use for it
   * @param limits ids from there on are impossible
   */
  constructor(trackChanges = false, limits: SubjectLimits = {}) {
    for (const subject of Object.keys(limits) as Subject[]) {
      const code = SUBJECT_CODE[subject];
      this.limits[code] = Math.max(8, Math.min(MAX_SUBJECT_ID, limits[subject]!));
    }
    this.changed = trackChanges ? [] : null;
    for (let kind = 0; kind < KIND_COUNT; kind++) {
      this.columns.push(new Int32Array(0));
      this.changed?.push(new Int32Array(0));
    }
    for (const subject of Object.keys(SUBJECT_CODE) as Subject[]) this.ensure(subject, 7);
    this.makeRoom(KIND.t_queue, 0);
  }

  /** Makes room for subject `id`. The emulator calls it when it creates one, so that writing needs no check. */
  ensure(subject: Subject, id: number): void {
    this.ensureCode(SUBJECT_CODE[subject], id);
  }

  /** How many subjects have been named so far: highest id + 1. */
  countOf(subject: Subject): number {
    return this.count[SUBJECT_CODE[subject]]!;
  }

  /** Value of a field; the kind's initial value for a subject never written. */
  read(kind: KindId, id: number): number {
    const column = this.columns[kind]!;
    return id < column.length && id >= 0 ? column[id]! : INITIAL[kind]!;
  }

  /** Assigns a field and returns its old value. Not for `t_queue`: see {@link insertIntoQueue}. */
  write(kind: KindId, id: number, value: number): number {
    if (id >= this.room[kind]! || id < 0) this.makeRoom(kind, id);
    const subject = SUBJECT_OF_KIND[kind]!;
    if (id >= this.count[subject]!) this.count[subject] = id + 1;
    const column = this.columns[kind]!;
    const old = column[id]!;
    column[id] = value;
    return old;
  }

  /**
   * Applies one row of a trace. Throws InvariantError for a kind or id that no trace can contain.
   *
   * @param sequence the row's sequence, kept in {@link changed} where changes are tracked
   */
  apply(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void {
    const kind = columns.kind[row]!;
    if (kind >= KIND_COUNT) throw new InvariantError(`no such transition kind: ${kind}`);
    const lwp = columns.lwp[row]!;
    const object = columns.object[row]!;
    const value = columns.newValue[row]!;
    if (kind === KIND.t_queue) this.place(lwp, value, object, sequence);
    else if (IS_NOTE[kind] === 0) {
      this.assign(kind, subjectIdOf(kind, columns.cpu[row]!, lwp, object), value, sequence);
    }
  }

  /** Assigns a field, as a row with that sequence does. Not for `t_queue`: see {@link place}. */
  assign(kind: KindId, id: number, value: number, sequence: Seq): void {
    this.write(kind, id, value);
    if (this.changed !== null) this.changed[kind]![id] = sequence;
  }

  /**
   * Puts `lwp` on a queue just behind `after`, or takes it off all where `queue` is -1, as a row with that sequence
   * does.
   */
  place(lwp: LwpId, queue: QueueId, after: LwpId, sequence: Seq): void {
    if (lwp < 0 || lwp >= this.capacity[LWP]!) this.ensureCode(LWP, lwp);
    const queues = this.columns[KIND.t_queue]!;
    if (queues[lwp] !== -1) this.removeFromQueue(lwp);
    if (queue !== -1) this.insertIntoQueue(lwp, queue, after);
    if (this.changed !== null) this.changed[KIND.t_queue]![lwp] = sequence;
  }

  /** Links `lwp` on queue `queue` just behind `after`, or at the head where `after` is -1. */
  insertIntoQueue(lwp: LwpId, queue: QueueId, after: LwpId): void {
    if (lwp >= this.count[LWP]!) this.count[LWP] = lwp + 1;
    const column = this.columns[KIND.t_queue]!;
    if (after >= 0 && column[after] !== queue) {
      throw new InvariantError(`LWP ${lwp} cannot follow LWP ${after}, which is not on queue ${queue}`);
    }
    const next = after < 0 ? this.queueHead(queue) : this.queueNext[after]!;
    this.queuePrevious[lwp] = after;
    this.queueNext[lwp] = next;
    if (after < 0) this.setHead(queue, lwp);
    else this.queueNext[after] = lwp;
    if (next < 0) this.setTail(queue, lwp);
    else this.queuePrevious[next] = lwp;
    column[lwp] = queue;
  }

  /** Unlinks `lwp` from the queue that it is on. */
  removeFromQueue(lwp: LwpId): void {
    const column = this.columns[KIND.t_queue]!;
    const queue = column[lwp]!;
    if (queue === -1) throw new InvariantError(`LWP ${lwp} is on no queue`);
    const previous = this.queuePrevious[lwp]!;
    const next = this.queueNext[lwp]!;
    if (previous < 0) this.setHead(queue, next);
    else this.queueNext[previous] = next;
    if (next < 0) this.setTail(queue, previous);
    else this.queuePrevious[next] = previous;
    this.queueNext[lwp] = -1;
    this.queuePrevious[lwp] = -1;
    column[lwp] = -1;
  }

  /** First LWP on a queue, -1 when it is empty. */
  queueHead(queue: QueueId): LwpId {
    if (queue < DISPATCHER_QUEUE_END) {
      return queue < this.dispatcherHead.length ? this.dispatcherHead[queue]! : -1;
    }
    const index = queue - SLEEP_QUEUE_BASE;
    return index < this.sleepHead.length ? this.sleepHead[index]! : -1;
  }

  /** Last LWP on a queue, -1 when it is empty. */
  queueTail(queue: QueueId): LwpId {
    if (queue < DISPATCHER_QUEUE_END) {
      return queue < this.dispatcherTail.length ? this.dispatcherTail[queue]! : -1;
    }
    const index = queue - SLEEP_QUEUE_BASE;
    return index < this.sleepTail.length ? this.sleepTail[index]! : -1;
  }

  /** The LWP behind `lwp` on its queue, -1 at the end. */
  nextOnQueue(lwp: LwpId): LwpId {
    return this.queueNext[lwp]!;
  }

  /** The LWP before `lwp` on its queue, -1 at the head. */
  previousOnQueue(lwp: LwpId): LwpId {
    return this.queuePrevious[lwp]!;
  }

  /** LWPs on a queue from head to tail. For views and tests: allocates. */
  queueMembers(queue: QueueId): LwpId[] {
    const members: LwpId[] = [];
    for (let lwp = this.queueHead(queue); lwp !== -1; lwp = this.queueNext[lwp]!) members.push(lwp);
    return members;
  }

  /**
   * Digest of the state: of every field that differs from its initial value, and of the order of every
   * queue. Two machines with the same digest are taken to be the same.
   */
  digest(): string {
    const digest = new Digest(SERIAL_VERSION);
    for (let kind = 0; kind < KIND_COUNT; kind++) {
      if (IS_NOTE[kind] === 1) continue;
      const column = this.columns[kind]!;
      const initial = INITIAL[kind]!;
      const count = this.count[SUBJECT_OF_KIND[kind]!]!;
      digest.add(-kind);
      for (let id = 0; id < count; id++) {
        const value = column[id]!;
        if (value !== initial) {
          digest.add(id);
          digest.add(value);
        }
      }
    }
    const queues = this.columns[KIND.t_queue]!;
    for (let lwp = 0; lwp < this.count[LWP]!; lwp++) {
      if (queues[lwp] !== -1) digest.add(this.queuePrevious[lwp]!);
    }
    return digest.hex();
  }

  /**
   * The state as 32-bit words: version, 1 where changes are tracked, then for each subject its count, then
   * for each kind that assigns a field the number of values kept (trailing fields never assigned are cut)
   * and the values, and where changes are tracked as many sequences; then the predecessor of every LWP
   * that is on a queue, by LWP.
   */
  serialize(): Int32Array<ArrayBuffer> {
    const lengths = this.columns.map((_, kind) => (IS_NOTE[kind] === 1 ? -1 : this.assignedLength(kind)));
    const perField = this.changed === null ? 1 : 2;
    const queues = this.columns[KIND.t_queue]!.subarray(0, this.count[LWP]);
    const queued = queues.reduce((count, queue) => (queue === -1 ? count : count + 1), 0);
    const fields = lengths.reduce((sum, length) => (length < 0 ? sum : sum + 1 + length * perField), 0);
    const words = new Int32Array(2 + SUBJECT_COUNT + fields + queued);
    words[0] = SERIAL_VERSION;
    words[1] = this.changed === null ? 0 : 1;
    words.set(this.count, 2);
    let at = 2 + SUBJECT_COUNT;
    for (let kind = 0; kind < KIND_COUNT; kind++) {
      const length = lengths[kind]!;
      if (length < 0) continue;
      words[at++] = length;
      words.set(this.columns[kind]!.subarray(0, length), at);
      at += length;
      if (this.changed === null) continue;
      words.set(this.changed[kind]!.subarray(0, length), at);
      at += length;
    }
    for (let lwp = 0; lwp < queues.length; lwp++) {
      if (queues[lwp] !== -1) words[at++] = this.queuePrevious[lwp]!;
    }
    return words;
  }

  /** Values of a kind up to the last one that was ever assigned, or is not the initial one. */
  private assignedLength(kind: KindId): number {
    const column = this.columns[kind]!;
    const changed = this.changed?.[kind];
    const initial = INITIAL[kind]!;
    let length = this.count[SUBJECT_OF_KIND[kind]!]!;
    while (length > 0 && column[length - 1] === initial && (changed?.[length - 1] ?? 0) === 0) length--;
    return length;
  }

  /** The other direction of {@link serialize}. Throws InvariantError where the words are no state. */
  static deserialize(words: Int32Array, limits: SubjectLimits = {}): MachineState {
    let at = 0;
    const take = (): number => {
      if (at >= words.length) throw new InvariantError('a keyframe ends too early');
      return words[at++]!;
    };
    const takeAll = (count: number): Int32Array => {
      if (at + count > words.length) throw new InvariantError('a keyframe ends too early');
      return words.subarray(at, (at += count));
    };
    const version = take();
    if (version !== SERIAL_VERSION) throw new InvariantError(`a keyframe has unknown version ${version}`);
    const state = new MachineState(take() === 1, limits);
    for (let subject = 0; subject < SUBJECT_COUNT; subject++) {
      const count = take();
      if (count > 0) state.ensureCode(subject, count - 1);
      state.count[subject] = count;
    }
    for (let kind = 0; kind < KIND_COUNT; kind++) {
      if (IS_NOTE[kind] === 1) continue;
      const length = take();
      if (length < 0 || length > state.count[SUBJECT_OF_KIND[kind]!]!) {
        throw new InvariantError(`a keyframe has a column of impossible length ${length}`);
      }
      if (length === 0) continue;
      state.makeRoom(kind, length - 1);
      state.columns[kind]!.set(takeAll(length));
      state.changed?.[kind]!.set(takeAll(length));
    }
    const queues = state.columns[KIND.t_queue]!;
    for (let lwp = 0; lwp < state.count[LWP]!; lwp++) {
      const queue = queues[lwp]!;
      if (queue === -1) continue;
      const previous = take();
      state.queuePrevious[lwp] = previous;
      if (previous < 0) state.setHead(queue, lwp);
      else {
        if (previous >= state.count[LWP]!) throw new InvariantError('a keyframe has a broken queue');
        state.queueNext[previous] = lwp;
      }
    }
    for (let lwp = 0; lwp < state.count[LWP]!; lwp++) {
      const queue = queues[lwp]!;
      if (queue !== -1 && state.queueNext[lwp] === -1) state.setTail(queue, lwp);
    }
    return state;
  }

  private ensureCode(subject: number, id: number): void {
    if (!(id >= 0 && id < this.limits[subject]!))
      throw new InvariantError(`impossible id ${id} in a transition`);
    if (id < this.capacity[subject]!) return;
    let capacity = Math.max(8, this.capacity[subject]!);
    while (capacity <= id) capacity *= 2;
    for (let kind = 0; kind < KIND_COUNT; kind++) {
      if (SUBJECT_OF_KIND[kind] !== subject) continue;
      if (this.room[kind]! > 0) this.growKind(kind, capacity);
      else {
        this.columns[kind] = this.blank(INITIAL[kind]!, capacity);
        if (this.changed !== null) this.changed[kind] = this.blank(0, capacity);
      }
    }
    if (subject === LWP) {
      this.queueNext = grown(this.queueNext, capacity, -1);
      this.queuePrevious = grown(this.queuePrevious, capacity, -1);
    }
    this.capacity[subject] = capacity;
  }

  /** Before a value of `kind` is assigned for the first time, or beyond the room that there is. */
  private makeRoom(kind: KindId, id: number): void {
    const subject = SUBJECT_OF_KIND[kind]!;
    this.ensureCode(subject, id);
    if (this.room[kind]! < this.capacity[subject]!) this.growKind(kind, this.capacity[subject]!);
  }

  private growKind(kind: KindId, capacity: number): void {
    const before = this.room[kind]!;
    this.columns[kind] = grown(this.columns[kind]!.subarray(0, before), capacity, INITIAL[kind]!);
    if (this.changed !== null) {
      this.changed[kind] = grown(this.changed[kind]!.subarray(0, before), capacity, 0);
    }
    this.room[kind] = capacity;
  }

  private blank(initial: number, length: number): Int32Array {
    const made = this.blanks.get(initial);
    if (made !== undefined && made.length >= length) return made;
    const blank = new Int32Array(length).fill(initial);
    this.blanks.set(initial, blank);
    return blank;
  }

  private setHead(queue: QueueId, lwp: LwpId): void {
    this.ensureQueue(queue);
    if (queue < DISPATCHER_QUEUE_END) this.dispatcherHead[queue] = lwp;
    else this.sleepHead[queue - SLEEP_QUEUE_BASE] = lwp;
  }

  private setTail(queue: QueueId, lwp: LwpId): void {
    this.ensureQueue(queue);
    if (queue < DISPATCHER_QUEUE_END) this.dispatcherTail[queue] = lwp;
    else this.sleepTail[queue - SLEEP_QUEUE_BASE] = lwp;
  }

  private ensureQueue(queue: QueueId): void {
    if (queue >= 0 && queue < DISPATCHER_QUEUE_END) {
      if (queue < this.dispatcherHead.length) return;
      let capacity = Math.max(1024, this.dispatcherHead.length);
      while (capacity <= queue) capacity *= 2;
      this.dispatcherHead = grown(this.dispatcherHead, capacity, -1);
      this.dispatcherTail = grown(this.dispatcherTail, capacity, -1);
      return;
    }
    const index = queue - SLEEP_QUEUE_BASE;
    if (!(index >= 0 && index < MAX_SUBJECT_ID)) throw new InvariantError(`impossible queue ${queue}`);
    if (index < this.sleepHead.length) return;
    let capacity = Math.max(16, this.sleepHead.length);
    while (capacity <= index) capacity *= 2;
    this.sleepHead = grown(this.sleepHead, capacity, -1);
    this.sleepTail = grown(this.sleepTail, capacity, -1);
  }
}

function grown(column: Int32Array, capacity: number, fill: number): Int32Array<ArrayBuffer> {
  const next = new Int32Array(capacity);
  next.set(column);
  if (fill !== 0) next.fill(fill, column.length);
  return next;
}
