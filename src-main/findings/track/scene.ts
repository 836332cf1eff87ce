/**
 * The machine as lanes show it, at the moment that a pass has reached: columns by id, and how long each LWP has been in
 * which state up to any moment of the present.
 *
 * Hot: allocates only where an id is higher than all before.
 */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { LANE_STATE } from '#shared/model/enums.ts';

const STATES = 16;
const FIRST_CAPACITY = 64;

export class Scene {
  /** Time of the change that is being told. */
  nowNs = 0;
  /** Number of ids met: LWPs, CPUs, locks are below. */
  lwps = 0;
  cpus = 0;
  locks = 0;
  /** By LWP: LANE_STATE. */
  state = new Uint8Array(FIRST_CAPACITY);
  /** Since when it is in its state. */
  since = new Float64Array(FIRST_CAPACITY);
  /** CPU where it is or was. */
  cpu = new Int32Array(FIRST_CAPACITY).fill(NONE);
  /** LWP that got its CPU when it was last preempted, NONE where that is not known (yet). */
  displacedBy = new Int32Array(FIRST_CAPACITY).fill(NONE);
  /** Lock that it waits for, and since when. Conditions and semaphores are no locks. */
  wants = new Int32Array(FIRST_CAPACITY).fill(NONE);
  wantsSince = new Float64Array(FIRST_CAPACITY);
  /** Since when its request stands, -1 for none. */
  requestSince = new Float64Array(FIRST_CAPACITY).fill(NONE);
  /** When it was last woken, -1 where it has run since. */
  wokenNs = new Float64Array(FIRST_CAPACITY).fill(NONE);
  /** Assigned priority as its system has it; NaN where the trace has not told. */
  priority = new Float64Array(FIRST_CAPACITY).fill(NaN);
  /** Ns in each state up to {@link since}: lwp * 16 + state. */
  private spent = new Float64Array(FIRST_CAPACITY * STATES);
  /** Ns under a request, up to {@link requestSince}. */
  private requested = new Float64Array(FIRST_CAPACITY);
  /** By CPU: the LWP that it runs. */
  runs = new Int32Array(FIRST_CAPACITY).fill(NONE);
  runsSince = new Float64Array(FIRST_CAPACITY);
  /** By lock: its holder, and since when. */
  owner = new Int32Array(FIRST_CAPACITY).fill(NONE);
  ownerSince = new Float64Array(FIRST_CAPACITY);

  /** Ns that an LWP has been in a state up to now. */
  inState(lwp: LwpId, state: number): number {
    const spent = this.spent[lwp * STATES + state]!;
    return this.state[lwp] === state ? spent + this.nowNs - this.since[lwp]! : spent;
  }

  /** Ns that it has had a CPU up to now. */
  ranNs(lwp: LwpId): Ns {
    return this.inState(lwp, LANE_STATE.running) + this.inState(lwp, LANE_STATE.spinning);
  }

  /** Ns that it has spent spinning up to now. */
  spunNs(lwp: LwpId): Ns {
    return this.inState(lwp, LANE_STATE.spinning);
  }

  /** Ns that it has been runnable and off the CPU up to now, preempted or not. */
  runnableNs(lwp: LwpId): Ns {
    return this.inState(lwp, LANE_STATE.runnable) + this.inState(lwp, LANE_STATE.preempted);
  }

  /** Ns that it has slept, been blocked or stopped up to now. */
  asleepNs(lwp: LwpId): Ns {
    return (
      this.inState(lwp, LANE_STATE.sleeping) +
      this.inState(lwp, LANE_STATE.blocked) +
      this.inState(lwp, LANE_STATE.parked) +
      this.inState(lwp, LANE_STATE.stopped)
    );
  }

  /** Ns that its request has stood up to now. */
  requestedNs(lwp: LwpId): Ns {
    const since = this.requestSince[lwp]!;
    return this.requested[lwp]! + (since < 0 ? 0 : this.nowNs - since);
  }

  /** The LWP does something else, or elsewhere. */
  setState(lwp: LwpId, state: number, cpu: CpuId): void {
    const at = lwp * STATES + this.state[lwp]!;
    this.spent[at] = this.spent[at]! + this.nowNs - this.since[lwp]!;
    this.state[lwp] = state;
    this.since[lwp] = this.nowNs;
    this.cpu[lwp] = cpu;
  }

  setRequest(lwp: LwpId, isSet: boolean): void {
    this.requested[lwp] = this.requestedNs(lwp);
    this.requestSince[lwp] = isSet ? this.nowNs : NONE;
  }

  meetLwp(lwp: LwpId): void {
    if (lwp < this.lwps) return;
    this.lwps = lwp + 1;
    const room = this.state.length;
    if (lwp < room) return;
    const size = sizeFor(room, lwp);
    this.state = grown(this.state, new Uint8Array(size));
    this.since = grown(this.since, new Float64Array(size));
    this.cpu = grown(this.cpu, new Int32Array(size).fill(NONE));
    this.displacedBy = grown(this.displacedBy, new Int32Array(size).fill(NONE));
    this.wants = grown(this.wants, new Int32Array(size).fill(NONE));
    this.wantsSince = grown(this.wantsSince, new Float64Array(size));
    this.requestSince = grown(this.requestSince, new Float64Array(size).fill(NONE));
    this.wokenNs = grown(this.wokenNs, new Float64Array(size).fill(NONE));
    this.priority = grown(this.priority, new Float64Array(size).fill(NaN));
    this.spent = grown(this.spent, new Float64Array(size * STATES));
    this.requested = grown(this.requested, new Float64Array(size));
  }

  meetCpu(cpu: CpuId): void {
    if (cpu < this.cpus) return;
    this.cpus = cpu + 1;
    const room = this.runs.length;
    if (cpu < room) return;
    const size = sizeFor(room, cpu);
    this.runs = grown(this.runs, new Int32Array(size).fill(NONE));
    this.runsSince = grown(this.runsSince, new Float64Array(size));
  }

  meetLock(lock: number): void {
    if (lock < this.locks) return;
    this.locks = lock + 1;
    const room = this.owner.length;
    if (lock < room) return;
    const size = sizeFor(room, lock);
    this.owner = grown(this.owner, new Int32Array(size).fill(NONE));
    this.ownerSince = grown(this.ownerSince, new Float64Array(size));
  }
}

function sizeFor(room: number, id: number): number {
  let size = room;
  while (size <= id) size *= 2;
  return size;
}

function grown<Column extends { set(values: Column): void }>(values: Column, into: Column): Column {
  into.set(values);
  return into;
}

/** On a CPU. */
export const isOnCpu = (state: number): boolean =>
  state === LANE_STATE.running || state === LANE_STATE.spinning;

/** Off its CPU and runnable: what the catalogue calls preempted, never asleep. */
export const isRunnable = (state: number): boolean =>
  state === LANE_STATE.preempted || state === LANE_STATE.runnable;

/** Off its CPU by its own doing, or stopped. */
export const isAsleep = (state: number): boolean =>
  state === LANE_STATE.sleeping ||
  state === LANE_STATE.blocked ||
  state === LANE_STATE.parked ||
  state === LANE_STATE.stopped;
