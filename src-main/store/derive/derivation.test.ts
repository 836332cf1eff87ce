import { expect, it } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { Derivation } from './derivation.ts';
import type { DerivedBatch } from './derived-batch.ts';

const LWPS = 20_000;

/** Threads that each run for a microsecond and never end. */
function newDerivation(): Derivation {
  const derivation = new Derivation();
  const probe = new TransitionProbe(4 * LWPS);
  for (let lwp = 0; lwp < LWPS; lwp++) {
    const before = lwp - 1;
    probe.at(1000 * lwp, 0, lwp, CAUSE.sched_switch).assign(KIND.lwp_alive, 0, 0, 1);
    probe.at(1000 * lwp, 0, lwp, CAUSE.sched_switch).assign(KIND.t_state, 0, TS.FREE, TS.ONPROC);
    if (lwp > 0) {
      probe.at(1000 * lwp, 0, before, CAUSE.sched_switch).assign(KIND.t_state, 0, TS.ONPROC, TS.SLEEP);
    }
    probe.at(1000 * lwp, 0, lwp, CAUSE.sched_switch).assign(KIND.cpu_dispthread, 0, before, lwp);
  }
  derivation.addBatch(probe.takeLast());
  derivation.finish();
  return derivation;
}

const chunksOf = ({ chunks: { rows, bytes } }: DerivedBatch): [id: number, data: string][] => {
  let from = 0;
  return Array.from({ length: rows.length / 2 }, (_, row) => {
    const [id, end] = [rows.values[2 * row]!, rows.values[2 * row + 1]!];
    const data = Buffer.from(bytes.subarray(from, end)).toString('base64');
    from = end;
    return [id, data];
  });
};
const seriesOf = ({ series: { values, length } }: DerivedBatch): number[] => [...values.subarray(0, length)];

it('hands over much in parts, which together are the whole', () => {
  const whole = newDerivation();
  whole.flush();
  const all = whole.take();
  const parted = newDerivation();
  const parts: DerivedBatch[] = [];
  const facts = parted.flush(() => parts.push(parted.take()));
  parts.push(parted.take());

  expect(facts.events).toBe(4 * LWPS - 1);
  expect(parts.length).toBeGreaterThan(1);
  for (const { chunks } of parts) expect(chunks.bytes.length).toBeLessThanOrEqual(4 << 20);
  expect(seriesOf(all)).toHaveLength(4 * (LWPS + 1));
  expect(parts.flatMap(seriesOf)).toEqual(seriesOf(all));
  expect(parts.flatMap(chunksOf)).toEqual(chunksOf(all));
  expect(parts.flatMap(({ packed }) => packed)).toEqual(all.packed);
});
