/**
 * Scheduler events of any source to transitions: who runs where, who waits and why, with the gaps and
 * contradictions of real traces put right as far as the source gives reason to, and counted.
 *
 * A format's reader calls {@link SchedulerModel.begin} for each event and then the one method that tells
 * what it was. Events are held back for a while (record-ring.ts), because the line that shows a gap comes
 * after it; then machine-rows.ts turns them into rows.
 *
 * Three facts about real traces shape this file.
 *
 * The switch lines are the authority. A run is what they say: from the line that shows a thread come in to
 * the CPU's next switch line, if the same thread leaves there. Task columns, samples and switch records in
 * between may name another thread (one that the kernel has not left yet, above all): a doubt that changes
 * nothing (switch-chains.ts), however many events of other CPUs go by.
 *
 * Switch lines are missing although nothing was lost: a thread leaves a CPU that it was never seen to enter.
 * Only such a line proves the doubts before it, and so does the end of what is known of the CPU: the end of
 * the trace, or a loss. And most of these runs begin on an idle CPU just after the thread was woken there. So
 * a run without a switch line begins at the wake-up where the CPU was idle, else at the first line whose task
 * column names the thread, else where it ends. A record where such a run may begin is held back until that
 * is decided, up to MAX_RING_RECORDS; where that is not enough the run begins at the oldest record held.
 *
 * Before the first switch line of a CPU, and after a loss, there is nothing but the task column to say who
 * runs there, and it is believed at once.
 */
import type { CauseId, CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import type { Loss, ReportBuilder } from '../import-report.ts';
import { IntColumn } from './columns.ts';
import { LEAVE, type Leave } from './leave.ts';
import { MachineRows, PRIORITY_UNKNOWN } from './machine-rows.ts';
import { Locks } from './locks.ts';
import { ALSO_YIELDED, MARK, RECORD, RecordRing, START } from './record-ring.ts';
import { REPEAT_WINDOW_NS, type Repeats } from './repeats.ts';
import { Slots } from './slots.ts';
import { NO_SWITCH, SwitchChains, type Doubt } from './switch-chains.ts';
import { Syscalls } from './syscalls.ts';
import { Threads, THREAD_ID_LIMIT } from './threads.ts';
import { CAUSE } from '#shared/model/causes.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';

/** Linux has no more (NR_CPUS). The emulator's limit is one of its queue numbers, which imports do not have. */
const MAX_CPUS = 8192;
/** What a CPU runs, besides LWP ordinals. */
const IDLE = -1;
const UNKNOWN_START = -2;
const UNKNOWN_LOST = -3;
const UNKNOWN_MOVED = -4;
const NEVER = -1;

/** The thread of the task column is not known. */
export const NO_TASK = -5;

/** Events about locks from another record of the run than the source. */
export interface LockRecord {
  /** Tells the model what happened before `timeNs`. */
  until(timeNs: Ns): void;
  /** All events of the source have been told, the last one at `endNs`. */
  finish(endNs: Ns): void;
  /** Whether it has the events of a thread about a lock; `name` is null where the source does not name the lock. */
  covers(tid: number, name: string | null): boolean;
}

export class SchedulerModel {
  readonly threads = new Threads();
  readonly locks = new Locks();
  readonly slots = new Slots();
  readonly syscalls: Syscalls;
  /** Time of the newest event. */
  timeNs = 0;
  cpuCount = 0;
  /** Switches away from a thread other than the one that came in with the CPU's previous switch line. */
  brokenChains = 0;
  /** Whether any source line told of a yield. */
  yieldsSeen = false;
  /** Whether any source line told who runs: a switch, or the state of a thread. */
  runsSeen = false;

  /** A lock log of the same run, whose events are put between those of the source. */
  feed: LockRecord | null = null;
  /** Events of the source about locks that {@link feed} has, too; left out. */
  lockEventsRepeated = 0;
  /** Where several records of the same run are merged: knows what more than one of them has. */
  repeats: Repeats | null = null;

  private readonly report: ReportBuilder;
  private readonly ring = new RecordRing();
  private readonly rows: MachineRows;

  /** What each CPU runs, as far as the newest event tells. */
  private readonly current = new IntColumn(UNKNOWN_START);
  private readonly runsOn = new IntColumn(NONE);
  private readonly cpuKnown = new IntColumn(0);
  /** Positions in the ring. */
  private readonly lastOnCpu = new IntColumn(NEVER);
  private readonly lastHandOver = new IntColumn(NEVER);
  private readonly lastWake = new IntColumn(NEVER);
  private readonly lastWakeCpu = new IntColumn(NONE);
  private readonly chains = new SwitchChains();
  /** LWP made by a fork line and not yet woken for the first time. */
  private readonly unborn = new IntColumn(0);
  /** By CPU, until its next event. */
  private readonly openLosses = new Map<number, Loss>();

  // The event at hand.
  private cpu = 0;
  private line = 0;
  private task: number = NO_TASK;
  private endNs = 0;

  constructor(writer: TransitionProbe, report: ReportBuilder) {
    this.report = report;
    this.syscalls = new Syscalls(writer);
    this.rows = new MachineRows(this.ring, this, writer, report);
  }

  get lwpCount(): number {
    return this.threads.count;
  }

  get processCount(): number {
    return this.threads.processCount;
  }

  /** Whether the model can hold a CPU of this number. */
  static holdsCpu(cpu: CpuId): boolean {
    return cpu >= 0 && cpu < MAX_CPUS;
  }

  /** Whether the model can hold a thread of this id; 0 is the idle thread of every CPU. */
  static holdsThread(tid: number): boolean {
    return tid >= 0 && tid < THREAD_ID_LIMIT;
  }

  /** Tells that the machine has the CPUs 0 to `count - 1`, whether events come from them or not. */
  expectCpus(count: number): void {
    for (let cpu = 0; cpu < Math.min(count, MAX_CPUS); cpu++) this.knowCpu(cpu);
  }

  /**
   * The next event of the source, in file order.
   *
   * @param timeNs since the first event; where it is before the last event's it is moved up to it
   * @param taskTid thread id of the CPU's current task (0 idle), {@link NO_TASK} where the source does not say
   */
  begin(timeNs: Ns, cpu: CpuId, taskTid: number, line: number): void {
    if (this.feed !== null) this.feed.until(timeNs);
    if (timeNs < this.timeNs) this.report.repair('time_step_back', line);
    else this.timeNs = timeNs;
    this.cpu = cpu;
    this.line = line;
    this.knowCpu(cpu);
    this.task = taskTid === NO_TASK ? NO_TASK : this.taskThread(taskTid);
    if (this.openLosses.size > 0) this.endLoss(cpu);
  }

  private endLoss(cpu: CpuId): void {
    const loss = this.openLosses.get(cpu);
    if (loss === undefined) return;
    if (loss.toNs < 0) loss.toNs = this.timeNs;
    this.openLosses.delete(cpu);
  }

  /**
   * The next event, of a source that knows threads and no CPUs. It happens where its thread runs.
   *
   * @param timeNs as in {@link begin}
   */
  beginAnywhere(timeNs: Ns, line: number): void {
    if (timeNs > this.timeNs) this.timeNs = timeNs;
    this.cpu = NONE;
    this.line = line;
    this.task = NO_TASK;
  }

  /** LWP with this thread id, made if need be; IDLE (-1) for thread id 0. */
  thread(tid: number): number {
    if (tid === 0) return IDLE;
    const lwp = this.threads.find(tid);
    if (lwp >= 0) return lwp;
    const ended = this.threads.findEnded(tid);
    if (ended >= 0) {
      // With equal stamps file order is not causality: an event of the thread may stand after its end.
      const tolerated = this.repeats === null ? 0 : REPEAT_WINDOW_NS;
      if (this.timeNs - this.threads.endedAt(ended) <= tolerated) return ended;
      this.report.repair('tid_reused', this.line);
    }
    return this.threads.create(tid);
  }

  /**
   * LWP that a task column names. A thread that has ended is named until its last switch is done; it is no
   * new thread with that id, which a switch line would have shown come in before it is named.
   */
  private taskThread(tid: number): number {
    const lwp = this.threads.find(tid);
    if (lwp >= 0) return lwp;
    if (this.chains.cameIn.get(this.cpu) === NO_SWITCH) return this.thread(tid);
    const ended = this.threads.findEnded(tid);
    return ended >= 0 ? ended : this.thread(tid);
  }

  /** LWP of the task column of the event at hand, negative for idle and unknown. */
  get taskLwp(): LwpId {
    return this.task;
  }

  /** Name of a thread as part of an event (see NAME_RANK); nothing for the idle thread. */
  name(lwp: LwpId, bytes: Uint8Array, start: number, end: number, rank: number): void {
    if (lwp >= 0) this.threads.observeName(lwp, bytes, start, end, rank);
  }

  /** An event that says nothing about the scheduler. */
  other(): void {
    this.push(RECORD.other, NONE);
  }

  /** The CPU goes from one thread to another; either may be IDLE. */
  switched(from: number, leave: Leave, fromPriority: number, to: number, toPriority: number): void {
    const cpu = this.cpu;
    this.runsSeen = true;
    if (this.isRepeat(RECORD.switched, from, to)) return;
    this.task = from;
    const entry = this.push(RECORD.switched, from);
    const { ring } = this;
    ring.other[entry] = to;
    ring.value[entry] = leave;
    ring.priority[entry] = fromPriority;
    ring.otherPriority[entry] = toPriority;

    const cameIn = this.chains.cameIn.get(cpu);
    if (cameIn !== NO_SWITCH && cameIn !== from) this.brokenChains++;
    this.chains.switched(cpu, from, to, this.timeNs);
    if (from >= 0) {
      if (this.runsOn.get(from) === cpu) this.runsOn.set(from, NONE);
      if (leave === LEAVE.dead || leave === LEAVE.zombie) {
        if (leave === LEAVE.zombie) this.threads.endsWithProcess(from);
        this.threads.end(from, this.timeNs);
      }
    }
    this.runs(cpu, to, ring.next - 1);
  }

  /** A thread is about to be made runnable. */
  waking(lwp: LwpId, priority: number, targetCpu: CpuId): void {
    this.wakes(RECORD.waking, lwp, priority, targetCpu);
  }

  /** The same where the source does not tell the priority, nor perhaps the CPU (-1). */
  wakingUnknown(lwp: LwpId, targetCpu: CpuId): void {
    this.wakes(RECORD.waking, lwp, PRIORITY_UNKNOWN, targetCpu);
  }

  /** A thread has been made runnable. */
  wakeup(lwp: LwpId, priority: number, targetCpu: CpuId): void {
    this.wakes(RECORD.wakeup, lwp, priority, targetCpu);
  }

  /** A new thread is made runnable for the first time. */
  wakeupNew(tid: number, priority: number, targetCpu: CpuId): number {
    if (tid === 0) return IDLE;
    let lwp = this.threads.find(tid);
    if (this.isRepeat(RECORD.wakeupNew, tid, targetCpu)) return lwp;
    if (lwp >= 0 && this.unborn.get(lwp) === 1) this.unborn.set(lwp, 0);
    else {
      // No fork line: it is new all the same.
      const replaced = lwp;
      lwp = this.threads.create(tid);
      this.pushFork(lwp, replaced);
    }
    this.wakes(RECORD.wakeupNew, lwp, priority, targetCpu);
    return lwp;
  }

  /** A thread is moved to another CPU's run queue. */
  migrated(lwp: LwpId, targetCpu: CpuId): void {
    if (this.isRepeat(RECORD.migrated, lwp, targetCpu)) return;
    const entry = this.push(RECORD.migrated, lwp);
    this.ring.value[entry] = targetCpu;
    if (lwp < 0) return;
    this.knowCpu(targetCpu);
    if (this.lastWake.get(lwp) !== NEVER) this.lastWakeCpu.set(lwp, targetCpu);
  }

  /** A thread makes another one. Returns the new one. */
  forked(parentTid: number, childTid: number): number {
    const parent = this.thread(parentTid);
    if (this.isRepeat(RECORD.forked, parentTid, childTid)) return this.thread(childTid);
    const replaced = this.threads.find(childTid);
    const child = this.threads.create(childTid, parent);
    this.unborn.set(child, 1);
    this.pushFork(child, replaced);
    return child;
  }

  /** A thread executes a program. `oldTid` is its thread id before: exec gives it that of its process. */
  executed(tid: number, oldTid: number, program: string): void {
    if (this.isRepeat(RECORD.executed, tid, oldTid)) return;
    let lwp: LwpId;
    let replaced = NONE;
    if (oldTid !== tid && (lwp = this.threads.find(oldTid)) >= 0) {
      replaced = this.threads.find(tid);
      if (replaced >= 0) this.threads.end(replaced, this.timeNs);
      this.threads.takeTid(lwp, tid);
      // The task column may already show the new id: it is the same thread.
      if (this.task === replaced && replaced >= 0) this.task = lwp;
    } else lwp = this.thread(tid);
    const entry = this.push(RECORD.executed, lwp);
    this.ring.other[entry] = replaced;
    if (lwp >= 0) this.threads.executes(lwp, program);
  }

  /** A thread begins to exit; it runs on until its last switch. */
  exited(lwp: LwpId, endsProcess: boolean): void {
    if (this.isRepeat(RECORD.exited, lwp, 0)) return;
    this.push(RECORD.exited, lwp);
    if (lwp >= 0 && endsProcess) this.threads.endsWithProcess(lwp);
  }

  /** The current task calls yield, or returns from it. */
  yields(entered: boolean): void {
    this.yieldsSeen = true;
    this.push(entered ? RECORD.yieldEntered : RECORD.yieldLeft, this.task);
  }

  /**
   * The source lost events of a CPU, between its last event and its next one.
   *
   * @param events how many, -1 where the source does not say
   */
  lost(cpu: CpuId, events: number, line: number): void {
    this.knowCpu(cpu);
    const fromNs = this.loseTrack(cpu, events);
    this.openLosses.set(cpu, this.report.loss(cpu, events, line, fromNs));
  }

  /** The running thread of a CPU is no longer known. Returns the time of the CPU's last event. */
  private loseTrack(cpu: CpuId, events: number): number {
    const { ring } = this;
    this.believe(cpu, NO_SWITCH);
    const last = this.lastOnCpu.get(cpu);
    let fromNs = this.rows.releasedNs;
    if (ring.has(last)) {
      const entry = ring.entry(last);
      ring.addLost(entry, events);
      fromNs = ring.timeNs[entry]!;
    } else this.rows.loseNow(cpu, events);
    const running = this.current.get(cpu);
    if (running >= 0 && this.runsOn.get(running) === cpu) this.runsOn.set(running, NONE);
    this.current.set(cpu, UNKNOWN_LOST);
    this.chains.lost(cpu);
    return fromNs;
  }

  /** The source lost events and does not say on which CPU: any of them may run another thread now. */
  lostSomewhere(events: number, line: number): void {
    const loss = this.report.loss(-1, events, line, this.timeNs);
    for (let cpu = 0; cpu < MAX_CPUS; cpu++) {
      if (this.cpuKnown.get(cpu) === 0) continue;
      this.loseTrack(cpu, -1);
      if (!this.openLosses.has(cpu)) this.openLosses.set(cpu, loss);
    }
  }

  /**
   * Whether the lock log has what the source says about a lock of a program, too: it is told once, as the log has it.
   */
  repeatsLockLog(lwp: LwpId, name: string | null): boolean {
    if (this.feed === null || lwp < 0 || !this.feed.covers(this.threads.tidOf(lwp), name)) return false;
    this.lockEventsRepeated++;
    return true;
  }

  /** A thread tries to take a lock of its program. `lock` is an id of {@link locks}, here and below. */
  lockWanted(lwp: LwpId, lock: number): void {
    this.pushOther(RECORD.lockWanted, lwp, lock);
  }

  lockAcquired(lwp: LwpId, lock: number): void {
    this.pushOther(RECORD.lockAcquired, lwp, lock);
  }

  lockReleased(lwp: LwpId, lock: number): void {
    this.pushOther(RECORD.lockReleased, lwp, lock);
  }

  /** A thread enters the kernel to wait for a futex. */
  futexWait(lwp: LwpId, lock: number): void {
    this.pushOther(RECORD.futexWait, lwp, lock);
  }

  /** A thread comes back from a futex system call. */
  futexDone(lwp: LwpId): void {
    this.push(RECORD.futexDone, lwp);
  }

  /** A thread waits for a lock of the kernel. */
  contentionBegin(lwp: LwpId, lock: number): void {
    this.pushOther(RECORD.contentionBegin, lwp, lock);
  }

  contentionEnd(lwp: LwpId): void {
    this.push(RECORD.contentionEnd, lwp);
  }

  /** The kernel stored the CPU into the memory that it shares with the thread. */
  cpuStored(lwp: LwpId, cpu: CpuId): void {
    const entry = this.push(RECORD.areaCpu, lwp);
    this.ring.value[entry] = cpu;
  }

  /** The thread got the slot at an index of a page of {@link slots}. */
  slotAllocated(lwp: LwpId, page: number, index: number): void {
    const entry = this.pushOther(RECORD.slotAllocated, lwp, page);
    this.ring.value[entry] = index;
  }

  /**
   * Preemption control decided about a thread.
   *
   * @param timeleft ticks left of the quantum, UNKNOWN_VALUE where there are none or the source does not say
   * @param cause CAUSE of the function that decided
   * @returns position of the record, for {@link amendDecision}; -1 where another file of the run had it
   */
  decided(lwp: LwpId, outcome: number, timeleft: number, cause: CauseId): number {
    if (this.isRepeat(RECORD.decided, lwp, outcome)) return NONE;
    const entry = this.push(RECORD.decided, lwp);
    this.ring.value[entry] = outcome;
    this.ring.timeleft[entry] = timeleft;
    this.ring.cause[entry] = cause;
    this.ring.other[entry] = NONE;
    return this.ring.next - 1;
  }

  /**
   * A later line shows that a decision was another one. False where it is too late for that.
   *
   * @param call id of {@link syscalls} of the call that ended the extension, -1 where it is not known
   */
  amendDecision(position: number, outcome: number, cause: CauseId, call: number): boolean {
    if (!this.ring.has(position)) return false;
    const entry = this.ring.entry(position);
    this.ring.value[entry] = outcome;
    this.ring.cause[entry] = cause;
    this.ring.other[entry] = call;
    return true;
  }

  /** Later lines show that it is not known how the request ended that a decision was taken to end. */
  amendToUnknown(position: number): void {
    if (!this.ring.has(position)) return;
    const entry = this.ring.entry(position);
    this.ring.type[entry] = RECORD.requestEnded;
    this.ring.cause[entry] = CAUSE.import_gap;
  }

  /** A later line shows that the thread yielded its extension when it had just run out. */
  alsoYielded(position: number): void {
    if (this.ring.has(position)) this.ring.other[this.ring.entry(position)] = ALSO_YIELDED;
  }

  /**
   * The timer of a granted time slice extension is armed.
   *
   * @param lengthNs -1 where it is not known
   * @param askedAgoNs how long before the reschedule was asked for, -1 where that was not seen
   * @param woken LWP whose wake-up asked, -1 for none
   * @param cause CAUSE of what asked
   */
  sliceTimer(lwp: LwpId, lengthNs: Ns, askedAgoNs: Ns, woken: number, cause: CauseId): void {
    if (this.isRepeat(RECORD.sliceTimer, lwp, 0)) return;
    const entry = this.pushOther(RECORD.sliceTimer, lwp, woken);
    this.ring.value[entry] = lengthNs;
    this.ring.askedAgoNs[entry] = askedAgoNs;
    this.ring.cause[entry] = cause;
  }

  /** A thread asks not to be preempted, as the source shows it. */
  requestBegan(lwp: LwpId, cause: CauseId): void {
    const entry = this.push(RECORD.requestBegan, lwp);
    this.ring.cause[entry] = cause;
  }

  /** A thread's request not to be preempted ends. */
  requestEnded(lwp: LwpId, cause: CauseId): void {
    const entry = this.push(RECORD.requestEnded, lwp);
    this.ring.cause[entry] = cause;
  }

  /** The source says what a thread is doing from now on (OBSERVED), and on which CPU where it runs. */
  observed(lwp: LwpId, observed: number, cpu: CpuId): void {
    this.runsSeen = true;
    const entry = this.pushOther(RECORD.observed, lwp, cpu);
    this.ring.value[entry] = observed;
    if (cpu >= 0) this.knowCpu(cpu);
  }

  /** A thread has another priority now. */
  priorityChanged(lwp: LwpId, priority: number): void {
    const entry = this.push(RECORD.priorityChanged, lwp);
    this.ring.priority[entry] = priority;
  }

  /** A field of a thread has a value now. */
  assigned(lwp: LwpId, kind: number, value: number, cause: CauseId): void {
    const entry = this.pushOther(RECORD.assigned, lwp, kind);
    this.ring.value[entry] = value;
    this.ring.cause[entry] = cause;
  }

  /** All events have been told: the ones held back become rows. */
  finish(): void {
    this.feed?.finish(this.timeNs);
    for (let cpu = 0; cpu < MAX_CPUS; cpu++) if (this.cpuKnown.get(cpu) === 1) this.believe(cpu, NO_SWITCH);
    while (this.ring.first < this.ring.next) this.rows.release();
    this.timeNs = Math.max(this.timeNs, this.endNs);
    this.rows.markEnd(this.timeNs);
  }

  /** The source knows that everything stays as it is up to this time. */
  lastsUntil(timeNs: Ns): void {
    this.endNs = Math.max(this.endNs, timeNs);
  }

  private knowCpu(cpu: CpuId): void {
    if (this.cpuKnown.get(cpu) === 1) return;
    this.cpuKnown.set(cpu, 1);
    this.cpuCount++;
    this.rows.addCpu(cpu, this.rows.releasedNs);
  }

  private isRepeat(type: number, one: number, other: number): boolean {
    return this.repeats !== null && this.repeats.isRepeat(type, this.cpu, one, other, this.timeNs);
  }

  private wakes(type: number, lwp: LwpId, priority: number, targetCpu: CpuId): void {
    if (this.isRepeat(type, lwp, targetCpu)) return;
    const entry = this.push(type, lwp);
    this.ring.priority[entry] = priority;
    this.ring.value[entry] = targetCpu;
    if (lwp < 0 || targetCpu < 0) return;
    this.knowCpu(targetCpu);
    this.lastWake.set(lwp, this.ring.next - 1);
    this.lastWakeCpu.set(lwp, targetCpu);
    this.chains.woken(targetCpu, lwp);
  }

  private pushFork(child: number, replaced: number): void {
    const entry = this.push(RECORD.forked, child);
    this.ring.other[entry] = replaced;
    if (replaced < 0) return;
    this.report.repair('tid_reused', this.line);
    const cpu = this.runsOn.get(replaced);
    if (cpu !== NONE) this.current.set(cpu, UNKNOWN_MOVED);
    this.runsOn.set(replaced, NONE);
  }

  /**
   * Whether the task column of an event tells who runs. In merged records the stamps of two tools lie some
   * microseconds apart: there only switches do, and the rest of the first file.
   */
  private showsWhoRuns(type: number): boolean {
    return this.repeats === null || this.repeats.source === 0 || type === RECORD.switched;
  }

  private pushOther(type: number, lwp: LwpId, other: number): number {
    const entry = this.push(type, lwp);
    this.ring.other[entry] = other;
    return entry;
  }

  /** Adds a record for the event at hand, and before it whatever its task column gives away. Returns its ring entry. */
  private push(type: number, lwp: LwpId): number {
    const { ring, cpu, task } = this;
    if (ring.isFull) this.makeRoom();
    // Events about the idle thread say nothing; a switch has the idle thread on either side.
    const kept = lwp < 0 && type !== RECORD.switched ? RECORD.other : type;
    const entry = ring.add(kept, this.timeNs, cpu, this.line, task);
    ring.lwp[entry] = lwp;
    if (cpu === NONE) return entry;
    if (task !== NO_TASK && this.showsWhoRuns(kept)) {
      const cameIn = this.chains.cameIn.get(cpu);
      if (cameIn === NO_SWITCH) {
        if (task !== this.current.get(cpu)) this.foundRunning(cpu, task, ring.next - 1, kept);
      } else if (task !== cameIn) {
        if (kept === RECORD.switched) this.foundBroken(cpu, task, ring.next - 1);
        else this.foundNamed(cpu, task, ring.next - 1);
      } else if (kept !== RECORD.switched && !this.chains.isNamed(cpu)) this.chains.confirm(cpu);
    }
    this.lastOnCpu.set(cpu, ring.next - 1);
    return entry;
  }

  /** The oldest record becomes rows, unless what it means is still in doubt and more can be held. */
  private makeRoom(): void {
    const { ring } = this;
    const marks = ring.marks[ring.entry(ring.first)]!;
    const isDoubted = (marks & MARK.doubted) !== 0 && this.chains.isDoubted(ring.first);
    if (!isDoubted || !ring.grow()) this.rows.release();
  }

  /** On a CPU of which no switch is known, the record at `position` shows `lwp` (or idleness) run. */
  private foundRunning(cpu: CpuId, lwp: LwpId, position: number, type: number): void {
    const { ring, report } = this;
    const before = this.current.get(cpu);
    const entry = ring.entry(position);
    if (type === RECORD.switched) {
      if (this.chains.doubtedFor(cpu) !== NO_SWITCH) {
        this.foundBroken(cpu, lwp, position);
        return;
      }
    } else if (this.isSwitchedIn(lwp, cpu)) {
      this.foundNamed(cpu, lwp, position);
      return;
    }
    if (before === UNKNOWN_START) {
      // Idle from the start is what an empty machine shows already.
      if (lwp >= 0) {
        report.repair('unknown_first_state', this.line);
        ring.setStart(entry, START.first);
      }
    } else if (before === UNKNOWN_LOST) {
      if (lwp >= 0) {
        report.repair('after_loss', this.line);
        ring.setStart(entry, START.afterLoss);
      }
    } else {
      report.repair(type === RECORD.switched ? 'broken_chain' : 'hidden_handover', this.line);
      this.beginRun(cpu, this.hiddenStart(cpu, lwp, position));
    }
    this.chains.confirm(cpu);
    this.runs(cpu, lwp, position);
  }

  /** Whether the last switch line that names `lwp` shows it come in on another CPU than `cpu`. */
  private isSwitchedIn(lwp: LwpId, cpu: CpuId): boolean {
    const other = lwp >= 0 ? this.runsOn.get(lwp) : NONE;
    return other !== NONE && other !== cpu && this.chains.cameIn.get(other) === lwp;
  }

  /** The record at `position` names another thread (or idleness) than the switch lines show on its CPU. */
  private foundNamed(cpu: CpuId, lwp: LwpId, position: number): void {
    const { chains } = this;
    if (chains.mayBeOutgoing(cpu, lwp, this.timeNs)) {
      chains.noteOutgoing(cpu, position, this.line);
      return;
    }
    if (chains.doubtedFor(cpu) === lwp) return;
    const doubt = this.hiddenStart(cpu, lwp, position);
    chains.doubt(cpu, doubt);
    this.ring.setDoubted(this.ring.entry(doubt.position));
  }

  /** `lwp` (or idleness) leaves a CPU by the switch at `position`, but another thread came in there. */
  private foundBroken(cpu: CpuId, lwp: LwpId, position: number): void {
    const shown = this.believe(cpu, lwp);
    if (shown === lwp) this.ring.setStart(this.ring.entry(position), START.brokenUnlessShown);
    else {
      this.report.repair('broken_chain', this.line);
      this.beginRun(cpu, this.hiddenStart(cpu, lwp, position));
    }
    this.runs(cpu, lwp, position);
  }

  /** The runs that lines told of began indeed. Returns whose is the last one, NO_SWITCH where there is none. */
  private believe(cpu: CpuId, leaving: number): number {
    let shown: number = NO_SWITCH;
    for (const doubt of this.chains.doubtsAbout(cpu, leaving)) {
      this.report.repair('hidden_handover', doubt.line);
      this.beginRun(cpu, doubt);
      shown = doubt.lwp;
    }
    return shown;
  }

  /** Where a run without a switch line begins that the record at `position` shows. */
  private hiddenStart(cpu: CpuId, lwp: LwpId, position: number): Doubt {
    const { chains, ring, line } = this;
    const doubted = chains.doubtedFor(cpu);
    const before = doubted === NO_SWITCH ? this.current.get(cpu) : doubted;
    const since = doubted === NO_SWITCH ? this.lastHandOver.get(cpu) : chains.doubtedSince(cpu);
    const woken = lwp >= 0 ? this.lastWake.get(lwp) : NEVER;
    const atWakeUp = before === IDLE && woken > since && ring.has(woken) && this.lastWakeCpu.get(lwp) === cpu;
    return { lwp, position: atWakeUp ? woken : position, atWakeUp, line };
  }

  private beginRun(cpu: CpuId, { lwp, position, atWakeUp }: Doubt): void {
    const { ring } = this;
    if (!ring.has(position)) this.rows.beginNow(cpu, lwp);
    else if (atWakeUp) ring.setWakeStart(ring.entry(position), cpu);
    else ring.setStart(ring.entry(position), START.broken);
  }

  /** From `position` on, `cpu` runs `lwp` or is idle. */
  private runs(cpu: CpuId, lwp: LwpId, position: number): void {
    const before = this.current.get(cpu);
    if (before >= 0 && this.runsOn.get(before) === cpu) this.runsOn.set(before, NONE);
    this.current.set(cpu, lwp);
    this.lastHandOver.set(cpu, position);
    if (lwp < 0) return;
    const elsewhere = this.runsOn.get(lwp);
    if (elsewhere !== NONE && elsewhere !== cpu) {
      this.report.repair('ran_elsewhere', this.line);
      this.current.set(elsewhere, UNKNOWN_MOVED);
    }
    this.runsOn.set(lwp, cpu);
    this.lastWake.set(lwp, NEVER);
  }
}
