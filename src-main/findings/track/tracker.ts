/**
 * Follows a trace's changes and combines them: holds with what their holders and waiters did meanwhile, waits, requests
 * with their outcomes. Observers receive each when it is complete.
 *
 * Nothing that happens within an instant has a length: the order of what is told of it does not matter.
 *
 * Hot: the cost of a change depends on the locks that its LWP holds and, where waiters are counted, on their number;
 * records are reused.
 */
import type { CpuId, IndexIntoBatch, LwpId, Ns, Seq, SyncId } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { DECISION, LANE_STATE, SYNC_KIND, WINDOW_END } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Definition, TransitionColumns } from '#shared/model/transition-batch.ts';
import type { Observer } from '../observer.ts';
import type { Names } from '../names.ts';
import type { TraceChanges } from '../trace-changes.ts';
import { Hold } from './hold.ts';
import { LockTrack } from './lock-track.ts';
import { Request } from './request.ts';
import { isAsleep, isOnCpu, isRunnable, type Scene } from './scene.ts';
import { Wait } from './wait.ts';

/** An LWP that has to do with locks or requests. */
class LwpTrack {
  readonly held: Hold[] = [];
  request: Request | null = null;
  /** The request has been cleared, and the yield that the kernel asked for is still owed. */
  isUnanswered = false;
  /** Figures of the LWP when its request, its wait and the first of its holds began. */
  ranAtRequest = 0;
  ranHoldingAtRequest = 0;
  spunAtWait = 0;
  runnableAtWait = 0;
  asleepAtWait = 0;
  waitHolder: number = NONE;
  ranAtFirstHold = 0;
  ranHolding = 0;
}

/** Observers by what they want to be told. */
class Listeners {
  readonly interval: Observer[] = [];
  readonly switched: Observer[] = [];
  readonly woken: Observer[] = [];
  readonly holdBegan: Observer[] = [];
  readonly holdEnded: Observer[] = [];
  readonly waitBegan: Observer[] = [];
  readonly waitEnded: Observer[] = [];
  readonly requestSet: Observer[] = [];
  readonly requestCleared: Observer[] = [];
  readonly requestEnded: Observer[] = [];
  readonly decided: Observer[] = [];
  readonly field: Observer[] = [];
  readonly ending: Observer[] = [];
  readonly finish: Observer[] = [];

  add(observer: Observer): void {
    for (const name of Object.keys(this) as (keyof Listeners & keyof Observer)[]) {
      if (observer[name] !== undefined) this[name].push(observer);
    }
  }
}

/** What the tracker has seen of a trace, to decide what the trace can show. */
export interface Sightings {
  switches: boolean;
  lockHolds: boolean;
  lockWaits: boolean;
  requests: boolean;
  decisions: boolean;
  yieldAsked: boolean;
  wakeups: boolean;
}

export class Tracker implements TraceChanges {
  readonly seen: Sightings = {
    switches: false,
    lockHolds: false,
    lockWaits: false,
    requests: false,
    decisions: false,
    yieldAsked: false,
    wakeups: false,
  };
  /** Ns that threads slept for locks, in the waits that have ended. */
  blockedNs = 0;
  /** Kinds of fields that the trace has told. */
  readonly seenFields = new Set<number>();
  private readonly scene: Scene;
  private readonly names: Names;
  private readonly isEmulated: boolean;
  private readonly listeners = new Listeners();
  private readonly lwps: (LwpTrack | undefined)[] = [];
  private readonly locks: (LockTrack | undefined)[] = [];
  /** Objects without a holder. */
  private readonly notLocks = new Set<number>();
  /** By CPU: LWP that was preempted on it, while its preemptor is still unknown. */
  private readonly displaced: number[] = [];
  /** Waits that ended within the instant. */
  private readonly ended: Wait[] = [];
  private endedCount = 0;
  private readonly spareHolds: Hold[] = [];
  private readonly spareRequests: Request[] = [];

  /** @param isEmulated the trace knows at any time what every thread does */
  constructor(scene: Scene, names: Names, isEmulated: boolean) {
    this.scene = scene;
    this.names = names;
    this.isEmulated = isEmulated;
  }

  observe(observer: Observer): void {
    this.listeners.add(observer);
  }

  /** How a lock stands; null where it was never met. */
  lock(lock: number): LockTrack | null {
    return this.locks[lock] ?? null;
  }

  /** Locks that an LWP holds. */
  held(lwp: LwpId): readonly Hold[] {
    return this.lwps[lwp]?.held ?? NO_HOLDS;
  }

  /** The request of an LWP that stands; null where none does. */
  request(lwp: LwpId): Request | null {
    const track = this.lwps[lwp];
    return track === undefined || track.isUnanswered ? null : track.request;
  }

  define(definition: Definition): void {
    this.names.define(definition);
    if (definition.table !== 'sync') return;
    const { kind, id } = definition;
    if (kind === SYNC_KIND.condition || kind === SYNC_KIND.semaphore) this.notLocks.add(id);
    else this.notLocks.delete(id);
  }

  lwpState(timeNs: Ns, lwp: LwpId, state: number, cpu: CpuId, sync: SyncId): void {
    this.reach(timeNs);
    const { scene } = this;
    scene.meetLwp(lwp);
    const before = scene.state[lwp]!;
    const lock = sync >= 0 && !this.notLocks.has(sync) && state !== LANE_STATE.exited ? sync : NONE;
    if (lock !== scene.wants[lwp]) this.wantsOther(lwp, lock);
    if (state !== before) {
      for (const observer of this.listeners.interval) {
        observer.interval!(lwp, before, scene.since[lwp]!, scene.cpu[lwp]!, state);
      }
    }
    const track = this.lwps[lwp];
    if (track !== undefined && track.held.length > 0 && offKind(before) !== offKind(state)) {
      for (const hold of track.held) {
        if (hold.isOff) this.endInterval(hold);
      }
    }
    scene.setState(lwp, state, cpu);
    if (isOnCpu(state)) {
      scene.wokenNs[lwp] = NONE;
    } else if (state === LANE_STATE.preempted && before !== LANE_STATE.preempted) {
      scene.displacedBy[lwp] = NONE;
      if (cpu >= 0) this.displaced[cpu] = lwp;
    }
    if (track === undefined) return;
    if (offKind(state) !== ON_CPU && offKind(before) !== offKind(state)) {
      for (const hold of track.held) if (!hold.isOff) this.beginInterval(hold);
    }
    if (track.isUnanswered && isAsleep(state)) this.closeRequest(track, WINDOW_END.overrun);
  }

  cpuRuns(timeNs: Ns, cpu: CpuId, lwp: LwpId): void {
    this.reach(timeNs);
    const { scene } = this;
    scene.meetCpu(cpu);
    this.seen.switches = true;
    const before = scene.runs[cpu]!;
    if (lwp >= 0) {
      scene.meetLwp(lwp);
      const displaced = this.displaced[cpu] ?? NONE;
      if (displaced !== NONE && displaced !== lwp) scene.displacedBy[displaced] = lwp;
      this.displaced[cpu] = NONE;
    }
    if (before !== lwp) for (const observer of this.listeners.switched) observer.switched!(cpu, before, lwp);
    scene.runs[cpu] = lwp;
    scene.runsSince[cpu] = timeNs;
  }

  lockOwner(timeNs: Ns, sync: SyncId, lwp: LwpId): void {
    this.reach(timeNs);
    if (this.notLocks.has(sync)) return;
    const { scene } = this;
    scene.meetLock(sync);
    const lock = (this.locks[sync] ??= new LockTrack(sync));
    if (lock.hold !== null) this.endHold(lock, lock.hold);
    scene.owner[sync] = lwp;
    scene.ownerSince[sync] = timeNs;
    if (lwp < 0) return;
    this.seen.lockHolds = true;
    scene.meetLwp(lwp);
    this.beginHold(lock, lwp);
  }

  requestSet(timeNs: Ns, lwp: LwpId, sequence: Seq): void {
    this.reach(timeNs);
    const { scene } = this;
    scene.meetLwp(lwp);
    this.seen.requests = true;
    const track = this.track(lwp);
    if (track.request !== null) {
      // Not answered before it asks again; or the source lost its end.
      this.closeRequest(track, track.isUnanswered ? WINDOW_END.overrun : WINDOW_END.open);
    }
    scene.setRequest(lwp, true);
    const request = (track.request = this.spareRequests.pop() ?? new Request());
    request.begin(lwp, timeNs, sequence);
    request.hadLock = track.held.length > 0;
    track.ranAtRequest = scene.ranNs(lwp);
    track.ranHoldingAtRequest = this.ranHolding(track, lwp);
    for (const hold of track.held) hold.requestSetNs = timeNs;
    for (const observer of this.listeners.requestSet) observer.requestSet!(request);
  }

  requestCleared(timeNs: Ns, lwp: LwpId, ending: number): void {
    this.reach(timeNs);
    const track = this.lwps[lwp];
    const request = track?.request ?? null;
    if (track === undefined || request === null || track.isUnanswered) return;
    const { scene } = this;
    request.endNs = timeNs;
    request.ranNs = scene.ranNs(lwp) - track.ranAtRequest;
    request.ranHoldingNs = this.ranHolding(track, lwp) - track.ranHoldingAtRequest;
    scene.setRequest(lwp, false);
    request.ending = ending;
    for (const observer of this.listeners.requestCleared) observer.requestCleared!(request);
    if (ending === WINDOW_END.overrun) track.isUnanswered = true;
    else this.closeRequest(track, ending);
  }

  yielded(timeNs: Ns, lwp: LwpId): void {
    this.reach(timeNs);
    const track = this.lwps[lwp];
    const request = track?.request ?? null;
    if (track === undefined || request === null) return;
    this.seen.yieldAsked = true;
    if (request.yieldedNs < 0) request.yieldedNs = timeNs;
    if (track.isUnanswered) this.closeRequest(track, WINDOW_END.honoured);
  }

  decision(columns: TransitionColumns, row: IndexIntoBatch, sequence: Seq): void {
    const timeNs = columns.timeNs[row]!;
    const lwp = columns.lwp[row]!;
    const outcome = columns.object[row]!;
    this.reach(timeNs);
    this.scene.meetLwp(lwp);
    this.seen.decisions = true;
    const track = this.lwps[lwp];
    if (track !== undefined) {
      const request = track.isUnanswered ? null : track.request;
      if (outcome === DECISION.deferredAtTick || outcome === DECISION.deferredAtPreempt) {
        if (request !== null) {
          request.deferrals++;
          if (request.firstDeferredNs < 0) request.firstDeferredNs = timeNs;
          // A yield before this one has not answered it.
          request.yieldedNs = NONE;
        }
        for (const hold of track.held) {
          hold.deferrals++;
          if (hold.deferredNs < 0) hold.deferredNs = timeNs;
        }
      } else if (outcome === DECISION.forced || outcome === DECISION.failsafe) {
        if (request !== null) request.revokedNs = timeNs;
        for (const hold of track.held) if (hold.revokedNs < 0) hold.revokedNs = timeNs;
      }
    }
    for (const observer of this.listeners.decided) {
      observer.decided!(lwp, outcome, sequence);
    }
  }

  wakeup(timeNs: Ns, lwp: LwpId, waker: LwpId, cpu: CpuId, sequence: Seq): void {
    this.reach(timeNs);
    this.seen.wakeups = true;
    this.scene.meetLwp(lwp);
    this.scene.wokenNs[lwp] = timeNs;
    for (const observer of this.listeners.woken) observer.woken!(lwp, waker, cpu, sequence);
  }

  field(timeNs: Ns, kind: number, subject: number, value: number): void {
    this.reach(timeNs);
    this.seenFields.add(kind);
    const { scene } = this;
    if (kind === KIND.t_pri) {
      scene.meetLwp(subject);
      scene.priority[subject] = value;
    }
    if (kind === KIND.chain_broken) {
      for (const hold of this.held(value)) if (hold.intervalCount > 0) hold.lastInterval.isUncertain = true;
    }
    for (const observer of this.listeners.field) observer.field!(kind, subject, value);
  }

  finish(endNs: Ns): void {
    this.reach(endNs);
    const { scene } = this;
    for (const observer of this.listeners.ending) observer.ending!();
    for (let lwp = 0; lwp < scene.lwps; lwp++) {
      if (scene.wants[lwp] !== NONE) this.wantsOther(lwp, NONE);
      for (const observer of this.listeners.interval) {
        observer.interval!(lwp, scene.state[lwp]!, scene.since[lwp]!, scene.cpu[lwp]!, LANE_STATE.exited);
      }
    }
    this.settle();
    for (const lock of this.locks) {
      if (lock !== undefined && lock.hold !== null) this.endHold(lock, lock.hold);
    }
    this.lwps.forEach((track, lwp) => {
      if (track === undefined || track.request === null) return;
      if (!track.isUnanswered) {
        track.request.ranNs = scene.ranNs(lwp) - track.ranAtRequest;
        track.request.ranHoldingNs = this.ranHolding(track, lwp) - track.ranHoldingAtRequest;
      }
      this.closeRequest(track, WINDOW_END.open);
    });
    for (const observer of this.listeners.finish) observer.finish!();
  }

  /** Time moves on: what ended within the last instant is told. */
  private reach(timeNs: Ns): void {
    if (timeNs === this.scene.nowNs) return;
    if (this.endedCount > 0) this.settle();
    this.scene.nowNs = timeNs;
  }

  private settle(): void {
    const { scene } = this;
    for (let at = 0; at < this.endedCount; at++) {
      const wait = this.ended[at]!;
      wait.hasLock = scene.owner[wait.lock] === wait.lwp;
      for (const observer of this.listeners.waitEnded) observer.waitEnded!(wait);
    }
    this.endedCount = 0;
  }

  /** An LWP waits for another lock from now on, or for none. */
  private wantsOther(lwp: LwpId, lock: number): void {
    const { scene } = this;
    const track = this.track(lwp);
    const before = scene.wants[lwp]!;
    if (before !== NONE) this.endWait(track, lwp, before);
    scene.wants[lwp] = lock;
    scene.wantsSince[lwp] = scene.nowNs;
    if (lock === NONE) return;
    this.seen.lockWaits = true;
    scene.meetLock(lock);
    track.spunAtWait = scene.spunNs(lwp);
    track.runnableAtWait = scene.runnableNs(lwp);
    track.asleepAtWait = scene.asleepNs(lwp);
    const wanted = (this.locks[lock] ??= new LockTrack(lock));
    const { hold } = wanted;
    track.waitHolder = hold === null ? NONE : hold.lwp;
    wanted.waiters.push(lwp);
    if (hold !== null && hold.lwp !== lwp) this.joinHold(hold, lwp);
    for (const observer of this.listeners.waitBegan) observer.waitBegan!(lwp, lock);
  }

  private endWait(track: LwpTrack, lwp: LwpId, lock: number): void {
    const { scene } = this;
    const wanted = this.locks[lock]!;
    const { waiters, hold } = wanted;
    const spunNs = scene.spunNs(lwp);
    waiters[waiters.indexOf(lwp)] = waiters[waiters.length - 1]!;
    waiters.length--;
    if (hold !== null) {
      hold.waiters.close(lwp, scene.nowNs, spunNs);
      if (hold.isOff) hold.lastInterval.waiters.close(lwp, scene.nowNs, spunNs);
    }
    const wait = (this.ended[this.endedCount++] ??= new Wait());
    wait.lwp = lwp;
    wait.lock = lock;
    wait.startNs = scene.wantsSince[lwp]!;
    wait.endNs = scene.nowNs;
    wait.holder = track.waitHolder;
    wait.spinNs = spunNs - track.spunAtWait;
    wait.runnableNs = scene.runnableNs(lwp) - track.runnableAtWait;
    wait.asleepNs = scene.asleepNs(lwp) - track.asleepAtWait;
    this.blockedNs += wait.asleepNs;
  }

  /** A waiter comes while the lock is held. */
  private joinHold(hold: Hold, lwp: LwpId): void {
    const { scene } = this;
    const spunNs = scene.spunNs(lwp);
    hold.waiters.open(lwp, scene.nowNs, spunNs);
    if (hold.isOff) hold.lastInterval.waiters.open(lwp, scene.nowNs, spunNs);
  }

  private beginHold(lock: LockTrack, lwp: LwpId): void {
    const { scene } = this;
    const track = this.track(lwp);
    const hold = (lock.hold = this.spareHolds.pop() ?? new Hold());
    hold.begin(lock.lock, lwp, scene.nowNs);
    hold.requestedBeforeNs = scene.requestedNs(lwp);
    if (scene.requestSince[lwp]! >= 0) hold.requestSetNs = scene.requestSince[lwp]!;
    if (track.held.length === 0) track.ranAtFirstHold = scene.ranNs(lwp);
    track.held.push(hold);
    if (track.request !== null && !track.isUnanswered) track.request.hadLock = true;
    for (const waiter of lock.waiters) if (waiter !== lwp) this.joinHold(hold, waiter);
    // A thread that takes a lock by itself runs, whatever the lines of the source have shown so far.
    if (this.isEmulated && offKind(scene.state[lwp]!) !== ON_CPU) this.beginInterval(hold);
    for (const observer of this.listeners.holdBegan) observer.holdBegan!(hold);
  }

  private endHold(lock: LockTrack, hold: Hold): void {
    const { scene } = this;
    const { lwp } = hold;
    const track = this.track(lwp);
    if (hold.isOff) this.endInterval(hold);
    for (const waiter of lock.waiters) hold.waiters.close(waiter, scene.nowNs, scene.spunNs(waiter));
    hold.endNs = scene.nowNs;
    hold.requestNs = scene.requestedNs(lwp) - hold.requestedBeforeNs;
    lock.hold = null;
    track.held.splice(track.held.indexOf(hold), 1);
    if (track.held.length === 0) track.ranHolding += scene.ranNs(lwp) - track.ranAtFirstHold;
    const request = track.isUnanswered ? null : track.request;
    if (request !== null) {
      request.lastReleaseNs = scene.nowNs;
      request.longestHoldNs = Math.max(request.longestHoldNs, hold.endNs - hold.startNs);
    }
    if (hold.endNs > hold.startNs) for (const observer of this.listeners.holdEnded) observer.holdEnded!(hold);
    this.spareHolds.push(hold);
  }

  private beginInterval(hold: Hold): void {
    const { scene } = this;
    const { lwp } = hold;
    const interval = hold.addInterval();
    hold.isOff = true;
    interval.state = scene.state[lwp]!;
    interval.startNs = scene.nowNs;
    interval.cpu = scene.cpu[lwp]!;
    interval.isUnderRequest = scene.requestSince[lwp]! >= 0;
    for (const waiter of this.locks[hold.lock]!.waiters) {
      if (waiter !== lwp) interval.waiters.open(waiter, scene.nowNs, scene.spunNs(waiter));
    }
  }

  private endInterval(hold: Hold): void {
    const { scene } = this;
    const interval = hold.lastInterval;
    hold.isOff = false;
    interval.endNs = scene.nowNs;
    for (const waiter of this.locks[hold.lock]!.waiters) {
      interval.waiters.close(waiter, scene.nowNs, scene.spunNs(waiter));
    }
    if (interval.endNs === interval.startNs) hold.intervalCount--;
    else if (interval.state === LANE_STATE.preempted) interval.displacedBy = scene.displacedBy[hold.lwp]!;
  }

  private closeRequest(track: LwpTrack, ending: number): void {
    const request = track.request!;
    const isOpen = !track.isUnanswered && request.endNs < 0;
    if (isOpen) this.scene.setRequest(request.lwp, false);
    request.ending = ending;
    track.request = null;
    track.isUnanswered = false;
    for (const observer of this.listeners.requestEnded) observer.requestEnded!(request);
    this.spareRequests.push(request);
  }

  /** Ns that an LWP has run while it held any lock. */
  private ranHolding(track: LwpTrack, lwp: LwpId): number {
    return track.ranHolding + (track.held.length > 0 ? this.scene.ranNs(lwp) - track.ranAtFirstHold : 0);
  }

  private track(lwp: LwpId): LwpTrack {
    return (this.lwps[lwp] ??= new LwpTrack());
  }
}

const NO_HOLDS: readonly Hold[] = [];

/** On a CPU, or in which way off it: each interval of a hold is of one kind. */
const ON_CPU = 0;
const RUNNABLE = 1;
const ASLEEP = 2;
function offKind(state: number): number {
  // What is not known counts as on the CPU: a finding must not rest on it.
  return isRunnable(state) ? RUNNABLE : isAsleep(state) ? ASLEEP : ON_CPU;
}
