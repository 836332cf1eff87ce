/** A dispatcher without the rest of the kernel, for tests. */
import { CAUSE } from '#shared/model/causes.ts';
import { CID, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { Machine } from '../../machine.ts';
import { ContextOperations } from '../context/ctxops.ts';
import { DispContext, type CpuSignals } from './disp-context.ts';

export class DispFixture {
  readonly machine = new Machine(new TransitionProbe());
  readonly d: DispContext;
  /** CPUs that were poked, in order. */
  pokes: number[] = [];
  threads = 0;
  private readonly ctx = new ContextOperations();

  constructor(ncpus: number, signals: Partial<CpuSignals> = {}) {
    this.d = new DispContext(
      this.machine,
      ncpus,
      this.ctx,
      {
        poke_cpu: (cpu) => this.pokes.push(cpu),
        disp_enq_thread: () => undefined,
        switchedOut: () => undefined,
        switchedIn: () => undefined,
        idles: () => undefined,
        ...signals,
      },
      {
        CL_PREEMPT: () => undefined,
        forEachThread: (visit) => {
          for (let t = 0; t < this.threads; t++) visit(t);
        },
        start_cpus: () => undefined,
        fss_changepset: () => undefined,
      },
    );
  }

  /** A stopped thread of this priority whose CPU is `cpu`, and which left it `away` ticks ago. */
  thread(pri: number, cpu: number, away = 0): number {
    const { machine } = this;
    const t = this.threads++;
    machine.ensure('lwp', t);
    this.d.ensureLwp(t);
    this.ctx.ensureLwp(t);
    machine.set(KIND.t_state, t, TS.STOPPED, CAUSE.setup);
    machine.set(KIND.t_cid, t, CID.TS, CAUSE.setup);
    machine.set(KIND.t_pri, t, pri, CAUSE.setup);
    machine.set(KIND.t_cpu, t, cpu, CAUSE.setup);
    machine.set(KIND.t_disp_time, t, machine.get(KIND.lbolt, 0) - away, CAUSE.setup);
    return t;
  }

  /** The code that follows is executed by `cpu`, on behalf of the thread that it runs. */
  on(cpu: number): void {
    this.machine.cpuNow = cpu;
    this.machine.curthread = this.d.cpu_thread[cpu]!;
  }
}
