/**
 * The last events of the source, held back for a while before they become transitions: long enough for a
 * later line to tell that something unseen happened between them. (When a thread leaves a CPU that no line
 * showed it enter, its run is put where it was woken, thousands of lines earlier.)
 *
 * A ring of columns. Positions count up from 0 over the whole file; the last {@link RING_RECORDS} of them
 * are held, and more while it is doubtful what one of them means, up to {@link MAX_RING_RECORDS}.
 */
import type { CpuId, Ns } from '#shared/base/brands.ts';

/** Held back: a good tenth of a second of a busy machine. */
const RING_RECORDS = 1 << 15;
/** Held back at most: some 30 MB. */
const MAX_RING_RECORDS = 1 << 19;

export const RECORD = {
  /** An event without meaning for the scheduler; its task column still tells who runs. */
  other: 0,
  switched: 1,
  waking: 2,
  wakeup: 3,
  wakeupNew: 4,
  migrated: 5,
  forked: 6,
  executed: 7,
  exited: 8,
  yieldEntered: 9,
  yieldLeft: 10,
  /** User code's locks: it tries, has it, gives it back. `other` is the lock. */
  lockWanted: 11,
  lockAcquired: 12,
  lockReleased: 13,
  /** In the kernel for a futex, for a lock of the kernel's own, and out again. `other` is the object. */
  futexWait: 14,
  futexDone: 15,
  contentionBegin: 16,
  contentionEnd: 17,
  /** The kernel stored the CPU into the thread's rseq area, or its kin. `value` is the CPU. */
  areaCpu: 18,
  /** A slot of a shared page became the thread's: `other` is the page, `value` the index on it. */
  slotAllocated: 19,
  /**
   * Preemption control: `value` is DECISION, with `timeleft` and `cause`; `other` the system
   * call that ended an extension, or ALSO_YIELDED.
   */
  decided: 20,
  /** The request not to be preempted ends, with `cause`. */
  requestEnded: 21,
  /** An interval of a source that has states and no switches: `value` is OBSERVED, `other` the CPU. */
  observed: 22,
  /** A field of an LWP. `other` is the kind, `value` its value; with `cause`. */
  assigned: 23,
  /** `priority` is the thread's now. */
  priorityChanged: 24,
  /** A request not to be preempted that the source shows, with `cause`. */
  requestBegan: 25,
  /**
   * The timer of an extension: `value` is its length, `other` the LWP that was woken; with `askedAgoNs` and `cause`.
   */
  sliceTimer: 26,
} as const;

/** `other` of a decision: the extension had just run out when the thread yielded it, and the kernel counts both. */
export const ALSO_YIELDED = -2;

/** What a source that records states, not switches, says a thread is doing. */
export const OBSERVED = {
  running: 0,
  runnable: 1,
  preempted: 2,
  sleeping: 3,
  uninterruptible: 4,
  blocked: 5,
  stopped: 6,
  exited: 7,
  unknown: 8,
  yielded: 9,
  spinning: 10,
  parked: 11,
} as const;

/** What a run that begins without a switch line is due to; 0 is none. */
export const START = {
  none: 0,
  broken: 1,
  first: 2,
  afterLoss: 3,
  /** As `broken`, where the thread is not shown on its CPU already from an earlier record on. */
  brokenUnlessShown: 4,
} as const;

/** What else is to be done about a record: bits of {@link RecordRing.marks}. Few records have any. */
export const MARK = {
  /** A run begins just before it: see {@link RecordRing.taskStart}. */
  start: 1,
  /** A run begins just after it: see {@link RecordRing.wakeStartCpu}. */
  wakeStart: 2,
  /** Events were lost just after it: see {@link RecordRing.lostAfter}. */
  lost: 4,
  /** A run begins at it that the next switch of its CPU may yet prove. */
  doubted: 8,
} as const;

export class RecordRing {
  /** Position of the oldest record held, and one past the newest. */
  first = 0;
  next = 0;

  type = new Uint8Array(RING_RECORDS);
  timeNs = new Float64Array(RING_RECORDS);
  line = new Float64Array(RING_RECORDS);
  cpu = new Int16Array(RING_RECORDS);
  /** LWP of the task column (for a switch: the one that leaves), -1 idle. */
  task = new Int32Array(RING_RECORDS);
  /** LWP that the event is about. */
  lwp = new Int32Array(RING_RECORDS);
  /** The other LWP: who enters the CPU, whose tid ends. */
  other = new Int32Array(RING_RECORDS);
  /** LEAVE of a switch, target CPU of a wake-up or migration. */
  value = new Int32Array(RING_RECORDS);
  priority = new Int32Array(RING_RECORDS);
  /** Of `other`. */
  otherPriority = new Int32Array(RING_RECORDS);
  /** CAUSE of the function that decided, asked or assigned. */
  cause = new Uint16Array(RING_RECORDS);
  /** Ticks that a decision compared. */
  timeleft = new Int32Array(RING_RECORDS);
  /** How long before the timer of an extension the reschedule was asked for. */
  askedAgoNs = new Int32Array(RING_RECORDS);
  /** Bits of {@link MARK}. The three columns below are valid where theirs is set. */
  marks = new Uint8Array(RING_RECORDS);
  private taskStart = new Uint8Array(RING_RECORDS);
  private wakeStartCpu = new Int16Array(RING_RECORDS);
  private lostAfter = new Int32Array(RING_RECORDS);
  private capacity = RING_RECORDS;
  private mask = RING_RECORDS - 1;

  get isFull(): boolean {
    return this.next - this.first === this.capacity;
  }

  /** Makes room for as many records again. False where there are as many as may be. */
  grow(): boolean {
    if (this.capacity === MAX_RING_RECORDS) return false;
    const from = this.mask;
    this.capacity *= 2;
    this.mask = this.capacity - 1;
    const spread = <Column extends Uint8Array | Int16Array | Uint16Array | Int32Array | Float64Array>(
      column: Column,
      next: Column,
    ): Column => {
      for (let position = this.first; position < this.next; position++) {
        next[position & this.mask] = column[position & from]!;
      }
      return next;
    };
    const { capacity } = this;
    this.type = spread(this.type, new Uint8Array(capacity));
    this.timeNs = spread(this.timeNs, new Float64Array(capacity));
    this.line = spread(this.line, new Float64Array(capacity));
    this.cpu = spread(this.cpu, new Int16Array(capacity));
    this.task = spread(this.task, new Int32Array(capacity));
    this.lwp = spread(this.lwp, new Int32Array(capacity));
    this.other = spread(this.other, new Int32Array(capacity));
    this.value = spread(this.value, new Int32Array(capacity));
    this.priority = spread(this.priority, new Int32Array(capacity));
    this.otherPriority = spread(this.otherPriority, new Int32Array(capacity));
    this.cause = spread(this.cause, new Uint16Array(capacity));
    this.timeleft = spread(this.timeleft, new Int32Array(capacity));
    this.askedAgoNs = spread(this.askedAgoNs, new Int32Array(capacity));
    this.marks = spread(this.marks, new Uint8Array(capacity));
    this.taskStart = spread(this.taskStart, new Uint8Array(capacity));
    this.wakeStartCpu = spread(this.wakeStartCpu, new Int16Array(capacity));
    this.lostAfter = spread(this.lostAfter, new Int32Array(capacity));
    return true;
  }

  /** Whether the record at `position` is still held. */
  has(position: number): boolean {
    return position >= this.first && position < this.next;
  }

  /** Where the columns keep the record at `position`. */
  entry(position: number): number {
    return position & this.mask;
  }

  /** Adds a record of which only these columns are set and returns its ring entry. There must be room. */
  add(type: number, timeNs: Ns, cpu: CpuId, line: number, task: number): number {
    const entry = this.next++ & this.mask;
    this.type[entry] = type;
    this.timeNs[entry] = timeNs;
    this.cpu[entry] = cpu;
    this.line[entry] = line;
    this.task[entry] = task;
    this.marks[entry] = 0;
    return entry;
  }

  /** What a run of `task` is due to that begins just before the record at ring entry `entry` on its CPU (START). */
  startOf(entry: number): number {
    return (this.marks[entry]! & MARK.start) === 0 ? START.none : this.taskStart[entry]!;
  }

  setStart(entry: number, start: number): void {
    this.marks[entry]! |= MARK.start;
    this.taskStart[entry] = start;
  }

  /** CPU on which `lwp` begins to run just after the record at ring entry `entry`, -1 for none. */
  wakeStartCpuOf(entry: number): number {
    return (this.marks[entry]! & MARK.wakeStart) === 0 ? -1 : this.wakeStartCpu[entry]!;
  }

  setWakeStart(entry: number, cpu: number): void {
    this.marks[entry]! |= MARK.wakeStart;
    this.wakeStartCpu[entry] = cpu;
  }

  /** Events lost on the CPU of the record at ring entry `entry` just after it: 0 none, -1 an unknown number. */
  lostAfterOf(entry: number): number {
    return (this.marks[entry]! & MARK.lost) === 0 ? 0 : this.lostAfter[entry]!;
  }

  /** Events were lost there, besides those that are noted already. */
  addLost(entry: number, events: number): void {
    const before = this.lostAfterOf(entry);
    this.marks[entry]! |= MARK.lost;
    this.lostAfter[entry] = before < 0 || events < 0 ? -1 : before + events;
  }

  /** A run begins at the record at ring entry `entry` that the next switch of its CPU may yet prove. */
  setDoubted(entry: number): void {
    this.marks[entry]! |= MARK.doubted;
  }
}
