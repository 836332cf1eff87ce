/**
 * Programs as flat code: nested steps become instructions with jumps, so that running one needs no stack but
 * the counters of its loops.
 */
import {
  takesTime,
  type CondWaitPlan,
  type DurationPlan,
  type ProcessStepPlan,
  type ProgramPlan,
  type StepPlan,
} from '../plan.ts';

/** Instructions. Loops and branches are compiled away. */
export const OP = {
  /** Compute for durations[a]. */
  compute: 0,
  /** Sleep for durations[a]. */
  sleep: 1,
  /** Lock and unlock lock a. */
  lock: 2,
  unlock: 3,
  schedctl_start: 4,
  schedctl_stop: 5,
  yield: 6,
  /** Record mark a. */
  mark: 7,
  /** Go to a. */
  jump: 8,
  /** Set loop counter b to counts[a]. */
  enterLoop: 9,
  /** Decrement loop counter b; go to a while it is above 0. */
  repeat: 10,
  /** With probability 1 - counts[b], go to a. */
  branch: 11,
  /** The LWP exits. */
  exit: 12,
  /** Create LWPs, fork, send a signal, set the mask: request a. */
  spawn: 13,
  fork: 14,
  send: 15,
  sigmask: 16,
  /** Exec the program a. */
  exec: 17,
  exit_process: 18,
  wait_child: 19,
  sigblock: 20,
  /** Cancel LWP names[a], or look at its structure. */
  cancel: 21,
  look_at: 22,
  cancel_disable: 23,
  cancel_enable: 24,
  /** Wait for source a. */
  await: 25,
  /** A signal handler returns. */
  sigreturn: 26,
  /** Wait for signals or a source, look at an LWP through /proc: request a. */
  sigsuspend: 27,
  sigtimedwait: 28,
  poll: 29,
  proc: 30,
  /** Wait as waits[a] says, up to where the mutex is taken again. */
  cond_wait: 40,
  /** Signal or broadcast to condition a. */
  signal: 41,
  broadcast: 42,
  /** Wait for, or post, semaphore a. */
  sema_wait: 43,
  sema_post: 44,
  /** Ask for the shared structure. */
  schedctl_init: 45,
  /** A call that does nothing. */
  schedctl_exit: 46,
  /** Back from the wait waits[a] with the mutex: where it was cancelled, unlock the mutex and end. */
  cond_cancel: 47,
  /** A loop for ever begins that never blocks and never computes: the run ends here. */
  standstill: 48,
  /** The process goes to project a. */
  newtask: 49,
  /** Set scheduling classes: request a. */
  priocntl: 50,
  /** Touch a page that comes in durations[a]. */
  page_fault: 51,
} as const;

/** Steps that ask for something with more than a number to it. */
export type RequestPlan = Extract<
  ProcessStepPlan,
  { op: 'spawn' | 'fork' | 'send' | 'sigmask' | 'sigsuspend' | 'sigtimedwait' | 'poll' | 'proc' | 'priocntl' }
>;

export class CompiledPrograms {
  readonly op: Uint8Array;
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Line in the scenario of each instruction. */
  readonly line: Int32Array;
  readonly durations: readonly DurationPlan[];
  /** Loop counts and probabilities. */
  readonly counts: readonly number[];
  readonly requests: readonly RequestPlan[];
  /** Names of LWPs that steps refer to. */
  readonly names: readonly string[];
  readonly waits: readonly CondWaitPlan[];
  /** First instruction of each program. */
  readonly entry: readonly number[];
  /** The same of each program as a signal handler, which returns instead of exiting. */
  readonly handlerEntry: readonly number[];
  /** Loops inside loops, at most, of all programs. */
  readonly depth: number;

  constructor(programs: readonly ProgramPlan[]) {
    const code = new Assembler();
    this.entry = programs.map((program) => code.program(program, OP.exit));
    this.handlerEntry = programs.map((program) => code.program(program, OP.sigreturn));
    this.op = Uint8Array.from(code.op);
    this.a = Int32Array.from(code.a);
    this.b = Int32Array.from(code.b);
    this.line = Int32Array.from(code.line);
    this.durations = code.durations;
    this.counts = code.counts;
    this.requests = code.requests;
    this.names = code.names;
    this.waits = code.waits;
    this.depth = code.depth;
  }
}

class Assembler {
  readonly op: number[] = [];
  readonly a: number[] = [];
  readonly b: number[] = [];
  readonly line: number[] = [];
  readonly durations: DurationPlan[] = [];
  readonly counts: number[] = [];
  readonly requests: RequestPlan[] = [];
  readonly names: string[] = [];
  readonly waits: CondWaitPlan[] = [];
  depth = 1;

  program(program: ProgramPlan, last: number): number {
    const entry = this.op.length;
    this.steps(program.steps, 0);
    this.emit(last, program.steps.at(-1)?.line ?? 0);
    return entry;
  }

  private steps(steps: readonly StepPlan[], depth: number): void {
    for (const step of steps) this.step(step, depth);
  }

  private step(step: StepPlan, depth: number): void {
    switch (step.op) {
      case 'compute':
      case 'sleep':
      case 'page_fault':
        this.emit(OP[step.op], step.line, this.durations.push(step.duration) - 1);
        break;
      case 'lock':
      case 'unlock':
        this.emit(OP[step.op], step.line, step.lock);
        break;
      case 'mark':
        this.emit(OP.mark, step.line, step.mark);
        break;
      case 'newtask':
        this.emit(OP.newtask, step.line, step.project);
        break;
      case 'exec':
        this.emit(OP.exec, step.line, step.program);
        break;
      case 'await':
        this.emit(OP.await, step.line, step.source);
        break;
      case 'cancel':
      case 'look_at':
        this.emit(OP[step.op], step.line, this.names.push(step.lwp) - 1);
        break;
      case 'spawn':
      case 'fork':
      case 'send':
      case 'sigmask':
      case 'sigsuspend':
      case 'sigtimedwait':
      case 'poll':
      case 'proc':
      case 'priocntl':
        this.emit(OP[step.op], step.line, this.requests.push(step) - 1);
        break;
      case 'exit':
      case 'exit_process':
      case 'wait_child':
      case 'sigblock':
      case 'cancel_disable':
      case 'cancel_enable':
        this.emit(OP[step.op], step.line);
        break;
      case 'wait':
        this.emit(OP.cond_wait, step.line, this.waits.push(step) - 1);
        this.emit(OP.lock, step.line, step.lock);
        this.emit(OP.cond_cancel, step.line, this.waits.length - 1);
        break;
      case 'signal':
      case 'broadcast':
        this.emit(OP[step.op], step.line, step.condition);
        break;
      case 'sema_wait':
      case 'sema_post':
        this.emit(OP[step.op], step.line, step.semaphore);
        break;
      case 'schedctl_init':
      case 'schedctl_lookup':
        this.emit(OP.schedctl_init, step.line);
        break;
      case 'schedctl_exit':
      case 'schedctl_start':
      case 'schedctl_stop':
      case 'yield':
        this.emit(OP[step.op], step.line);
        break;
      case 'loop':
        this.loop(step, depth);
        break;
      case 'chance': {
        const branch = this.emit(OP.branch, step.line, 0, this.counts.push(step.probability) - 1);
        this.steps(step.steps, depth);
        if (step.otherwise.length === 0) {
          this.a[branch] = this.op.length;
          break;
        }
        const jump = this.emit(OP.jump, step.line);
        this.a[branch] = this.op.length;
        this.steps(step.otherwise, depth);
        this.a[jump] = this.op.length;
      }
    }
  }

  private loop(step: Extract<StepPlan, { op: 'loop' }>, depth: number): void {
    if (step.count === Infinity) {
      if (!takesTime(step.steps)) this.emit(OP.standstill, step.line);
      const start = this.op.length;
      this.steps(step.steps, depth);
      this.emit(OP.jump, step.line, start);
      return;
    }
    this.depth = Math.max(this.depth, depth + 1);
    this.emit(OP.enterLoop, step.line, this.counts.push(step.count) - 1, depth);
    const start = this.op.length;
    this.steps(step.steps, depth + 1);
    this.emit(OP.repeat, step.line, start, depth);
  }

  /** @returns the address of the instruction */
  private emit(op: number, line: number, a = 0, b = 0): number {
    this.a.push(a);
    this.b.push(b);
    this.line.push(line);
    return this.op.push(op) - 1;
  }
}
