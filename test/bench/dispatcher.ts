/**
 * What an operation of the dispatcher costs on a machine of 1 and of 256 CPUs: queues are found, filled and emptied at
 * the same cost however many there are. Only the search for the best CPU (disp_lowpri_cpu) looks at every CPU of the
 * processor set, as the kernel's does, unless it meets an idle one.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { cpu_resched } from '../../src-main/emulator/kernel/disp/cpu-resched.ts';
import { DispFixture } from '../../src-main/emulator/kernel/disp/disp-fixture.ts';
import { disp_lowpri_cpu } from '../../src-main/emulator/kernel/disp/lowpri-cpu.ts';
import { dispdeq, setbackdq } from '../../src-main/emulator/kernel/disp/run-queues.ts';
import { swtch } from '../../src-main/emulator/kernel/disp/swtch.ts';

const CPUS = [1, 256] as const;
const OPERATIONS = 100_000;
const ROUNDS = 8;
/** Between the priorities of the two threads of each CPU, so that the second tops the first. */
const LOW = 20;
const HIGH = 30;

/** A machine whose CPUs all run a thread, and have one that waits. */
class Loaded {
  readonly fixture: DispFixture;
  private readonly spare: number[] = [];
  private cpu = 0;

  constructor(ncpus: number) {
    this.fixture = new DispFixture(ncpus);
    const { d } = this.fixture;
    for (let cpu = 0; cpu < ncpus; cpu++) {
      setbackdq(d, this.fixture.thread(HIGH, cpu));
      this.fixture.on(cpu);
      swtch(d);
      setbackdq(d, this.fixture.thread(LOW, cpu));
      this.spare.push(this.fixture.thread(HIGH, cpu));
    }
  }

  /** Queues a thread on one CPU after the other, and takes it off again. */
  queueAndUnqueue(): void {
    const { d, machine } = this.fixture;
    const t = this.spare[this.next()]!;
    setbackdq(d, t);
    dispdeq(d, t);
    machine.set(KIND.t_state, t, TS.STOPPED, CAUSE.setup);
  }

  /** The thread of one CPU after the other goes to the back of its queue, and is picked again (disp). */
  yieldAndPick(): void {
    const { d, machine } = this.fixture;
    this.fixture.on(this.next());
    setbackdq(d, machine.curthread);
    swtch(d);
  }

  resched(): void {
    const { d, machine } = this.fixture;
    const cpu = this.next();
    cpu_resched(d, cpu, HIGH + 1);
    machine.set(KIND.cpu_runrun, cpu, 0, CAUSE.setup);
  }

  lowpriCpu(): void {
    const cpu = this.next();
    disp_lowpri_cpu(this.fixture.d, cpu, this.spare[cpu]!);
  }

  private next(): number {
    this.cpu = this.cpu + 1 === this.spare.length ? 0 : this.cpu + 1;
    return this.cpu;
  }
}

const KINDS = {
  'setbackdq and dispdeq': 'queueAndUnqueue',
  'setbackdq and swtch (disp)': 'yieldAndPick',
  cpu_resched: 'resched',
  'disp_lowpri_cpu, all busy': 'lowpriCpu',
} as const;

/** Nanoseconds of CPU time of each operation on machines of {@link CPUS}, best of some rounds taken in turn. */
function costs(): readonly { readonly name: string; readonly ns: readonly number[] }[] {
  const machines = CPUS.map((ncpus) => new Loaded(ncpus));
  return Object.entries(KINDS).map(([name, operation]) => {
    const ns = CPUS.map(() => Infinity);
    for (let round = 0; round < ROUNDS; round++) {
      machines.forEach((loaded, index) => {
        const operations = operation === 'lowpriCpu' ? OPERATIONS / 20 : OPERATIONS;
        const start = process.cpuUsage();
        for (let i = 0; i < operations; i++) loaded[operation]();
        const { user, system } = process.cpuUsage(start);
        ns[index] = Math.min(ns[index]!, ((user + system) * 1000) / operations);
        drain(loaded);
        loaded.fixture.pokes = [];
      });
    }
    return { name, ns };
  });
}

function drain(loaded: Loaded): void {
  const { probe } = loaded.fixture.machine;
  for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) probe.giveBack(batch);
}

/** Lines for people: the cost on each machine, and how many times more on the large one. */
export function dispatcherTable(): string[] {
  return costs().map(({ name, ns }) => {
    const each = ns.map((value, index) => `${value.toFixed(0).padStart(6)} ns on ${CPUS[index]} CPUs`);
    return `${name.padEnd(28)}${each.join(', ')}: ${(ns[1]! / ns[0]!).toFixed(2)} times`;
  });
}
