/** Over all class vectors: wherever a probe of preemption control fires, the decision is recorded, and nowhere else. */
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DECISION, nameOf } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';
import { worldFor } from './classes-driver.ts';
import { runOperation } from './classes-operations.ts';
import type { ClassesWorld } from './classes-world.ts';
import { VectorArguments } from './vector-arguments.ts';
import { readVector, vectorFiles } from './vector-file.ts';

/** Decision that each probe stands for, by the operation that fires it. */
const OUTCOME_OF: Readonly<Record<string, keyof typeof DECISION>> = {
  'tick schedctl-nopreempt': 'deferredAtTick',
  'tick schedctl-failsafe': 'failsafe',
  'preempt schedctl-nopreempt': 'deferredAtPreempt',
  'preempt schedctl-preempt': 'forced',
  'yield schedctl-yield': 'yielded',
};

interface Recorded {
  readonly outcome: string;
  readonly thread: number;
  readonly timeleft: number;
}

/** Decisions in what was recorded since the last call. */
function takeDecisions(world: ClassesWorld): Recorded[] {
  const { probe } = world.machine;
  const decisions: Recorded[] = [];
  const read = (batch: TransitionBatch): void => {
    const { length, columns } = batch;
    for (let row = 0; row < length; row++) {
      if (columns.kind[row] !== KIND.decision) continue;
      decisions.push({
        outcome: nameOf(DECISION, columns.object[row]!),
        thread: world.threadId(columns.lwp[row]!),
        timeleft: columns.oldValue[row]!,
      });
    }
    probe.giveBack(batch);
  };
  for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) read(batch);
  read(probe.takeLast());
  return decisions;
}

/** Decisions that the probes of an operation stand for. */
function expectedDecisions(world: ClassesWorld, op: string, t: number): Omit<Recorded, 'timeleft'>[] {
  return (world.calls as readonly (readonly (string | number)[])[])
    .filter(([kind, name]) => kind === 'probe' && String(name).startsWith('schedctl-'))
    .map(([, name]) => ({ outcome: OUTCOME_OF[`${op} ${name}`]!, thread: t }));
}

describe('decisions of preemption control', () => {
  const files = ['./classes', './fss-rt'].flatMap((folder) =>
    vectorFiles(fileURLToPath(new URL(folder, import.meta.url))),
  );

  it.each(files.map((file) => [basename(file, '.jsonl'), file]))('go with the probes in %s', (_, file) => {
    const [header, ...lines] = readVector(file);
    const world = worldFor(new VectorArguments(header!, 1));
    lines.forEach((line, index) => {
      if (line.assert !== undefined) return;
      runOperation(world, line, index + 2);
      const recorded = takeDecisions(world);
      const skipped = recorded.filter(({ outcome }) => outcome === 'updateSkipped');
      expect(line.op === 'update' || skipped.length === 0).toBe(true);
      const decided = recorded.filter((decision) => !skipped.includes(decision));
      expect(
        decided.map(({ outcome, thread }) => ({ outcome, thread })),
        `line ${index + 2}`,
      ).toEqual(expectedDecisions(world, line.op as string, line.t as number));
      for (const { outcome, timeleft } of decided) {
        if (outcome === 'yielded') expect(world.calls).toContainEqual(['probe', 'schedctl-yield', -timeleft]);
      }
    });
  });

  it('include the threads that an update passed over, in the vector about them', () => {
    const [header, ...lines] = readVector(files.find((file) => file.endsWith('update-nopreempt.jsonl'))!);
    const world = worldFor(new VectorArguments(header!, 1));
    const skipped = lines.flatMap((line, index) => {
      runOperation(world, line, index + 2);
      return takeDecisions(world).filter(({ outcome }) => outcome === 'updateSkipped');
    });
    expect(skipped.length).toBeGreaterThan(0);
  });
});
