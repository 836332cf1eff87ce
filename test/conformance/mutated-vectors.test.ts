/** Mutated vectors: the same few hundred every time; `node test/conformance/mutate.ts` looks at others. */
import { describe, expect, it, test } from 'vitest';
import { classesDriver } from './classes-driver.ts';
import { faultOf } from './mutated-vectors.ts';
import { materials, mutationNumber } from './mutation-numbers.ts';
import { readVector } from './vector-file.ts';

const SEED = 20261201;
const MUTATIONS = 300;

it('no sequence of operations brings the emulator to anything but an assertion or a panic', () => {
  const all = materials();
  for (let n = 0; n < MUTATIONS; n++) {
    const { driver, lines } = mutationNumber(all, SEED, n);
    expect(faultOf(driver, lines), `mutation ${n}`).toBe('');
  }
});

describe('the check itself', () => {
  const lines = readVector(new URL('./classes/yield.jsonl', import.meta.url).pathname).slice(0, 12);

  test('passes over what is about nothing that there is, and ends at an assertion', () => {
    const unknown = { op: 'tick', t: 4711 };
    const asserting = { op: 'tick', t: lines.find((line) => line.op === 'thread')!.t, nolock: 1 };
    expect(faultOf(classesDriver, [...lines, unknown, asserting])).toBe('');
  });

  test('finds what an operation throws, what is no whole number, and what is not recorded', () => {
    const broken = (change: (subject: ReturnType<typeof classesDriver.open>) => object): string =>
      faultOf(
        {
          ...classesDriver,
          open: (header) => {
            const subject = classesDriver.open(header);
            return { ...subject, ...change(subject) };
          },
        },
        lines,
      );
    const throwing = { step: () => Object.keys(null as unknown as object) };
    expect(broken(() => throwing)).toMatch(/^line 2, .*TypeError/s);
    expect(broken(() => ({ view: () => ({ threads: { 1: { pri: NaN } } }) }))).toMatch(
      /state\.threads\.1\.pri is no whole number$/,
    );
    const unrecorded = broken(({ machine }) => {
      machine.state.ensure('cpu', 3);
      machine.state.write(0, 3, 7);
      return {};
    });
    expect(unrecorded).toBe('the rows rebuild another machine');
  });
});
