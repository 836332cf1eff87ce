import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import { Durations } from '../track/durations.ts';
import { RecentRuns } from '../track/recent-runs.ts';
import { isOnCpu } from '../track/scene.ts';
import { counted, durationText } from '../wording.ts';
import { lwpEvidence } from './hold-evidence.ts';

type Names = 'latency' | 'wakeups';

export const lateRun: Detector<Names> = {
  id: 'late-run',
  title: 'Woken and run late',
  definition:
    'A thread waited longer than the threshold from being woken to running; or so did one in a hundred of its wake-ups, of at least as many as the threshold says.',
  cost: 'The time from the wake-up to the run.',
  source: "runqslower's default; scxtop",
  thresholds: {
    latency: {
      unit: 'ns',
      value: 10_000_000,
      about: 'time from the wake-up to the run, or its 99th percentile',
      source: 'runqslower',
    },
    wakeups: { unit: 'count', value: 100, about: 'wake-ups of a thread for a percentile', source: 'ours' },
  },
  needs: ['switches', 'wakeups'],
  advice:
    'Look at what ran meanwhile: give that a lower priority or other CPUs, or this thread a better priority.',
  start: (context) => new LateRuns(context),
};

interface Late {
  readonly wokenNs: Ns;
  readonly runNs: Ns;
  readonly cpu: CpuId;
  /** LWP that had the CPU for most of it, -1 where none did. */
  readonly runner: number;
}

class LateRuns implements Observer {
  private readonly context: DetectorContext<Names>;
  private readonly runs: RecentRuns;
  /** By LWP. */
  private readonly latencies: (Durations | undefined)[] = [];
  private readonly late: (Late[] | undefined)[] = [];

  constructor(context: DetectorContext<Names>) {
    this.context = context;
    this.runs = new RecentRuns(context.scene);
  }

  switched(cpu: CpuId, from: number): void {
    this.runs.switched(cpu, from);
  }

  interval(lwp: LwpId, _state: number, _startNs: Ns, cpu: CpuId, next: number): void {
    const { scene } = this.context;
    const wokenNs = scene.wokenNs[lwp]!;
    if (wokenNs < 0 || !isOnCpu(next)) return;
    const ns = scene.nowNs - wokenNs;
    (this.latencies[lwp] ??= new Durations()).add(ns);
    if (ns > this.context.thresholds.latency) this.note(lwp, wokenNs, cpu);
  }

  finish(): void {
    const { scene, thresholds } = this.context;
    for (let lwp = 0; lwp < scene.lwps; lwp++) {
      const wokenNs = scene.wokenNs[lwp]!;
      // Woken, and never run.
      if (wokenNs >= 0 && scene.nowNs - wokenNs > thresholds.latency)
        this.note(lwp, wokenNs, scene.cpu[lwp]!);
      const late = this.late[lwp];
      if (late === undefined) continue;
      const latencies = this.latencies[lwp];
      const p99 = latencies?.quantile(0.99) ?? 0;
      if (latencies !== undefined && latencies.count >= thresholds.wakeups && p99 > thresholds.latency) {
        this.report(
          lwp,
          late,
          `in one of a hundred of ${counted(latencies.count, 'wake-up')} after ${durationText(p99)} or more`,
        );
      } else
        for (const one of late)
          this.report(lwp, [one], `${durationText(one.runNs - one.wokenNs)} after it was woken`);
    }
  }

  private note(lwp: LwpId, wokenNs: Ns, cpu: CpuId): void {
    const runner = this.runs.since(cpu, wokenNs).find((ran) => ran.lwp !== lwp)?.lwp ?? -1;
    (this.late[lwp] ??= []).push({ wokenNs, runNs: this.context.scene.nowNs, cpu, runner });
  }

  private report(lwp: LwpId, late: readonly Late[], when: string): void {
    const runners = mostOften(late.map(({ runner }) => runner).filter((runner) => runner >= 0));
    const [runner] = runners;
    const finding = this.context.report({
      startNs: late[0]!.wokenNs,
      endNs: late.at(-1)!.runNs,
      subjects: [
        ...runners.slice(0, 4).map((id) => ({ kind: 'lwp', id, role: 'cause' }) as const),
        { kind: 'lwp', id: lwp, role: 'victim' },
      ],
      evidence: late
        .toSorted((a, b) => b.runNs - b.wokenNs - (a.runNs - a.wokenNs))
        .slice(0, 16)
        .map(({ wokenNs, runNs }) => lwpEvidence(lwp, 'woken, and waits for a CPU', wokenNs, runNs)),
      summary: (names) =>
        `${names.lwp(lwp)} ran only ${when}${runner === undefined ? '' : `: ${names.lwp(runner)} had the CPU`}.`,
    });
    for (const { wokenNs, runNs } of late) this.context.claim(finding, lwp, wokenNs, runNs, 0);
  }
}

/** Distinct values, the most frequent first. */
function mostOften(values: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([value]) => value);
}
