import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import type { Hold } from '../track/hold.ts';
import { isRunnable } from '../track/scene.ts';
import { durationText } from '../wording.ts';
import { lockEvidence, lwpEvidence, subjectsOf, waitedText, worstFirst } from './hold-evidence.ts';

export const priorityInversion: Detector = {
  id: 'priority-inversion',
  title: 'Priority inversion',
  definition:
    'A thread of better priority waited for a lock whose holder was runnable, while a thread of a priority between the two ran on the CPU that the holder had.',
  cost: 'The time that all three overlap.',
  source: 'Sha, Rajkumar, Lehoczky, Priority inheritance protocols, 1990',
  thresholds: {},
  needs: ['switches', 'lockHolds', 'lockWaits', 'priorities'],
  advice:
    'Use a mutex with priority inheritance (PTHREAD_PRIO_INHERIT), ask for preemption control around the section, or give the holder a better priority.',
  start: (context) => new Inversions(context),
};

/** Time of a waiter that a thread between the two had the CPU. */
interface Overlap {
  readonly waiter: number;
  readonly between: number;
  readonly startNs: Ns;
  readonly endNs: Ns;
}

class Inversions implements Observer {
  private readonly context: DetectorContext;
  /** Holders that are runnable and off their CPU. */
  private readonly off = new Set<number>();
  /** By holder: up to when its time off the CPU has been looked at. */
  private readonly seenNs: Ns[] = [];
  /** By lock. */
  private readonly overlaps: (Overlap[] | undefined)[] = [];

  constructor(context: DetectorContext) {
    this.context = context;
  }

  interval(lwp: LwpId, state: number, _startNs: Ns, _cpu: number, next: number): void {
    const { scene, tracker } = this.context;
    if (isRunnable(state) && this.off.has(lwp)) {
      this.look(lwp);
      if (!isRunnable(next)) this.off.delete(lwp);
    } else if (isRunnable(next) && tracker.held(lwp).length > 0) {
      this.off.add(lwp);
      this.seenNs[lwp] = scene.nowNs;
    }
  }

  switched(cpu: CpuId): void {
    if (this.off.size === 0) return;
    for (const holder of this.off) if (this.context.scene.cpu[holder] === cpu) this.look(holder);
  }

  field(_kind: number, subject: number): void {
    // Priorities change while they wait, too.
    if (this.off.size > 0 && this.context.scene.lwps > subject)
      for (const holder of this.off) this.look(holder);
  }

  waitEnded(): void {
    if (this.off.size > 0) for (const holder of this.off) this.look(holder);
  }

  holdEnded({ lock, lwp, startNs, endNs }: Hold): void {
    const overlaps = this.overlaps[lock];
    if (overlaps === undefined) return;
    this.overlaps[lock] = undefined;
    const waited = new Map<number, number>();
    const ran = new Map<number, number>();
    for (const { waiter, between, startNs: from, endNs: to } of overlaps) {
      waited.set(waiter, (waited.get(waiter) ?? 0) + to - from);
      ran.set(between, (ran.get(between) ?? 0) + to - from);
    }
    const victims = worstFirst(waited);
    const between = worstFirst(ran).map((one) => one.lwp);
    const fromNs = overlaps[0]!.startNs;
    const toNs = overlaps.at(-1)!.endNs;
    const finding = this.context.report({
      startNs: fromNs,
      endNs: toNs,
      subjects: subjectsOf(lock, [...between.slice(0, 4), lwp], victims),
      evidence: [
        lockEvidence(lock, 'held', startNs, endNs),
        lwpEvidence(lwp, 'holds the lock, and has no CPU', fromNs, toNs),
        ...between
          .slice(0, 4)
          .map((one) => lwpEvidence(one, 'runs, with a priority between the two', fromNs, toNs)),
        ...victims
          .slice(0, 8)
          .map((one) => lwpEvidence(one.lwp, 'waits, with a better priority', fromNs, toNs)),
      ],
      summary: (names, costNs) =>
        `${names.lwp(between[0]!)} ran before ${names.lwp(lwp)}, which held ${names.lock(lock)} for threads of better priority than either: ${waitedText(victims.length, costNs)}, ${durationText(toNs - fromNs)} long.`,
    });
    for (const { waiter, startNs: from, endNs: to } of overlaps)
      this.context.claim(finding, waiter, from, to, 0);
  }

  /** Adds the time up to now, in which running threads, waiting threads and their priorities have not changed. */
  private look(holder: number): void {
    const { scene, tracker } = this.context;
    const sinceNs = this.seenNs[holder]!;
    const { nowNs } = scene;
    if (nowNs <= sinceNs) return;
    this.seenNs[holder] = nowNs;
    const cpu = scene.cpu[holder]!;
    const runner = cpu >= 0 && cpu < scene.cpus ? scene.runs[cpu]! : -1;
    if (runner < 0) return;
    const low = scene.priority[holder]!;
    const middle = scene.priority[runner]!;
    if (!(middle > low)) return;
    for (const hold of tracker.held(holder)) {
      for (const waiter of tracker.lock(hold.lock)?.waiters ?? []) {
        const startNs = Math.max(sinceNs, scene.wantsSince[waiter]!);
        if (!(scene.priority[waiter]! > middle) || startNs >= nowNs) continue;
        (this.overlaps[hold.lock] ??= []).push({ waiter, between: runner, startNs, endNs: nowNs });
      }
    }
  }
}
