/**
 * Payloads of the scheduler's events as ftrace prints them:
 *
 *     sched_switch: prev_comm=a prev_pid=1 prev_prio=120 prev_state=R ==> next_comm=b next_pid=2 next_prio=120
 *     sched_waking, sched_wakeup, sched_wakeup_new: comm=a pid=1 prio=120 [success=1] target_cpu=001
 *     sched_migrate_task: comm=a pid=1 prio=120 orig_cpu=0 dest_cpu=1
 *     sched_process_fork: comm=a pid=1 child_comm=a child_pid=2
 *     sched_process_exec: filename=/bin/b pid=1 old_pid=1
 *     sched_process_exit: comm=a pid=1 prio=120 [group_dead=true]
 *
 * A name may contain spaces, `=`, ` pid=7` or ` ==> `, so it ends where everything after it reads as the
 * rest of the payload, up to the end of the line.
 *
 * Hot: one instance reads all payloads, into its fields, without allocating.
 */
import { ascii, Cursor, isDigit, matches, skipSpaces, SPACE } from '../input/bytes.ts';
import { LEAVE, type Leave } from '../scheduler-model/leave.ts';
import { LeaveStates } from '../scheduler-model/leave-states.ts';

const PREV_COMM = ascii('prev_comm=');
const PREV_PID = ascii(' prev_pid=');
const PREV_PRIO = ascii(' prev_prio=');
const PREV_STATE = ascii(' prev_state=');
const NEXT_COMM = ascii(' ==> next_comm=');
/** trace-cmd report -R prints fields, not sentences, and the state as a number. */
const RAW_NEXT_COMM = ascii(' next_comm=');
const NEXT_PID = ascii(' next_pid=');
const NEXT_PRIO = ascii(' next_prio=');
const COMM = ascii('comm=');
const PID = ascii(' pid=');
const PRIO = ascii(' prio=');
const SUCCESS = ascii(' success=');
const TARGET_CPU = ascii(' target_cpu=');
const ORIG_CPU = ascii(' orig_cpu=');
const DEST_CPU = ascii(' dest_cpu=');
const CHILD_COMM = ascii(' child_comm=');
const CHILD_PID = ascii(' child_pid=');
const FILENAME = ascii('filename=');
const OLD_PID = ascii(' old_pid=');
const GROUP_DEAD = ascii(' group_dead=');
const TRUE = ascii('true');
/** As fields are printed by themselves (trace-cmd report -R, ftrace's option `fields`). */
const ONE = ascii('1');
const PARENT_COMM = ascii('parent_comm=');
const PARENT_PID = ascii(' parent_pid=');

/** State letters of ftrace and perf script to {@link LEAVE}; of `S|K` and the like the first letter counts. */
const LEAVE_OF_LETTER: Readonly<Record<string, Leave>> = {
  R: LEAVE.runnable,
  S: LEAVE.interruptible,
  D: LEAVE.uninterruptible,
  I: LEAVE.idle,
  T: LEAVE.stopped,
  t: LEAVE.stopped,
  P: LEAVE.parked,
  X: LEAVE.dead,
  x: LEAVE.dead,
  Z: LEAVE.zombie,
  K: LEAVE.uninterruptible,
  W: LEAVE.uninterruptible,
};
const LEAVE_OF_BYTE = new Uint8Array(256).fill(LEAVE.unknown);
for (const letter in LEAVE_OF_LETTER) LEAVE_OF_BYTE[letter.charCodeAt(0)] = LEAVE_OF_LETTER[letter]!;
/** A longer text is no state. */
const STATE_BYTES = 24;
const PLUS = 0x2b;
const EQUALS = 0x3d;
const UNDERSCORE = 0x5f;
const LETTER_A = 0x61;
const LETTER_Z = 0x7a;

/** What a state letter of ftrace means. */
export const leaveOfLetter = (letter: number): Leave => LEAVE_OF_BYTE[letter]! as Leave;

const isFieldName = (byte: number): boolean =>
  (byte >= LETTER_A && byte <= LETTER_Z) || byte === UNDERSCORE || isDigit(byte);

export class Payload {
  commStart = 0;
  commEnd = 0;
  tid = 0;
  priority = 0;
  leave: Leave = LEAVE.unknown;
  /** The one that comes in, the child; the target CPU. */
  otherCommStart = 0;
  otherCommEnd = 0;
  otherTid = 0;
  otherPriority = 0;
  targetCpu = 0;
  groupDead = false;
  readonly states = new LeaveStates();
  protected readonly cursor = new Cursor();

  readSwitch(bytes: Uint8Array, start: number, end: number): boolean {
    if (!matches(bytes, start, end, PREV_COMM)) return false;
    this.commStart = start + PREV_COMM.length;
    for (let at = this.commStart; at < end; at++) {
      if (bytes[at] !== SPACE || !matches(bytes, at, end, PREV_PID)) continue;
      this.commEnd = at;
      if (this.readSwitchFrom(bytes, at, end)) return true;
    }
    return false;
  }

  private readSwitchFrom(bytes: Uint8Array, at: number, end: number): boolean {
    const cursor = this.cursor;
    cursor.set(bytes, at, end);
    if (!cursor.take(PREV_PID) || !cursor.takeInteger()) return false;
    this.tid = cursor.value;
    if (!cursor.take(PREV_PRIO) || !cursor.takeInteger()) return false;
    this.priority = cursor.value;
    if (!cursor.take(PREV_STATE)) return false;
    const state = cursor.at;
    let stateEnd = state;
    while (stateEnd < end && bytes[stateEnd] !== SPACE) stateEnd++;
    cursor.at = stateEnd;
    if (stateEnd === state || !(cursor.take(NEXT_COMM) || cursor.take(RAW_NEXT_COMM))) return false;
    const leave = LEAVE_OF_BYTE[bytes[state]!]! as Leave;
    if (leave === LEAVE.unknown) this.leave = this.rareLeave(bytes, state, stateEnd);
    else if (bytes[stateEnd - 1] !== PLUS) this.leave = leave;
    // Preempted, in whatever state it was about to go to sleep.
    else this.leave = LEAVE.runnableInKernel;

    this.otherCommStart = cursor.at;
    for (let p = cursor.at; p < end; p++) {
      if (bytes[p] !== SPACE) continue;
      cursor.at = p;
      if (!cursor.take(NEXT_PID) || !cursor.takeInteger()) continue;
      const tid = cursor.value;
      if (!cursor.take(NEXT_PRIO) || !cursor.takeInteger() || !this.atLineEnd()) continue;
      this.otherCommEnd = p;
      this.otherTid = tid;
      this.otherPriority = cursor.value;
      return true;
    }
    return false;
  }

  /**
   * The state as a number, decimal or hexadecimal (`0x`), or unknown. Such lines are rare, so this one may allocate.
   */
  protected rareLeave(bytes: Uint8Array, start: number, end: number): Leave {
    const text = String.fromCharCode(...bytes.subarray(start, Math.min(end, start + STATE_BYTES)));
    return isDigit(bytes[start]) ? this.states.ofNumber(Number(text)) : this.states.ofText(text);
  }

  readWakeup(bytes: Uint8Array, start: number, end: number): boolean {
    return this.readAfterComm(bytes, start, end, COMM, this.restWakeup);
  }

  private readonly restWakeup = (): boolean => {
    const cursor = this.cursor;
    if (!this.takePriority()) return false;
    if (cursor.take(SUCCESS) && !cursor.takeInteger()) return false;
    if (!cursor.take(TARGET_CPU) || !cursor.takeInteger()) return false;
    this.targetCpu = cursor.value;
    return this.atLineEnd();
  };

  readMigrate(bytes: Uint8Array, start: number, end: number): boolean {
    return this.readAfterComm(bytes, start, end, COMM, this.restMigrate);
  }

  private readonly restMigrate = (): boolean => {
    const cursor = this.cursor;
    if (!this.takePriority() || !cursor.take(ORIG_CPU) || !cursor.takeInteger()) return false;
    if (!cursor.take(DEST_CPU) || !cursor.takeInteger()) return false;
    this.targetCpu = cursor.value;
    return this.atLineEnd();
  };

  readFork(bytes: Uint8Array, start: number, end: number): boolean {
    return (
      this.readAfterComm(bytes, start, end, COMM, this.restFork) ||
      this.readAfterComm(bytes, start, end, PARENT_COMM, this.restFork)
    );
  }

  private readonly restFork = (): boolean => {
    const cursor = this.cursor;
    const { bytes, end } = cursor;
    if (!cursor.take(CHILD_COMM)) return false;
    this.otherCommStart = cursor.at;
    for (let p = cursor.at; p < end; p++) {
      if (bytes[p] !== SPACE) continue;
      cursor.at = p;
      if (!cursor.take(CHILD_PID) || !cursor.takeInteger() || !this.atLineEnd()) continue;
      this.otherCommEnd = p;
      this.otherTid = cursor.value;
      return true;
    }
    return false;
  };

  /** `commStart` to `commEnd` is the file name; `otherTid` the thread id before. */
  readExec(bytes: Uint8Array, start: number, end: number): boolean {
    return this.readAfterComm(bytes, start, end, FILENAME, this.restExec);
  }

  private readonly restExec = (): boolean => {
    const cursor = this.cursor;
    if (!cursor.take(OLD_PID) || !cursor.takeInteger()) return false;
    this.otherTid = cursor.value;
    return this.atLineEnd();
  };

  readExit(bytes: Uint8Array, start: number, end: number): boolean {
    return this.readAfterComm(bytes, start, end, COMM, this.restExit);
  }

  private readonly restExit = (): boolean => {
    const cursor = this.cursor;
    if (!this.takePriority()) return false;
    this.groupDead = false;
    if (cursor.take(GROUP_DEAD)) {
      this.groupDead = cursor.take(TRUE) || cursor.take(ONE);
      return true;
    }
    return this.atLineEnd();
  };

  /** `key`, a text, ` pid=` with its number, and then what `rest` reads: at the first place where all of it fits. */
  private readAfterComm(
    bytes: Uint8Array,
    start: number,
    end: number,
    key: Uint8Array,
    rest: () => boolean,
  ): boolean {
    const pid = key === PARENT_COMM ? PARENT_PID : PID;

    if (!matches(bytes, start, end, key)) return false;
    const cursor = this.cursor;
    this.commStart = start + key.length;
    for (let at = this.commStart; at < end; at++) {
      if (bytes[at] !== SPACE || !matches(bytes, at, end, pid)) continue;
      cursor.set(bytes, at + pid.length, end);
      if (!cursor.takeInteger()) continue;
      this.tid = cursor.value;
      this.commEnd = at;
      if (rest()) return true;
    }
    return false;
  }

  private takePriority(): boolean {
    const cursor = this.cursor;
    if (!cursor.take(PRIO) || !cursor.takeInteger()) return false;
    this.priority = cursor.value;
    return true;
  }

  /**
   * Whether nothing of the payload is left but ` key=value` fields, which the kernels of some vendors append. A task's
   * name is too short (15 bytes) to hold all that must stand before this place, so it is never cut here.
   */
  protected atLineEnd(): boolean {
    const { bytes, at, end } = this.cursor;
    if (at === end) return true;
    for (let p = skipSpaces(bytes, at, end); p < end; p = skipSpaces(bytes, p, end)) {
      if (bytes[p - 1] !== SPACE) return false;
      const key = p;
      while (p < end && isFieldName(bytes[p]!)) p++;
      if (p === key || bytes[p] !== EQUALS) return false;
      while (p < end && bytes[p] !== SPACE) p++;
    }
    return true;
  }
}
