/**
 * What can be told about a program without running it: locks taken twice or released without being held, and
 * loops in which no virtual time need ever pass.
 *
 * Lock sets are followed through branches as "may be held" (an unlock outside it is surely wrong) and "must be
 * held" (a lock inside it is a thread waiting for itself). A loop's body is walked again where the first
 * round leaves other locks held than it found. What depends on the run is left to the run.
 */
import { takesTime, type StepPlan } from '../emulator/plan.ts';

export interface ProgramProblem {
  readonly line: number;
  readonly message: string;
}

interface Held {
  readonly may: ReadonlySet<number>;
  readonly must: ReadonlySet<number>;
}

/** Problems of one program, without repetitions. `lockNames` by lock index. */
export function checkProgram(steps: readonly StepPlan[], lockNames: readonly string[]): ProgramProblem[] {
  const problems = new Map<string, ProgramProblem>();
  const report = (line: number, message: string) => problems.set(`${line}:${message}`, { line, message });
  walk(steps, { may: new Set(), must: new Set() }, lockNames, report);
  checkLoops(steps, report);
  return [...problems.values()];
}

type Report = (line: number, message: string) => void;

function walk(steps: readonly StepPlan[], start: Held, lockNames: readonly string[], report: Report): Held {
  let held = start;
  for (const step of steps) {
    switch (step.op) {
      case 'lock': {
        if (held.must.has(step.lock)) {
          report(
            step.line,
            `found lock of "${lockNames[step.lock]}", which the program holds already: it would wait for itself; expected an unlock before`,
          );
        }
        held = { may: new Set(held.may).add(step.lock), must: new Set(held.must).add(step.lock) };
        break;
      }
      case 'unlock': {
        if (!held.may.has(step.lock)) {
          report(
            step.line,
            `found unlock of "${lockNames[step.lock]}", which the program does not hold; expected a lock before`,
          );
        }
        held = { may: without(held.may, step.lock), must: without(held.must, step.lock) };
        break;
      }
      case 'wait': {
        if (!held.may.has(step.lock)) {
          report(
            step.line,
            `found a wait with "${lockNames[step.lock]}", which the program does not hold; expected a lock before`,
          );
        }
        break;
      }
      case 'loop': {
        const once = walk(step.steps, held, lockNames, report);
        held = step.count > 1 && !same(once, held) ? walk(step.steps, once, lockNames, report) : once;
        break;
      }
      case 'chance': {
        const taken = walk(step.steps, held, lockNames, report);
        const not = walk(step.otherwise, held, lockNames, report);
        held = {
          may: new Set([...taken.may, ...not.may]),
          must: new Set([...taken.must].filter((lock) => not.must.has(lock))),
        };
        break;
      }
      default:
    }
  }
  return held;
}

function same(a: Held, b: Held): boolean {
  return equal(a.may, b.may) && equal(a.must, b.must);
}

function equal(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && [...a].every((lock) => b.has(lock));
}

function without(set: ReadonlySet<number>, lock: number): ReadonlySet<number> {
  const rest = new Set(set);
  rest.delete(lock);
  return rest;
}

function checkLoops(steps: readonly StepPlan[], report: Report): void {
  for (const step of steps) {
    if (step.op === 'loop') {
      if (step.count === Infinity && !takesTime(step.steps)) {
        report(
          step.line,
          'found a loop for ever that never blocks and never computes; expected a compute or a sleep in it that takes time',
        );
      }
      checkLoops(step.steps, report);
    } else if (step.op === 'chance') {
      checkLoops(step.steps, report);
      checkLoops(step.otherwise, report);
    }
  }
}
