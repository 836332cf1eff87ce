import type { Ns, ProcessId } from '#shared/base/brands.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Detector, DetectorContext, Observer } from '../detector.ts';
import { counted } from '../wording.ts';

export const slotsGrow: Detector<'times'> = {
  id: 'slots-grow',
  title: 'Slot pages grow',
  definition: 'Pages of shared structures were added again and again while no more LWPs lived than before.',
  cost: 'Memory: one page each.',
  source: 'schedctl_page_lookup: usr/src/uts/common/os/schedctl.c',
  thresholds: {
    times: {
      unit: 'count',
      value: 2,
      about: 'pages that were added without more LWPs than at the page before',
      source: 'ours',
    },
  },
  needs: ['slots'],
  advice:
    'Structures are not given back: look for LWPs that end without schedctl_exit, or for a leak in the page control.',
  start: (context) => new Pages(context),
};

class Pages implements Observer {
  private readonly context: DetectorContext<'times'>;
  private readonly owner = new Map<number, number>();
  private readonly added: {
    readonly page: number;
    readonly timeNs: Ns;
    readonly pages: number;
    readonly lwps: number;
  }[] = [];

  constructor(context: DetectorContext<'times'>) {
    this.context = context;
  }

  field(kind: number, page: number, process: ProcessId): void {
    if (kind !== KIND.page_process) return;
    if (process < 0) {
      this.owner.delete(page);
      return;
    }
    const isNew = !this.owner.has(page);
    this.owner.set(page, process);
    if (!isNew) return;
    const { scene } = this.context;
    let lwps = 0;
    for (let lwp = 0; lwp < scene.lwps; lwp++) {
      const state = scene.state[lwp]!;
      if (state !== LANE_STATE.exited && state !== LANE_STATE.unknown) lwps++;
    }
    this.added.push({ page, timeNs: scene.nowNs, pages: this.owner.size, lwps });
  }

  finish(): void {
    let most = 0;
    let lwpsAtMost = 0;
    const leaks: typeof this.added = [];
    for (const step of this.added) {
      if (step.pages <= most) continue;
      if (most > 0 && step.lwps <= lwpsAtMost) leaks.push(step);
      most = step.pages;
      lwpsAtMost = Math.max(lwpsAtMost, step.lwps);
    }
    if (leaks.length < this.context.thresholds.times) return;
    this.context.report({
      startNs: leaks[0]!.timeNs,
      endNs: leaks.at(-1)!.timeNs,
      costNs: 0,
      longestNs: 0,
      subjects: leaks.slice(0, 16).map(({ page }) => ({ kind: 'page', id: page, role: 'object' })),
      evidence: leaks
        .slice(0, 16)
        .map(({ timeNs }) => ({ what: 'a page is added', startNs: timeNs, endNs: timeNs })),
      summary: () =>
        `${counted(leaks.length, 'page')} of shared structures were added while no more than ${counted(lwpsAtMost, 'LWP')} lived.`,
    });
  }
}
