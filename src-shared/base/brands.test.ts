import { expect, it } from 'vitest';
import type { ColumnOf, CpuId, LwpId, Ns, Ticks } from './brands.ts';

const lwp: LwpId = 3;
const cpu: CpuId = 1;

/** What the compiler says of each line is the test: a line that it no longer refuses fails the type check. */
it('does not let one brand stand for another, in a call or a row', () => {
  const runs = (on: CpuId, runner: LwpId): string => `${runner} on ${on}`;
  expect(runs(cpu, lwp)).toBe('3 on 1');
  // @ts-expect-error an LWP's id is no CPU's
  expect(runs(lwp, cpu)).toBe('1 on 3');
  // @ts-expect-error an LWP's id is no CPU's
  const row: { readonly cpu: CpuId } = { cpu: lwp };
  expect(row.cpu).toBe(3);
  const graceNs: Ns = 20_000_000;
  // @ts-expect-error nanoseconds are no ticks
  const grace: Ticks = graceNs;
  expect(grace).toBe(20_000_000);
});

it('brands what is read from a column, and takes nothing else into it', () => {
  const cpus: ColumnOf<Int16Array, CpuId> = new Int16Array(4);
  const lwps: ColumnOf<Int32Array, LwpId> = new Int32Array(4);
  cpus[0] = cpu;
  // @ts-expect-error a column of CPUs holds no LWPs
  cpus[1] = lwp;
  // @ts-expect-error a column of LWPs is none of CPUs
  const others: ColumnOf<Int32Array, CpuId> = lwps;
  const first: CpuId = cpus[0];
  // @ts-expect-error what a column of CPUs gives is no LWP
  const second: LwpId = cpus[1];
  expect([first, second, others.length]).toEqual([1, 3, 4]);
});

it('takes a number as it stands, and is one', () => {
  const lwps: ColumnOf<Int32Array, LwpId> = Int32Array.of(7, 8);
  const next: LwpId = lwps[1]! + 1;
  expect(new Map<LwpId, string>([[9, 'nine']]).get(next)).toBe('nine');
  expect([...lwps].indexOf(8)).toBe(1);
});
