/**
 * Lines of schedctl.d to events.
 *
 * Off-cpu is the switch: it names both threads, and the state in which the one leaves. SRUN there means
 * preempted where the probe `preempt` had announced it, else that the thread yielded (as public scripts pair
 * them, such as whopreempt.d).
 *
 * schedctl-nopreempt fires in two places. Which one is told by the function that the probe stands in (the
 * built-in variable probefunc): `*_tick` lets the thread run on, `*_preempt` switches but puts it in front.
 * Where the function is not known, a `preempt` of the same thread just before it tells.
 *
 * The request and its end are stores of the program: a window begins with the first deferral, and ends with
 * the yield that answers it, with a revocation, or not at all.
 */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import { CAUSE, type CauseName } from '#shared/model/causes.ts';
import { CID, DECISION } from '#shared/model/enums.ts';
import { UNKNOWN_VALUE, KIND } from '#shared/model/kinds.ts';
import type { ReaderContext, ReaderFacts } from '../format.ts';
import { EventLineReader, stampOf } from '../event-lines/event-line-reader.ts';
import { LEAVE, type Leave } from '../scheduler-model/leave.ts';
import { NumberedThreads } from '../scheduler-model/numbered-threads.ts';
import { NO_TASK, SchedulerModel } from '../scheduler-model/scheduler-model.ts';
import { parseLine, type ScriptLine } from './line.ts';

/** pr_state (proc(5)) of a thread that leaves its CPU. */
const LEAVE_OF_STATE: Readonly<Record<string, Leave>> = {
  1: LEAVE.interruptible,
  2: LEAVE.runnable,
  3: LEAVE.dead,
  4: LEAVE.stopped,
  7: LEAVE.uninterruptible,
};
const DROPS =
  /^dtrace: (\d{1,12}) (?:dynamic variable |aggregation |speculative )?drops?(?: on CPU (\d{1,5}))?/;
/** An event that a probe could not tell, or the end of the tracing. */
const FAILED = /^dtrace: (?:error on|processing aborted|failed)/;
const OTHER = /^(?:dtrace: |\s*CPU\s+ID\s+FUNCTION:NAME|\^C|\s*$)/;
const IDLE_TID = 0;
const IDLE_PRIORITY = -1;
const SLOT_BYTES = 16;
const PAGE_MASK = 0xfffn;
/** User addresses end well below; a trace keeps addresses as numbers. */
const MAX_ADDRESS = BigInt(Number.MAX_SAFE_INTEGER);
const MAX_TICKS_OVER = 1_000_000;
const NS_PER_SECOND = 1e9;
const IMPOSSIBLE = 'its CPU or thread number is impossible';

export class DtraceReader extends EventLineReader {
  private readonly threads: NumberedThreads;
  /** Classes told so far, by thread id. */
  private readonly classes = new Map<number, string>();
  /** Thread ids whose preemption is announced, until they leave their CPU or stay on it. */
  private readonly preempting = new Set<number>();
  /** Thread ids whose request has been deferred and not ended. */
  private readonly deferred = new Set<number>();
  private tickNs: Ns | null = null;
  private placesGuessed = 0;

  constructor(context: ReaderContext) {
    super(context);
    this.threads = new NumberedThreads(context.model);
  }

  override finish(): ReaderFacts {
    return { ...super.finish(), clock: 'nanoseconds since boot (timestamp of DTrace)', tickNs: this.tickNs };
  }

  protected override warnings(): string[] {
    const warnings = [
      'A program asks not to be preempted, and withdraws it, without the kernel: a request shows from the first time ' +
        'that the kernel deferred to it until the yield that answers it, and one that nothing came of not at all.',
    ];
    if (this.placesGuessed > 0) {
      warnings.push(
        `${this.placesGuessed} schedctl-nopreempt lines do not say in which function they fired: they count as those of ` +
          'the preempt routine where a preemption of the same thread was announced just before, else as those of the tick.',
      );
    }
    return warnings;
  }

  protected read(text: string, bytes: Buffer, start: number, number: number): string | null {
    const line = parseLine(text);
    if (typeof line === 'string') {
      const drops = DROPS.exec(text);
      if (drops !== null) this.drop(Number(drops[1]), drops[2], number);
      if (drops === null && FAILED.test(text)) return 'DTrace says that it failed there';
      return drops !== null || OTHER.test(text) ? null : line;
    }
    const stamp = stampOf(line.time, null, start + line.timeAt, start + line.timeAt + line.time.length);
    const isIdle = line.priority === IDLE_PRIORITY && line.pid === 0;
    const tid = isIdle ? IDLE_TID : this.tidOf(line.pid, line.lwp, line.address);
    if (tid < 0) return IMPOSSIBLE;
    const current = isCurrent(line.event) ? tid : NO_TASK;
    const reason =
      line.event === 'sleep'
        ? this.beginUnused(line.event, stamp, bytes, line.cpu, current)
        : this.begin(line.event, stamp, bytes, line.cpu, current);
    if (reason !== null) return reason;
    const lwp = isIdle ? -1 : this.describe(line, tid);
    return this.tell(line, tid, lwp);
  }

  private tell(line: ScriptLine, tid: number, lwp: LwpId): string | null {
    const { model } = this;
    const [first = '', second = ''] = line.more;
    switch (line.event) {
      case 'begin': {
        const hz = Number(first);
        if (hz > 0 && hz <= MAX_TICKS_OVER) this.tickNs = NS_PER_SECOND / hz;
        model.other();
        return null;
      }
      case 'off-cpu':
        return this.offCpu(line, tid, lwp);
      case 'preempt':
        this.preempting.add(tid);
        model.other();
        return null;
      case 'remain-cpu':
        this.preempting.delete(tid);
        model.other();
        return null;
      case 'enqueue':
      case 'dequeue': {
        const queue = Number(first);
        if (line.event === 'enqueue' && queue >= 0 && SchedulerModel.holdsCpu(queue))
          model.migrated(lwp, queue);
        else model.other();
        return null;
      }
      case 'wakeup':
        model.wakingUnknown(lwp, -1);
        return null;
      case 'change-pri':
        model.priorityChanged(lwp, Number(first));
        return null;
      case 'schedctl-nopreempt': {
        this.deferred.add(tid);
        const isPreempt = this.isPreemptPlace(first, tid);
        const outcome = isPreempt ? DECISION.deferredAtPreempt : DECISION.deferredAtTick;
        model.decided(
          lwp,
          outcome,
          UNKNOWN_VALUE,
          causeOf(first, line.class, isPreempt ? 'preempt' : 'tick'),
        );
        return null;
      }
      case 'schedctl-preempt':
        this.deferred.delete(tid);
        model.decided(lwp, DECISION.forced, UNKNOWN_VALUE, causeOf(first, line.class, 'preempt'));
        return null;
      case 'schedctl-failsafe':
        model.decided(lwp, DECISION.failsafe, UNKNOWN_VALUE, causeOf(first, line.class, 'tick'));
        return null;
      case 'schedctl-yield': {
        // illumos passes the ticks; where another system passes a thread, its address is no number of ticks.
        const ticks = Number(first);
        const timeleft = ticks >= 0 && ticks <= MAX_TICKS_OVER ? 0 - ticks : UNKNOWN_VALUE;
        model.decided(lwp, DECISION.yielded, timeleft, causeOf(second, line.class, 'yield'));
        this.answered(tid, lwp);
        return null;
      }
      case 'slot': {
        const address = BigInt(`0x${/^[0-9a-f]{1,16}$/.test(first) ? first : '0'}`);
        if (address === 0n || address > MAX_ADDRESS || address % BigInt(SLOT_BYTES) !== 0n) {
          return 'its slot has no user address that a slot can have';
        }
        const page = model.slots.page(String(line.pid), Number(address & ~PAGE_MASK));
        model.slotAllocated(lwp, page, Number(address & PAGE_MASK) / SLOT_BYTES);
        return null;
      }
      case 'exit':
        model.exited(lwp, false);
        return null;
      default:
        model.other();
        return null;
    }
  }

  private offCpu(line: ScriptLine, tid: number, lwp: LwpId): string | null {
    const { model } = this;
    const [state, , pid, number, address = '', priority] = line.more;
    const isNextIdle = Number(priority) === IDLE_PRIORITY && Number(pid) === 0;
    const next = isNextIdle ? IDLE_TID : this.tidOf(Number(pid), Number(number), address);
    if (!(next >= 0)) return IMPOSSIBLE;
    const leave = LEAVE_OF_STATE[state!] ?? LEAVE.unknown;
    const announced = this.preempting.delete(tid);
    if (leave === LEAVE.runnable) {
      model.yields(!announced);
      if (!announced) this.answered(tid, lwp);
    }
    if (leave === LEAVE.dead) this.deferred.delete(tid);
    if (!isNextIdle) this.threads.introduce(next, Number(pid), Number(number));
    model.switched(lwp, leave, line.priority, model.thread(next), Number(priority));
    return null;
  }

  /** The thread yields: that answers a request that the kernel had deferred to. */
  private answered(tid: number, lwp: LwpId): void {
    if (this.deferred.delete(tid)) this.model.requestEnded(lwp, CAUSE.yield);
  }

  private isPreemptPlace(place: string, tid: number): boolean {
    if (place.endsWith('_preempt')) return true;
    if (place.endsWith('_tick')) return false;
    this.placesGuessed++;
    return this.preempting.has(tid);
  }

  /** The kernel's own threads have the numbers 0/0 alike: their addresses tell them apart. */
  private tidOf(pid: number, lwp: LwpId, address: string): number {
    if (!Number.isInteger(pid) || !Number.isInteger(lwp) || pid < 0) return -1;
    return this.threads.id(pid, pid === 0 ? `${lwp}:${address}` : String(lwp));
  }

  private describe(line: ScriptLine, tid: number): number {
    const name = line.pid === 0 ? `${line.name} ${line.address}` : `${line.name}/${line.lwp}`;
    const lwp = this.threads.describe(tid, line.pid, line.lwp, line.name, name);
    if (this.classes.get(tid) !== line.class) {
      this.classes.set(tid, line.class);
      const cid = CID[line.class as keyof typeof CID];
      if (cid !== undefined) this.model.assigned(lwp, KIND.t_cid, cid, CAUSE.import_marker);
    }
    return lwp;
  }

  private drop(events: number, cpu: string | undefined, number: number): void {
    if (cpu !== undefined && SchedulerModel.holdsCpu(Number(cpu)))
      this.model.lost(Number(cpu), events, number);
    else this.model.lostSomewhere(events, number);
  }
}

/** Events that are about the thread on the CPU where they fire. */
const CURRENT: ReadonlySet<string> = new Set([
  'begin',
  'on-cpu',
  'off-cpu',
  'preempt',
  'remain-cpu',
  'sleep',
  'schedctl-yield',
  'slot',
  'exit',
]);
const isCurrent = (event: string): boolean => CURRENT.has(event);

/** The function that decided; by the thread's class where the line does not name one that is known. */
function causeOf(place: string, className: string, what: 'tick' | 'preempt' | 'yield'): number {
  if (place in CAUSE && place.endsWith(`_${what}`)) return CAUSE[place as CauseName];
  const prefix = className === 'FX' ? 'fx' : className === 'FSS' ? 'fss' : 'ts';
  return CAUSE[`${prefix}_${what}`];
}
