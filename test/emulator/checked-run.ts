/**
 * A run of the emulator that is looked at all the way: the invariants of the machine, no CPU idle beside a thread that
 * it may run, and that its rows rebuild the same machine.
 */
import { WorkbenchError } from '#shared/base/errors.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { Emulator } from '#main/emulator/engine/emulator.ts';
import type { ScenarioPlan, StepPlan } from '#main/emulator/plan.ts';
import { idleBesideWork, WaitTimes } from './idle-cpus.ts';
import { brokenInvariants } from './machine-invariants.ts';

export interface CheckOptions {
  /** Events between two looks at the invariants; 1: after every one. */
  readonly eventsPerCheck: number;
  readonly durationNs?: number;
}

/** A run is looked at so far: where next to nothing costs time, a scenario may do very much in a millisecond. */
const MOST_ROWS = 100_000;
const MOST_CHECKS = 2_000;
const OTHER_MACHINE = 'the rows rebuild another machine';
/** Between two looks at the digests. */
const CHECKS_PER_DIGEST = 64;

/** Runs a plan and says, with its time, what is first found wrong; '' where nothing is. */
export function firstFault(plan: ScenarioPlan, { eventsPerCheck, durationNs }: CheckOptions): string {
  const probe = new TransitionProbe(512);
  const emulator = new Emulator(plan, { probe, durationNs });
  const { state } = emulator.machine;
  const replayed = new MachineState();
  const waits = new WaitTimes();
  let rows = 0;
  const replay = (batch: TransitionBatch): void => {
    const { kind, lwp, oldValue, newValue, timeNs } = batch.columns;
    for (let row = 0; row < batch.length; row++) {
      waits.row(kind[row]!, lwp[row]!, oldValue[row]!, newValue[row]!, timeNs[row]!);
      replayed.apply(batch.columns, row, ++rows);
    }
    probe.giveBack(batch);
  };
  const replayAll = (): void => {
    for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) replay(batch);
    replay(probe.takeLast());
  };
  /** Of the moment of the last event, which may not be over yet. */
  let left: string[] = [];
  let leftNs = 0;
  for (let checks = 1; ; checks++) {
    let isOver: boolean;
    try {
      isOver = emulator.advance(eventsPerCheck) === 'done';
    } catch (error) {
      if (isRule(error, plan)) {
        // It has ended within an event: only that its rows rebuild the machine can be asked.
        replayAll();
        return replayed.digest() === state.digest() ? '' : `${emulator.timeNs} ns: ${OTHER_MACHINE}`;
      }
      return `${emulator.timeNs} ns: ${error instanceof Error ? error.stack : String(error)}`;
    }
    const at = `${emulator.timeNs} ns`;
    const broken = brokenInvariants(state, plan.cpus);
    if (broken.length > 0) return `${at}: ${broken.join('; ')}`;
    replayAll();
    if (eventsPerCheck === 1) {
      if (emulator.timeNs > leftNs && left.length > 0) return `${leftNs} ns: ${left.join('; ')}`;
      left = idleBesideWork(state, plan.cpus, emulator.timeNs, waits);
      leftNs = emulator.timeNs;
    }
    isOver ||= rows > MOST_ROWS || checks === MOST_CHECKS;
    if (isOver || checks % CHECKS_PER_DIGEST === 0) {
      if (replayed.digest() !== state.digest()) return `${at}: ${OTHER_MACHINE}`;
    }
    if (isOver) return '';
  }
}

/**
 * Whether the run has ended, rightly, by a rule that a random scenario may break: the copy of an LWP that forkall makes
 * gives a process-shared mutex back, which only its original holds.
 */
function isRule(error: unknown, plan: ScenarioPlan): boolean {
  if (!(error instanceof WorkbenchError) || error.code !== 'scenario-rule') return false;
  return /which it does not hold/.test(error.message) && plan.programs.some(({ steps }) => forksAll(steps));
}

function forksAll(steps: readonly StepPlan[]): boolean {
  return steps.some((step) => {
    if (step.op === 'fork') return step.kind === 'forkall';
    if (step.op === 'loop') return forksAll(step.steps);
    return step.op === 'chance' && (forksAll(step.steps) || forksAll(step.otherwise));
  });
}
