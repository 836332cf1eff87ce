import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../base/assert.ts';
import { TS } from './enums.ts';
import { KIND, SLOT_ID_STRIDE } from './kinds.ts';
import { MachineState } from './machine-state.ts';
import { runQueueId, sleepQueueId } from './queues.ts';
import { createBatch } from './transition-batch.ts';

/** Applies readable steps: `[kind, subject id, value]`, or `['t_queue', lwp, queue, after]`. */
function stateAfter(
  ...steps: [kind: keyof typeof KIND, id: number, value: number, after?: number][]
): MachineState {
  const state = new MachineState(true);
  steps.forEach(([kind, id, value, after], i) => {
    if (kind === 't_queue') state.place(id, value, after ?? -1, i + 1);
    else state.assign(KIND[kind], id, value, i + 1);
  });
  return state;
}

describe('fields', () => {
  test('have their initial value before the first transition, whatever the id', () => {
    const state = new MachineState();
    expect(state.read(KIND.t_state, 3)).toBe(0);
    expect(state.read(KIND.t_schedctl, 3)).toBe(-1);
    expect(state.read(KIND.t_schedctl, 1_000_000)).toBe(-1);
  });

  test('hold what the last transition assigned, for the subject of their kind', () => {
    const slot = 2 * SLOT_ID_STRIDE + 7;
    const state = stateAfter(['t_state', 5, TS.RUN], ['sc_nopreempt', slot, 1], ['cpu_runrun', 3, 1]);
    expect(state.read(KIND.t_state, 5)).toBe(TS.RUN);
    expect(state.read(KIND.sc_nopreempt, slot)).toBe(1);
    expect(state.read(KIND.cpu_runrun, 3)).toBe(1);
    expect(state.countOf('lwp')).toBe(6);
  });

  test('remember which row assigned them last, where changes are tracked', () => {
    const state = stateAfter(['t_pri', 0, 29], ['t_pri', 1, 30], ['t_pri', 0, 59]);
    expect(state.changed![KIND.t_pri]![0]).toBe(3);
    expect(state.changed![KIND.t_pri]![1]).toBe(2);
  });

  test('of kinds that were never assigned keep their initial value, however many subjects there are', () => {
    const state = stateAfter(['t_state', 3, TS.RUN], ['t_state', 900, TS.SLEEP]);
    expect(state.columns[KIND.t_pri]!.slice(0, 901)).toEqual(new Int32Array(901));
    expect(state.columns[KIND.t_schedctl]!.slice(0, 901)).toEqual(new Int32Array(901).fill(-1));
    state.assign(KIND.t_pri, 900, 59, 3);
    expect(state.columns[KIND.t_pri]![900]).toBe(59);
    expect(state.columns[KIND.ts_timeleft]![900]).toBe(0);
    expect(state.changed![KIND.ts_timeleft]![900]).toBe(0);
  });

  test('of a kind that is a note change nothing', () => {
    const state = stateAfter(['t_pri', 0, 29]);
    const before = state.digest();
    const { columns } = createBatch(1);
    columns.kind[0] = KIND.decision;
    columns.object[0] = 5;
    columns.newValue[0] = -2;
    state.apply(columns, 0, 2);
    expect(state.digest()).toBe(before);
  });
});

describe('queues', () => {
  const queue = runQueueId(1, 59);

  test('keep the order in which their members were placed', () => {
    const state = stateAfter(
      ['t_queue', 4, queue],
      ['t_queue', 2, queue, 4],
      ['t_queue', 9, queue],
      ['t_queue', 1, queue, 4],
    );
    expect(state.queueMembers(queue)).toEqual([9, 4, 1, 2]);
    expect(state.queueTail(queue)).toBe(2);
  });

  test('close up when a member leaves, at the head, the middle and the tail', () => {
    const state = stateAfter(
      ['t_queue', 1, queue],
      ['t_queue', 2, queue, 1],
      ['t_queue', 3, queue, 2],
      ['t_queue', 4, queue, 3],
    );
    for (const lwp of [1, 3, 4]) state.removeFromQueue(lwp);
    expect(state.queueMembers(queue)).toEqual([2]);
    state.removeFromQueue(2);
    expect([state.queueHead(queue), state.queueTail(queue)]).toEqual([-1, -1]);
  });

  test('differ in their digest when only their order differs', () => {
    const one = stateAfter(['t_queue', 1, queue], ['t_queue', 2, queue, 1]);
    const other = stateAfter(['t_queue', 2, queue], ['t_queue', 1, queue, 2]);
    expect(one.digest()).not.toBe(other.digest());
  });

  test('refuse a neighbour that is not on them', () => {
    expect(() => stateAfter(['t_queue', 1, queue, 7])).toThrow(InvariantError);
  });
});

test('an id that no machine can have is refused instead of allocated', () => {
  const state = new MachineState();
  expect(() => state.assign(KIND.t_pri, 2 ** 30, 1, 1)).toThrow(InvariantError);
  expect(() => state.assign(KIND.t_pri, -1, 1, 1)).toThrow(InvariantError);
});

test('a state of random transitions survives a round trip through its serial form', () => {
  const lwp = fc.integer({ min: 0, max: 40 });
  const step = fc.oneof(
    fc.record({
      kind: fc.constantFrom(KIND.t_pri, KIND.t_schedctl, KIND.ts_timeleft),
      id: lwp,
      value: fc.integer({ min: -300, max: 300 }),
    }),
    fc.record({
      kind: fc.constantFrom(KIND.sc_cpu, KIND.sc_state),
      id: fc.integer({ min: 0, max: 1200 }),
      value: fc.integer({ min: -1, max: 64 }),
    }),
    fc.record({
      kind: fc.constant(KIND.t_queue),
      id: lwp,
      value: fc.constantFrom(runQueueId(0, 3), runQueueId(2, 59), sleepQueueId(5), -1),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const state = new MachineState(true);
      steps.forEach(({ kind, id, value }, i) => {
        if (kind !== KIND.t_queue) {
          state.assign(kind, id, value, i + 1);
          return;
        }
        const tail = value === -1 ? -1 : state.queueTail(value);
        state.place(id, value, tail === id ? state.previousOnQueue(id) : tail, i + 1);
      });
      const copy = MachineState.deserialize(state.serialize());
      expect(copy.digest()).toBe(state.digest());
      expect(copy.serialize()).toEqual(state.serialize());
      for (const queue of [runQueueId(0, 3), runQueueId(2, 59), sleepQueueId(5)]) {
        expect(copy.queueMembers(queue)).toEqual(state.queueMembers(queue));
      }
    }),
  );
});
