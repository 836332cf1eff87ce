import { expect, it } from 'vitest';
import type { LwpId } from '#shared/base/brands.ts';
import { SwitchChains } from './switch-chains.ts';

it('forgets doubts about records that are not held any more, but for the last of a CPU', () => {
  const chains = new SwitchChains();
  const about = (lwp: LwpId, position: number): object => ({
    lwp,
    position,
    atWakeUp: false,
    line: position,
  });
  chains.switched(0, 1, 2, 0);
  chains.switched(1, 3, 4, 0);
  for (let position = 10; position < 10_000; position += 10) {
    chains.doubt(0, { lwp: position % 20, position, atWakeUp: false, line: position });
  }
  chains.doubt(1, { lwp: 7, position: 15, atWakeUp: false, line: 15 });

  expect(chains.isDoubted(10)).toBe(true);
  expect(chains.isDoubted(15)).toBe(true);
  expect(chains.isDoubted(17)).toBe(false);
  for (let position = 20; position < 9_990; position += 10) expect(chains.isDoubted(position)).toBe(true);
  expect(chains.isDoubted(9_985)).toBe(false);

  expect(chains.doubtsAbout(0, 99)).toEqual([about(0, 9_980), about(10, 9_990)]);
  expect(chains.doubtsAbout(1, 99)).toEqual([about(7, 15)]);
  chains.switched(0, 5, 6, 1);
  expect(chains.doubtsAbout(0, 99)).toEqual([]);
});
