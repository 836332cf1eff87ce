/**
 * Which processes of a plan use which synchronisation objects: one that several use lies in memory that they share, one
 * of a single process in its own.
 */
import type { ScenarioPlan, StepPlan } from './plan.ts';

/**
 * By synchronisation object ({@link ScenarioPlan.locks}), the processes whose LWPs may come to use it, in order. What
 * children of a process do counts as done by the process: they begin with its memory.
 */
export function usersOfObjects(plan: ScenarioPlan): number[][] {
  const users = plan.locks.map((): number[] => []);
  plan.processes.forEach((process, p) => {
    const programs = new Set<number>();
    const add = (program: number): void => {
      if (programs.has(program)) return;
      programs.add(program);
      follow(plan.programs[program]!.steps, add);
    };
    for (const lwp of plan.lwps) if (lwp.process === p) add(lwp.program);
    for (const arrival of plan.arrivals ?? []) if (arrival.process === p) add(arrival.program);
    for (const { handler } of process.signals ?? []) if (handler !== null) add(handler);
    const used = new Set<number>();
    for (const program of programs) collect(plan.programs[program]!.steps, used);
    for (const index of used) users[index]!.push(p);
  });
  return users;
}

/** Calls `add` with every program that the steps lead to. */
function follow(steps: readonly StepPlan[], add: (program: number) => void): void {
  for (const step of steps) {
    switch (step.op) {
      case 'spawn':
      case 'exec':
        add(step.program);
        break;
      case 'fork':
        add(step.program);
        if (step.siblings !== null) add(step.siblings);
        break;
      case 'loop':
        follow(step.steps, add);
        break;
      case 'chance':
        follow(step.steps, add);
        follow(step.otherwise, add);
        break;
      default:
    }
  }
}

function collect(steps: readonly StepPlan[], used: Set<number>): void {
  for (const step of steps) {
    switch (step.op) {
      case 'lock':
      case 'unlock':
        used.add(step.lock);
        break;
      case 'wait':
        used.add(step.condition).add(step.lock);
        break;
      case 'signal':
      case 'broadcast':
        used.add(step.condition);
        break;
      case 'sema_wait':
      case 'sema_post':
        used.add(step.semaphore);
        break;
      case 'loop':
        collect(step.steps, used);
        break;
      case 'chance':
        collect(step.steps, used);
        collect(step.otherwise, used);
        break;
      default:
    }
  }
}
