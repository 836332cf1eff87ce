/**
 * The recent runs of each CPU, to tell which threads had it while another waited. Hot: allocates only for a CPU's first
 * run.
 */
import type { CpuId, LwpId, Ns } from '#shared/base/brands.ts';
import { NONE } from '#shared/base/none.ts';
import type { Observer } from '../observer.ts';
import type { Scene } from './scene.ts';

/** Runs of a CPU that are remembered: what ran before them is not known any more. */
const REMEMBERED = 4096;

class CpuRuns {
  count = 0;
  readonly lwp = new Int32Array(REMEMBERED);
  readonly startNs = new Float64Array(REMEMBERED);
  readonly endNs = new Float64Array(REMEMBERED);
}

export class RecentRuns implements Observer {
  private readonly scene: Scene;
  private readonly cpus: (CpuRuns | undefined)[] = [];

  constructor(scene: Scene) {
    this.scene = scene;
  }

  switched(cpu: CpuId, from: number): void {
    if (from < 0) return;
    const { scene } = this;
    const runs = (this.cpus[cpu] ??= new CpuRuns());
    const at = runs.count++ % REMEMBERED;
    runs.lwp[at] = from;
    runs.startNs[at] = scene.runsSince[cpu]!;
    runs.endNs[at] = scene.nowNs;
  }

  /** LWPs that had a CPU in a time range that ends now, each with its ns, the longest first. */
  since(cpu: CpuId, startNs: Ns): { readonly lwp: LwpId; readonly ns: Ns }[] {
    const { scene } = this;
    const byLwp = new Map<number, number>();
    const add = (lwp: LwpId, fromNs: Ns, toNs: Ns): void => {
      const ns = toNs - Math.max(fromNs, startNs);
      if (ns > 0) byLwp.set(lwp, (byLwp.get(lwp) ?? 0) + ns);
    };
    if (cpu >= 0 && cpu < scene.cpus && scene.runs[cpu]! !== NONE)
      add(scene.runs[cpu]!, scene.runsSince[cpu]!, scene.nowNs);
    const runs = this.cpus[cpu];
    if (runs !== undefined) {
      const oldest = Math.max(0, runs.count - REMEMBERED);
      for (let at = runs.count - 1; at >= oldest && runs.endNs[at % REMEMBERED]! > startNs; at--) {
        add(runs.lwp[at % REMEMBERED]!, runs.startNs[at % REMEMBERED]!, runs.endNs[at % REMEMBERED]!);
      }
    }
    return [...byLwp].map(([lwp, ns]) => ({ lwp, ns })).sort((a, b) => b.ns - a.ns || a.lwp - b.lwp);
  }
}
