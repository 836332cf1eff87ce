/**
 * Records of the source, in their final order and with what was learnt about gaps, to rows: the state of
 * every thread and CPU as the trace will show it, and a row for each change of it.
 *
 * Hot: runs once a record, keeps its state in typed arrays and allocates nothing.
 */
import type { CauseId, CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { DECISION, OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { ReportBuilder } from '../import-report.ts';
import { IntColumn } from './columns.ts';
import { LEAVE, REASON_AFTER, STATE_AFTER } from './leave.ts';
import { FieldRows } from './field-rows.ts';
import { LockRows } from './lock-rows.ts';
import type { Locks } from './locks.ts';
import { ALSO_YIELDED, MARK, OBSERVED, RECORD, START, type RecordRing } from './record-ring.ts';
import { SlotRows } from './slot-rows.ts';
import type { Slots } from './slots.ts';
import type { Threads } from './threads.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';

const IDLE = -1;

const CAUSE_OF_RECORD = Int32Array.from(
  [
    'import_marker',
    'sched_switch',
    'sched_waking',
    'sched_wakeup',
    'sched_wakeup_new',
    'sched_migrate_task',
    'sched_process_fork',
    'sched_process_exec',
    'sched_process_exit',
    'import_marker',
    'import_marker',
    'lock_wait',
    'lock_acquire',
    'lock_release',
    'sys_futex',
    'sys_futex',
    'contention_begin',
    'contention_end',
    'rseq_update',
    'schedctl_shared_alloc',
    'import_marker',
    'import_marker',
    'import_marker',
    'import_marker',
    'thread_change_pri',
    'import_marker',
    'import_marker',
  ] as const,
  (name) => CAUSE[name],
);

const LEAVE_OF_OBSERVED = Int32Array.of(
  LEAVE.runnable,
  LEAVE.runnable,
  LEAVE.runnable,
  LEAVE.interruptible,
  LEAVE.uninterruptible,
  LEAVE.interruptible,
  LEAVE.stopped,
  LEAVE.dead,
  LEAVE.unknown,
  LEAVE.runnable,
  LEAVE.runnable,
  LEAVE.interruptible,
);
const REASON_OF_OBSERVED = Int32Array.of(
  OFF_CPU_REASON.none,
  OFF_CPU_REASON.woken,
  OFF_CPU_REASON.preempted,
  OFF_CPU_REASON.interruptible,
  OFF_CPU_REASON.uninterruptible,
  OFF_CPU_REASON.lock,
  OFF_CPU_REASON.stopped,
  OFF_CPU_REASON.exited,
  OFF_CPU_REASON.unknown,
  OFF_CPU_REASON.yielded,
  OFF_CPU_REASON.none,
  OFF_CPU_REASON.park,
);

/** Priority of a record of a source that does not tell it. */
export const PRIORITY_UNKNOWN = 0x7fffffff;

/** What the source names. */
interface Named {
  readonly threads: Threads;
  readonly locks: Locks;
  readonly slots: Slots;
}

export class MachineRows {
  private readonly ring: RecordRing;
  private readonly threads: Threads;
  private readonly writer: TransitionProbe;
  private readonly report: ReportBuilder;

  private readonly state = new IntColumn(TS.FREE);
  private readonly reason = new IntColumn(OFF_CPU_REASON.none);
  private readonly lwpCpu = new IntColumn(NONE);
  private readonly priority = new IntColumn(0);
  private readonly alive = new IntColumn(0);
  /** Ended: an event that names it all the same (with an equal stamp) changes nothing. */
  private readonly gone = new IntColumn(0);
  /** Process at which a living LWP is counted, -1 for none. */
  private readonly countedAt = new IntColumn(NONE);
  private readonly runsOn = new IntColumn(NONE);
  private readonly yielding = new IntColumn(0);
  /** In rseq_slice_yield, whose line comes only when the thread is back. */
  private readonly yieldingSlice = new IntColumn(0);
  private readonly livingLwps = new IntColumn(0);
  private readonly leaderEnded = new IntColumn(0);
  private readonly processAlive = new IntColumn(0);
  private readonly running = new IntColumn(IDLE);
  /** LWP that has left a CPU as the CPU's next switch record says, though that comes later; -1 for none. */
  private readonly leftEarly = new IntColumn(NONE);
  private readonly online = new IntColumn(0);
  private readonly fields: FieldRows;
  private readonly lockRows: LockRows;
  private readonly slotRows: SlotRows;

  private firstCpu = NONE;
  // What all rows of one record have in common.
  private timeNs = 0;
  private where = NONE;
  private line = 0;

  constructor(
    ring: RecordRing,
    { threads, locks, slots }: Named,
    writer: TransitionProbe,
    report: ReportBuilder,
  ) {
    this.ring = ring;
    this.fields = new FieldRows(writer);
    this.lockRows = new LockRows(this.fields, locks, threads, writer);
    this.slotRows = new SlotRows(this.fields, slots, threads, writer);
    this.threads = threads;
    this.writer = writer;
    this.report = report;
  }

  /** Names a CPU in the trace; it takes threads from the start. */
  addCpu(cpu: CpuId, timeNs: Ns): void {
    if (this.online.get(cpu) === 1) return;
    this.online.set(cpu, 1);
    if (this.firstCpu === NONE) this.firstCpu = cpu;
    this.writer.define({ table: 'cpu', id: cpu, name: `CPU ${cpu}` });
    this.writer.at(timeNs, cpu, NONE, CAUSE.setup).assign(KIND.cpu_online, 0, 0, 1);
  }

  /** A row that changes nothing, if need be: the trace ends here, and not at its last change. */
  markEnd(timeNs: Ns): void {
    if (timeNs <= this.writer.lastNs) return;
    const cause = CAUSE.import_marker;
    if (this.firstCpu !== NONE) {
      this.writer.at(timeNs, this.firstCpu, NONE, cause).assign(KIND.cpu_online, 0, 1, 1);
      return;
    }
    // A source that knows no CPUs has threads all the same.
    for (let lwp = 0; lwp < this.threads.count; lwp++) {
      if (this.alive.get(lwp) === 0) continue;
      this.writer.at(timeNs, NONE, lwp, cause).assign(KIND.lwp_alive, 0, 1, 1);
      return;
    }
  }

  /** Time of the last record released: rows cannot be older. */
  get releasedNs(): Ns {
    return this.timeNs;
  }

  /** The oldest record leaves the ring and becomes rows. */
  release(): void {
    const ring = this.ring;
    const entry = ring.entry(ring.first++);
    const cpu = ring.cpu[entry]!;
    const type = ring.type[entry]!;
    this.timeNs = ring.timeNs[entry]!;
    this.where = cpu;
    this.line = ring.line[entry]!;
    const marks = ring.marks[entry]!;
    if ((marks & MARK.start) !== 0) this.handOver(cpu, ring.task[entry]!, ring.startOf(entry));

    if (type !== RECORD.other) this.apply(type, entry, cpu);

    if ((marks & MARK.wakeStart) !== 0) {
      this.handOver(ring.wakeStartCpuOf(entry), ring.lwp[entry]!, START.broken);
    }
    if ((marks & MARK.lost) !== 0) this.lose(cpu, ring.lostAfterOf(entry));
  }

  /** A run begins on a CPU without a switch line, where no record is held any more. */
  beginNow(cpu: CpuId, lwp: LwpId): void {
    this.where = cpu;
    this.handOver(cpu, lwp, START.broken);
  }

  /** Events were lost on a CPU of which no record is held. */
  loseNow(cpu: CpuId, events: number): void {
    this.where = cpu;
    this.lose(cpu, events);
  }

  private apply(type: number, entry: number, cpu: CpuId): void {
    const ring = this.ring;
    const lwp = ring.lwp[entry]!;
    const cause = CAUSE_OF_RECORD[type]!;
    if (type === RECORD.switched) {
      this.switch(entry, cpu, lwp, ring.other[entry]!);
      return;
    }
    if (this.gone.get(lwp) === 1) return;
    if (type >= RECORD.lockWanted) {
      this.applyRare(type, entry, lwp, cause);
      return;
    }
    switch (type) {
      case RECORD.waking:
      case RECORD.wakeup:
        this.exists(lwp, cause);
        this.setPriority(lwp, ring.priority[entry]!, cause);
        if (ring.value[entry]! >= 0) this.setCpu(lwp, ring.value[entry]!, cause);
        this.wake(lwp, OFF_CPU_REASON.woken, cause);
        return;
      case RECORD.wakeupNew:
        this.exists(lwp, cause);
        this.setPriority(lwp, ring.priority[entry]!, cause);
        this.setCpu(lwp, ring.value[entry]!, cause);
        this.wake(lwp, OFF_CPU_REASON.created, cause);
        return;
      case RECORD.migrated:
        this.exists(lwp, cause);
        this.setCpu(lwp, ring.value[entry]!, cause);
        return;
      case RECORD.forked: {
        const superseded = ring.other[entry]!;
        if (superseded !== NONE) this.end(superseded, CAUSE.import_gap);
        this.exists(lwp, cause);
        // As in the kernel, a new thread is not runnable before its first wake-up.
        this.setReason(lwp, OFF_CPU_REASON.created, cause);
        this.setState(lwp, TS.STOPPED, cause);
        return;
      }
      case RECORD.executed: {
        const replaced = ring.other[entry]!;
        if (replaced !== NONE) this.end(replaced, cause);
        this.exists(lwp, cause);
        return;
      }
      case RECORD.exited:
        this.exists(lwp, cause);
        return;
      case RECORD.yieldEntered:
        this.yielding.set(lwp, 1);
        return;
      case RECORD.yieldLeft:
        this.yielding.set(lwp, 0);
        return;
    }
  }

  /** Records of sources that tell more than who runs where. */
  private applyRare(type: number, entry: number, lwp: LwpId, cause: CauseId): void {
    const ring = this.ring;
    const other = ring.other[entry]!;
    const value = ring.value[entry]!;
    if (this.where === NONE) this.where = this.runsOn.get(lwp);
    this.exists(lwp, cause);
    this.fields.at(this.timeNs, this.where);
    switch (type) {
      case RECORD.lockWanted:
        this.lockRows.wanted(lwp, other);
        return;
      case RECORD.lockAcquired:
        if (!this.lockRows.acquired(lwp, other)) this.report.repair('taken_while_held', this.line);
        return;
      case RECORD.lockReleased:
        this.lockRows.released(lwp, other);
        return;
      case RECORD.futexWait:
        this.lockRows.futex(lwp, other);
        return;
      case RECORD.futexDone:
        this.lockRows.futex(lwp, NONE);
        return;
      case RECORD.contentionBegin:
      case RECORD.contentionEnd:
        this.lockRows.contention(lwp, type === RECORD.contentionBegin ? other : NONE, cause);
        return;
      case RECORD.areaCpu:
        this.slotRows.storeCpu(lwp, value);
        return;
      case RECORD.slotAllocated:
        this.slotRows.allocated(lwp, other, value);
        return;
      case RECORD.decided:
        this.decide(lwp, value, ring.timeleft[entry]!, ring.cause[entry]!, other);
        return;
      case RECORD.sliceTimer:
        this.slotRows.sliceTimer(lwp, value, ring.askedAgoNs[entry]!, other, ring.cause[entry]!);
        return;
      case RECORD.requestBegan:
        this.slotRows.requestBegan(lwp, ring.cause[entry]!);
        return;
      case RECORD.requestEnded:
        this.slotRows.requestEnded(lwp, ring.cause[entry]!);
        return;
      case RECORD.observed:
        this.observe(lwp, value, other, cause);
        return;
      case RECORD.priorityChanged:
        this.setPriority(lwp, ring.priority[entry]!, cause);
        return;
      case RECORD.assigned:
        this.fields.assign(other, lwp, lwp, ring.cause[entry]!, value);
        return;
    }
  }

  private decide(lwp: LwpId, outcome: number, timeleft: number, cause: CauseId, other: number): void {
    if (other >= 0) this.slotRows.endedBySyscall(lwp, other, cause);
    this.slotRows.decided(lwp, outcome, timeleft, cause);
    const alsoYielded = other === ALSO_YIELDED;
    if (alsoYielded) this.slotRows.decided(lwp, DECISION.yielded, timeleft, CAUSE.sys_rseq_slice_yield);
    const isYield = alsoYielded || (outcome === DECISION.yielded && cause === CAUSE.sys_rseq_slice_yield);
    this.yieldingSlice.set(lwp, isYield ? 1 : 0);
  }

  /** What a source that records states says of a thread from now on. */
  private observe(lwp: LwpId, observed: number, cpu: CpuId, cause: CauseId): void {
    const onCpu = observed === OBSERVED.running || observed === OBSERVED.spinning;
    this.fields.assign(KIND.user_spin, lwp, lwp, cause, observed === OBSERVED.spinning ? 1 : 0);
    if (onCpu && cpu >= 0) {
      const before = this.running.get(cpu);
      if (before >= 0 && before !== lwp) this.leaveUnseen(before);
      this.leaveElsewhere(lwp, cpu);
      this.enter(lwp, cpu, cause);
      this.setRunning(cpu, lwp, cause);
      return;
    }
    if (cpu >= 0) this.setCpu(lwp, cpu, cause);
    if (!onCpu) this.setReason(lwp, REASON_OF_OBSERVED[observed]!, cause);
    this.setState(lwp, onCpu ? TS.ONPROC : STATE_AFTER[LEAVE_OF_OBSERVED[observed]!]!, cause);
    const on = this.runsOn.get(lwp);
    if (on !== NONE) {
      this.runsOn.set(lwp, NONE);
      this.setRunning(on, IDLE, cause);
    }
    if (observed === OBSERVED.exited) this.end(lwp, cause);
  }

  private switch(entry: number, cpu: CpuId, from: number, entering: number): void {
    const cause = CAUSE.sched_switch;
    const to = entering >= 0 && this.gone.get(entering) === 1 ? IDLE : entering;
    if (from >= 0) {
      if (this.leftEarly.get(cpu) === from) this.leftEarly.set(cpu, NONE);
      else if (this.running.get(cpu) === from) this.leave(entry, from);
    }
    if (to >= 0) {
      this.leaveBefore(to, cpu);
      this.exists(to, cause);
      if (this.state.get(to) === TS.SLEEP) this.report.repair('woken_unseen', this.line);
      this.setPriority(to, this.ring.otherPriority[entry]!, cause);
      this.enter(to, cpu, cause);
    }
    this.setRunning(cpu, to, cause);
  }

  /** A thread leaves its CPU as the switch record at `entry` says. */
  private leave(entry: number, lwp: LwpId): void {
    const cause = CAUSE.sched_switch;
    const leave = this.ring.value[entry]!;
    // Where it was preempted is not in its state, and would be lost without a cause of its own.
    const leaveCause = leave === LEAVE.runnableInKernel ? CAUSE.sched_switch_in_kernel : cause;
    this.setPriority(lwp, this.ring.priority[entry]!, cause);
    const yielded =
      (leave === LEAVE.runnable && this.yielding.get(lwp) === 1) ||
      (leave <= LEAVE.runnableInKernel && this.yieldingSlice.get(lwp) === 1);
    this.yieldingSlice.set(lwp, 0);
    this.setReason(lwp, yielded ? OFF_CPU_REASON.yielded : this.reasonOf(lwp, leave), cause);
    this.setState(lwp, STATE_AFTER[leave]!, leaveCause);
    this.runsOn.set(lwp, NONE);
    if (leave === LEAVE.dead || leave === LEAVE.zombie) this.end(lwp, cause);
  }

  /** Asleep while it wants a lock of its program, it sleeps for that. */
  private reasonOf(lwp: LwpId, leave: number): number {
    if (leave !== LEAVE.interruptible || !this.lockRows.waits(lwp)) return REASON_AFTER[leave]!;
    return OFF_CPU_REASON.lock;
  }

  /** A run of `lwp` begins (or idleness, -1) without a switch line; the run before it ends at an unknown time. */
  private handOver(cpu: CpuId, entering: number, start: number): void {
    const cause = CAUSE.import_gap;
    // A thread that has ended cannot run, but the previous thread has stopped running.
    const lwp = entering >= 0 && this.gone.get(entering) === 1 ? IDLE : entering;
    const before = this.running.get(cpu);
    if (start === START.brokenUnlessShown && before === lwp) return;
    if (start === START.broken || start === START.brokenUnlessShown) {
      this.writer.at(this.timeNs, cpu, lwp, cause).assign(KIND.chain_broken, 0, before, lwp);
    }
    if (before >= 0 && before !== lwp) this.leaveUnseen(before);
    if (lwp >= 0) {
      this.leaveElsewhere(lwp, cpu);
      this.exists(lwp, cause);
      this.enter(lwp, cpu, cause);
    }
    this.setRunning(cpu, lwp, cause);
  }

  private lose(cpu: CpuId, events: number): void {
    this.writer.at(this.timeNs, cpu, NONE, CAUSE.import_gap).assign(KIND.events_lost, 0, 0, events);
    const running = this.running.get(cpu);
    if (running >= 0) this.leaveUnseen(running);
    this.setRunning(cpu, IDLE, CAUSE.import_gap);
  }

  /** Off its CPU, and the source does not say into which state. */
  private leaveUnseen(lwp: LwpId): void {
    this.setReason(lwp, OFF_CPU_REASON.unknown, CAUSE.import_gap);
    this.setState(lwp, TS.RUN, CAUSE.import_gap);
    this.runsOn.set(lwp, NONE);
  }

  /** A thread that enters `cpu` cannot go on running on another one. */
  private leaveElsewhere(lwp: LwpId, cpu: CpuId): void {
    const other = this.runsOn.get(lwp);
    if (other === NONE || other === cpu) return;
    this.leaveUnseen(lwp);
    this.setRunning(other, IDLE, CAUSE.import_gap);
  }

  /**
   * A switch line shows a thread enter `cpu` that still runs on another one. Where it leaves there at the same
   * moment, two lines with equal stamps are in the wrong order: it has left as that line says. Else it left
   * unseen.
   */
  private leaveBefore(lwp: LwpId, cpu: CpuId): void {
    const other = this.runsOn.get(lwp);
    if (other === NONE || other === cpu) return;
    const entry = this.leavingNow(lwp, other);
    if (entry === NONE) {
      this.leaveElsewhere(lwp, cpu);
      return;
    }
    this.where = other;
    this.leave(entry, lwp);
    this.where = cpu;
    this.leftEarly.set(other, lwp);
  }

  /** Slot of the record of this very moment by which `lwp` leaves `cpu`, -1 for none. */
  private leavingNow(lwp: LwpId, cpu: CpuId): number {
    const { ring } = this;
    for (let position = ring.first; position < ring.next; position++) {
      const entry = ring.entry(position);
      if (ring.timeNs[entry] !== this.timeNs) return NONE;
      if (ring.cpu[entry] !== cpu || ring.type[entry] !== RECORD.switched) continue;
      const leave = ring.value[entry]!;
      const ends = leave === LEAVE.dead || leave === LEAVE.zombie;
      return ring.lwp[entry] === lwp && (ring.marks[entry]! & MARK.start) === 0 && !ends ? entry : NONE;
    }
    return NONE;
  }

  private enter(lwp: LwpId, cpu: CpuId, cause: CauseId): void {
    // The reason for being off the CPU stays as it was, as in the emulator: while on it, it says nothing.
    this.setCpu(lwp, cpu, cause);
    this.setState(lwp, TS.ONPROC, cause);
    this.runsOn.set(lwp, cpu);
  }

  private wake(lwp: LwpId, reason: number, cause: CauseId): void {
    const state = this.state.get(lwp);
    if (state === TS.ONPROC) return;
    if (state === TS.RUN) {
      // Known to be runnable already; only a thread of unknown state learns something from it.
      if (this.reason.get(lwp) !== OFF_CPU_REASON.unknown) return;
      this.setReason(lwp, reason, cause);
      return;
    }
    this.setReason(lwp, reason, cause);
    this.setState(lwp, TS.RUN, cause);
  }

  /** The thread lives: counts it at its process. Called with every event that names it. */
  private exists(lwp: LwpId, cause: CauseId): void {
    // It is announced anew whenever its process has changed.
    if (this.threads.isAnnounced(lwp)) return;
    this.threads.announce(lwp, this.writer);
    const process = this.threads.processOf(lwp);
    const counted = this.countedAt.get(lwp);
    if (counted === process) return;
    if (counted !== NONE) {
      // Known better now: a process of its own that turns out to be a part of another never was.
      if (this.threads.pidOf(counted) === this.threads.tidOf(lwp)) this.leaderEnded.set(counted, 1);
      this.uncount(lwp, counted, cause);
    }
    this.countedAt.set(lwp, process);
    this.livingLwps.set(process, this.livingLwps.get(process) + 1);
    if (this.processAlive.get(process) === 0) {
      this.processAlive.set(process, 1);
      this.writer.at(this.timeNs, this.where, lwp, cause).assign(KIND.p_alive, process, 0, 1);
    }
    if (this.alive.get(lwp) === 0) {
      this.alive.set(lwp, 1);
      this.writer.at(this.timeNs, this.where, lwp, cause).assign(KIND.lwp_alive, 0, 0, 1);
    }
  }

  private end(lwp: LwpId, cause: CauseId): void {
    if (this.alive.get(lwp) === 0) return;
    const on = this.runsOn.get(lwp);
    if (on !== NONE) {
      this.runsOn.set(lwp, NONE);
      this.setRunning(on, IDLE, cause);
    }
    this.fields.at(this.timeNs, this.where);
    this.lockRows.end(lwp, cause);
    this.slotRows.end(lwp, cause);
    this.setReason(lwp, OFF_CPU_REASON.exited, cause);
    this.setState(lwp, TS.ZOMB, cause);
    this.alive.set(lwp, 0);
    this.gone.set(lwp, 1);
    this.writer.at(this.timeNs, this.where, lwp, cause).assign(KIND.lwp_alive, 0, 1, 0);
    const process = this.countedAt.get(lwp);
    if (process === NONE) return;
    if (this.threads.pidOf(process) === this.threads.tidOf(lwp)) this.leaderEnded.set(process, 1);
    this.uncount(lwp, process, cause);
    this.countedAt.set(lwp, NONE);
  }

  /** One LWP less; the process is over when its first thread has ended and no other is known. */
  private uncount(lwp: LwpId, process: number, cause: CauseId): void {
    const left = this.livingLwps.get(process) - 1;
    this.livingLwps.set(process, left);
    if (left > 0 || this.leaderEnded.get(process) === 0) return;
    this.processAlive.set(process, 0);
    this.writer.at(this.timeNs, this.where, lwp, cause).assign(KIND.p_alive, process, 1, 0);
  }

  private setState(lwp: LwpId, value: number, cause: CauseId): void {
    const old = this.state.get(lwp);
    if (old === value) return;
    this.state.set(lwp, value);
    this.writer.at(this.timeNs, this.where, lwp, cause).assign(KIND.t_state, 0, old, value);
  }

  private setReason(lwp: LwpId, value: number, cause: CauseId): void {
    const old = this.reason.get(lwp);
    if (old === value) return;
    this.reason.set(lwp, value);
    this.writer.at(this.timeNs, this.where, lwp, cause).assign(KIND.off_cpu_reason, 0, old, value);
  }

  private setCpu(lwp: LwpId, value: number, cause: CauseId): void {
    const old = this.lwpCpu.get(lwp);
    if (old === value) return;
    this.lwpCpu.set(lwp, value);
    this.writer.at(this.timeNs, this.where, lwp, cause).assign(KIND.t_cpu, 0, old, value);
  }

  private setPriority(lwp: LwpId, value: number, cause: CauseId): void {
    const old = this.priority.get(lwp);
    if (old === value || value === PRIORITY_UNKNOWN) return;
    this.priority.set(lwp, value);
    this.writer.at(this.timeNs, this.where, lwp, cause).assign(KIND.t_pri, 0, old, value);
  }

  private setRunning(cpu: CpuId, lwp: LwpId, cause: CauseId): void {
    const old = this.running.get(cpu);
    if (old === lwp) return;
    this.running.set(cpu, lwp);
    this.writer.at(this.timeNs, cpu, lwp >= 0 ? lwp : old, cause).assign(KIND.cpu_dispthread, 0, old, lwp);
  }
}
