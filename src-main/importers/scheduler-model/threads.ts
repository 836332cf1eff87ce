/**
 * Threads and processes of the source, and the ordinals that they have in the trace.
 *
 * A thread is found by its thread id as long as it lives; the id may be used again afterwards, for a thread
 * with an ordinal of its own. Which threads make up a process is known only where the source says it (the
 * thread group of ftrace's record-tgid). Elsewhere a thread whose creation was seen belongs to its parent's
 * process until it executes a program, and any other is taken for a process of its own.
 */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import type { TransitionProbe } from '#shared/model/transition-probe.ts';
import { IntColumn } from './columns.ts';

/** Linux gives out no thread id from here on (PID_MAX_LIMIT). */
export const THREAD_ID_LIMIT = 1 << 22;

/** How much a name is worth: a better source replaces a lesser one, never the other way round. */
export const NAME_RANK = {
  /** No name seen. */
  none: 0,
  /** The parent's name, or that of a program file. */
  inherited: 1,
  /** What a tool looked up when it printed the line: may be older or newer than the event. */
  lookedUp: 2,
  /** Part of the event itself. */
  recorded: 3,
} as const;

/** A larger number of a process is kept elsewhere. */
const MAX_GROUP = 0x7fffffff;
const NAME_BYTES = 32;
/** So much less the ordinal of an LWP says that it has ended. */
const ENDED = -2;

export class Threads {
  /** LWPs and processes met so far. */
  count = 0;
  processCount = 0;
  /** Whether any thread group was recorded. */
  groupsRecorded = false;

  /** The LWP that has the id, ENDED less the LWP where it has ended. */
  private readonly lwpOfTid = new IntColumn(NONE, 4096);
  private readonly tid = new IntColumn(0);
  /** What the trace calls a thread and its process, where that is not the id here: any number. */
  private readonly numbers = new Map<number, { readonly pid: number; readonly number: number }>();
  private readonly parent = new IntColumn(NONE);
  private readonly group = new IntColumn(NONE);
  private readonly process = new IntColumn(NONE);
  private readonly endedNs: Ns[] = [];
  private readonly announced = new IntColumn(0);
  private readonly nameRank = new IntColumn(NAME_RANK.none);
  private readonly nameLength = new IntColumn(0);
  private nameBytes = new Uint8Array(64 * NAME_BYTES);
  private readonly names: string[] = [];

  private readonly processPid: number[] = [];
  private readonly processName: string[] = [];
  private readonly processAnnounced = new IntColumn(0);
  private readonly processOfPid = new Map<number, number>();

  /** LWP that has thread id `tid` now, {@link NONE} where none was met or it has ended. */
  find(tid: number): number {
    const lwp = this.lwpOfTid.get(tid);
    return lwp >= 0 ? lwp : NONE;
  }

  /** The last LWP that had this id, if it has ended; else {@link NONE}. */
  findEnded(tid: number): number {
    const lwp = this.lwpOfTid.get(tid);
    return lwp < NONE ? ENDED - lwp : NONE;
  }

  /** When an LWP ended. */
  endedAt(lwp: LwpId): number {
    return this.endedNs[lwp] ?? NaN;
  }

  /** A new LWP with thread id `tid`; whoever had the id before has it no more. */
  create(tid: number, parent: number = NONE): number {
    const lwp = this.count++;
    this.lwpOfTid.set(tid, lwp);
    this.tid.set(lwp, tid);
    this.parent.set(lwp, parent);
    this.names.push(parent >= 0 ? this.names[parent]! : `thread ${tid}`);
    if (parent >= 0) this.nameRank.set(lwp, NAME_RANK.inherited);
    // A process of that number, if there was one, is not the one of the new thread.
    this.processOfPid.delete(tid);
    return lwp;
  }

  /** The thread is gone: its id may be used again. */
  end(lwp: LwpId, timeNs: Ns): void {
    const tid = this.tid.get(lwp);
    if (this.lwpOfTid.get(tid) === lwp) this.lwpOfTid.set(tid, ENDED - lwp);
    this.endedNs[lwp] = timeNs;
  }

  tidOf(lwp: LwpId): number {
    return this.tid.get(lwp);
  }

  /** What the trace calls the thread: its LWP number or thread id. */
  numberOf(lwp: LwpId): number {
    return this.numbers.get(lwp)?.number ?? this.tid.get(lwp);
  }

  nameOf(lwp: LwpId): string {
    return this.names[lwp]!;
  }

  /** The thread takes over another thread id (exec by a thread that is not the leader of its process). */
  takeTid(lwp: LwpId, tid: number): void {
    const old = this.tid.get(lwp);
    if (this.lwpOfTid.get(old) === lwp) this.lwpOfTid.set(old, NONE);
    this.lwpOfTid.set(tid, lwp);
    this.tid.set(lwp, tid);
    this.announced.set(lwp, 0);
  }

  /**
   * Notes a name, given as bytes. Hot: it is called several times a line, so an unchanged name is only
   * compared.
   */
  observeName(lwp: LwpId, bytes: Uint8Array, start: number, end: number, rank: number): void {
    const known = this.nameRank.get(lwp);
    if (rank < known || end <= start) return;
    if (end - start > NAME_BYTES) end = start + NAME_BYTES;
    const base = lwp * NAME_BYTES;
    if (known !== NAME_RANK.none && this.nameLength.get(lwp) === end - start) {
      const stored = this.nameBytes;
      let same = true;
      for (let i = start, j = base; i < end; i++, j++) {
        if (bytes[i] !== stored[j]) {
          same = false;
          break;
        }
      }
      if (same) {
        if (rank !== known) this.nameRank.set(lwp, rank);
        return;
      }
    }
    if (base + NAME_BYTES > this.nameBytes.length) this.growNames(base + NAME_BYTES);
    this.nameBytes.set(bytes.subarray(start, end), base);
    this.nameLength.set(lwp, end - start);
    this.nameRank.set(lwp, rank);
    this.rename(lwp, Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'));
  }

  /** Notes the thread group (the pid of its process) that the source shows for a thread. */
  observeGroup(lwp: LwpId, group: number): void {
    if (this.group.get(lwp) === group) return;
    this.groupsRecorded = true;
    this.group.set(lwp, group);
    const process = this.process.get(lwp);
    if (process >= 0 && this.processPid[process] !== group) this.moveTo(lwp, this.processWithPid(group, lwp));
  }

  /**
   * Says what a thread is called in a system whose thread numbers are unique within a process only; its id
   * here is then one of the reader's own. Hot: an unchanged name is only compared.
   */
  describe(lwp: LwpId, pid: number, number: number, processName: string): void {
    const known = this.numbers.get(lwp);
    if (known?.number !== number || known.pid !== pid) {
      this.groupsRecorded = true;
      this.numbers.set(lwp, { pid, number });
      this.group.set(lwp, Math.min(pid, MAX_GROUP));
      this.moveTo(lwp, this.processOfPid.get(pid) ?? this.createProcess(pid, processName));
    }
    const process = this.process.get(lwp);
    if (this.processName[process] === processName) return;
    this.processName[process] = processName;
    this.processAnnounced.set(process, 0);
    this.announced.set(lwp, 0);
  }

  /** The thread executes a program: its process, if it is not yet its own, becomes so and has a new name. */
  executes(lwp: LwpId, program: string): void {
    const tid = this.tid.get(lwp);
    const process = this.processOf(lwp);
    if (this.group.get(lwp) < 0 && this.processPid[process] !== tid) {
      this.moveTo(lwp, this.createProcess(tid, program));
    }
    this.nameRank.set(lwp, NAME_RANK.inherited);
    this.nameLength.set(lwp, 0);
    this.rename(lwp, program);
  }

  /**
   * The whole process of the thread ends with it. Where thread groups are not recorded and it counts as part
   * of its parent's process, which lives on, it was a process of its own all the time.
   */
  endsWithProcess(lwp: LwpId): void {
    const tid = this.tid.get(lwp);
    const process = this.processOf(lwp);
    const pid = this.processPid[process]!;
    if (this.group.get(lwp) >= 0 || pid === tid || this.find(pid) < 0) return;
    this.moveTo(lwp, this.createProcess(tid, this.names[lwp]!));
  }

  /** The process of an LWP; made up on first use from what is known by then. */
  processOf(lwp: LwpId): number {
    let process = this.process.get(lwp);
    if (process >= 0) return process;
    const group = this.group.get(lwp);
    const parent = this.parent.get(lwp);
    if (group >= 0) process = this.processWithPid(group, lwp);
    else if (parent >= 0) process = this.processOf(parent);
    else process = this.createProcess(this.tid.get(lwp), this.names[lwp]!);
    this.process.set(lwp, process);
    return process;
  }

  pidOf(process: number): number {
    return this.processPid[process]!;
  }

  /** Whether nothing of the LWP's dimension row has changed since it was written last, its process above all. */
  isAnnounced(lwp: LwpId): boolean {
    return this.announced.get(lwp) === 1;
  }

  /** Writes the dimension row of an LWP, and that of its process where it is new or has changed. */
  announce(lwp: LwpId, writer: TransitionProbe): void {
    const process = this.processOf(lwp);
    if (this.processAnnounced.get(process) === 0) {
      this.processAnnounced.set(process, 1);
      writer.define({
        table: 'process',
        id: process,
        pid: this.processPid[process]!,
        name: this.processName[process]!,
      });
    }
    this.announced.set(lwp, 1);
    writer.define({
      table: 'lwp',
      id: lwp,
      process,
      lwpNumber: this.numberOf(lwp),
      name: this.names[lwp]!,
    });
  }

  private rename(lwp: LwpId, name: string): void {
    this.names[lwp] = name;
    this.announced.set(lwp, 0);
    const process = this.process.get(lwp);
    if (process >= 0 && this.processPid[process] === this.tid.get(lwp)) {
      this.processName[process] = name;
      this.processAnnounced.set(process, 0);
    }
  }

  private moveTo(lwp: LwpId, process: number): void {
    this.process.set(lwp, process);
    this.announced.set(lwp, 0);
  }

  private processWithPid(pid: number, member: number): number {
    const known = this.processOfPid.get(pid);
    if (known !== undefined) return known;
    const leader = this.find(pid);
    return this.createProcess(pid, this.names[leader >= 0 ? leader : member]!);
  }

  private createProcess(pid: number, name: string): number {
    const process = this.processCount++;
    this.processPid.push(pid);
    this.processName.push(name);
    this.processOfPid.set(pid, process);
    return process;
  }

  private growNames(bytes: number): void {
    let capacity = this.nameBytes.length;
    while (capacity < bytes) capacity *= 2;
    const next = new Uint8Array(capacity);
    next.set(this.nameBytes);
    this.nameBytes = next;
  }
}
