/**
 * What happens to the machine from outside, at times that no program decides: requests that arrive, wake-ups from
 * devices and clients, signals and failures that the scenario has planned.
 */
import type { Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import { SYNC_KIND } from '#shared/model/enums.ts';
import type { ArrivalPlan, ScenarioPlan, TimedPlan } from '../plan.ts';
import type { UserContext } from '../threads/user-context.ts';
import { CpuEvents } from './cpu-events.ts';
import type { Lives } from './lives.ts';
import type { Projects } from './projects.ts';
import type { Sleeps } from './sleeps.ts';
import type { UserSignals } from './user-signals.ts';

/** The events of the outside world are numbered: first the planned ones, which are one, then arrivals, then sources. */
export interface OutsideEvents {
  schedule(event: number, timeNs: Ns): void;
  cancel(event: number): void;
}

const PLANNED = 0;
const FIRST_ARRIVAL = 1;

/** What the outside world acts upon. */
interface InsideWorld {
  readonly lives: Lives;
  readonly sleeps: Sleeps;
  readonly signals: UserSignals;
  readonly projects: Projects;
}

export class OutsideWorld {
  private readonly u: UserContext;
  private readonly lives: Lives;
  private readonly sleeps: Sleeps;
  private readonly signals: UserSignals;
  private readonly projects: Projects;
  private readonly events: OutsideEvents;
  private readonly cpuEvents: CpuEvents;
  private readonly timed: readonly TimedPlan[];
  private readonly arrivals: readonly ArrivalPlan[];
  private readonly plan: ScenarioPlan;
  private nextTimed = 0;
  /** Arrivals so far, and the random stream, by arrival process. */
  private readonly arrived: number[];
  private readonly streams: number[];
  private readonly sourceStreams: number[];
  /** Arrival processes that have ended. */
  private readonly over: Set<number> = new Set();
  /** Synchronisation object of the first source. */
  private readonly firstSync: number;

  constructor(
    u: UserContext,
    { lives, sleeps, signals, projects }: InsideWorld,
    plan: ScenarioPlan,
    events: OutsideEvents,
  ) {
    this.u = u;
    this.lives = lives;
    this.sleeps = sleeps;
    this.signals = signals;
    this.projects = projects;
    this.plan = plan;
    this.events = events;
    this.cpuEvents = new CpuEvents(u.kernel, lives);
    this.timed = plan.timed ?? [];
    this.arrivals = plan.arrivals ?? [];
    this.arrived = this.arrivals.map(() => 0);
    this.streams = this.arrivals.map(() => u.random.add());
    this.sourceStreams = (plan.sources ?? []).map(() => u.random.add());
    this.firstSync = plan.locks.length;
  }

  /** How many events the outside world of a plan has. */
  static eventsOf(plan: ScenarioPlan): number {
    return FIRST_ARRIVAL + (plan.arrivals?.length ?? 0) + (plan.sources?.length ?? 0);
  }

  /** Everything that is to happen first is scheduled, and sources are named. */
  setUp(): void {
    const { u } = this;
    this.cpuEvents.setUp(this.plan.sets ?? []);
    this.scheduleTimed();
    this.arrivals.forEach((arrival, index) => {
      this.lives.left++;
      this.lives.processes[arrival.process]!.unstarted++;
      this.events.schedule(FIRST_ARRIVAL + index, u.random.duration(this.streams[index]!, arrival.start));
    });
    (this.plan.sources ?? []).forEach((source, index) => {
      const id = this.syncOf(index);
      u.machine.ensure('sync', id);
      u.machine.define({ table: 'sync', id, process: NONE, kind: SYNC_KIND.semaphore, name: source.name });
      const first = u.random.duration(this.sourceStreams[index]!, source.start);
      this.events.schedule(FIRST_ARRIVAL + this.arrivals.length + index, first);
    });
  }

  /** Synchronisation object of a source. */
  syncOf(source: number): number {
    return this.firstSync + source;
  }

  /** An event of the outside world is due; it is no longer pending. */
  happens(event: number): void {
    const { machine } = this.u;
    machine.cpuNow = NONE;
    machine.curthread = NONE;
    if (event === PLANNED) this.planned();
    else if (event < FIRST_ARRIVAL + this.arrivals.length) this.arrive(event - FIRST_ARRIVAL);
    else this.source(event - FIRST_ARRIVAL - this.arrivals.length);
  }

  /** No LWPs arrive any more in a process that ends; returns how many arrival processes that were. */
  cancelArrivals(p: number): number {
    let cancelled = 0;
    this.arrivals.forEach((arrival, index) => {
      if (arrival.process !== p || this.over.has(index)) return;
      this.over.add(index);
      this.events.cancel(FIRST_ARRIVAL + index);
      cancelled++;
    });
    return cancelled;
  }

  private scheduleTimed(): void {
    const next = this.timed[this.nextTimed];
    if (next !== undefined) this.events.schedule(PLANNED, next.timeNs);
  }

  private planned(): void {
    const { failures } = this.u.kernel.context.vm;
    const next = this.timed[this.nextTimed++]!;
    switch (next.event) {
      case 'signal':
        this.signals.send(next.signal, next.target);
        break;
      case 'proc':
        this.signals.proc(next);
        break;
      case 'priocntl':
        this.lives.priocntl(next.change, next.target);
        break;
      case 'fail':
        failures.plant({ call: next.call, error: next.error, nth: next.nth });
        break;
      case 'heal':
        failures.clear();
        break;
      case 'project_shares':
      case 'zone_shares':
        this.projects.happens(next, NONE);
        break;
      case 'newtask':
        this.projects.happens(next, this.lives.processNamed(next.process));
        break;
      default:
        this.cpuEvents.happens(next);
    }
    this.scheduleTimed();
  }

  private arrive(index: number): void {
    const { kernel, machine, random } = this.u;
    const arrival = this.arrivals[index]!;
    const { process } = arrival;
    const number = this.arrived[index]!++;
    const t = this.lives.addLwp(`${arrival.name} ${number}`, process, arrival.program);
    if (number + 1 >= arrival.count) {
      this.over.add(index);
      this.lives.left--;
      this.lives.processes[process]!.unstarted--;
    } else {
      const after = random.duration(this.streams[index]!, arrival.interval);
      this.events.schedule(FIRST_ARRIVAL + index, machine.timeNs + Math.max(1, after));
    }
    this.lives.starting = { name: this.lives.lwps[t]!.name, line: arrival.line };
    kernel.startLwp(t, process, arrival.class, t % kernel.disp.cpus.ncpus, false, arrival.part ?? 0);
    this.lives.starting = null;
  }

  private source(index: number): void {
    const { machine, random } = this.u;
    const { interval } = this.plan.sources![index]!;
    const after = random.duration(this.sourceStreams[index]!, interval);
    const event = FIRST_ARRIVAL + this.arrivals.length + index;
    this.events.schedule(event, machine.timeNs + Math.max(1, after));
    this.sleeps.sourceReady(this.syncOf(index));
  }
}
