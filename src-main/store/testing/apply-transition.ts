import type { Seq } from '#shared/base/brands.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import { createBatch, setTransition, type Transition } from '#shared/model/transition-batch.ts';

/** Applies a row that is at hand as an object: for naive models in tests. */
export function applyTransition(state: MachineState, transition: Transition, sequence: Seq): void {
  const { columns } = createBatch(1);
  setTransition(columns, 0, transition);
  state.apply(columns, 0, sequence);
}
