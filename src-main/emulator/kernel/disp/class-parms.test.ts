/** Parameters of classes by key (CL_VAPARMSIN), and as user level is shown them (CL_PARMSOUT). */
import { describe, expect, test } from 'vitest';
import { EINVAL, ERANGE } from '../../errno.ts';
import { NOCHANGE, type ClassParms, type VaParms } from './class-ops.ts';
import { fx_vaparmsin } from './fx-parms.ts';
import { quantumParmsout, TQDEF, TQINF } from './quantum-parms.ts';
import { ia_vaparmsin, upriVaparmsin } from './upri-parms.ts';

const HZ = 100;

function taken(vaparms: VaParms, take: (vaparms: VaParms, parms: ClassParms) => number): number | ClassParms {
  const parms: ClassParms = {};
  return take(vaparms, parms) || parms;
}

describe('TS and FSS', () => {
  test.each<[string, VaParms, number | ClassParms]>([
    ['none at all are the defaults', [], { uprilim: 0, upri: 0 }],
    ['what is not named stays', [[2, -7]], { uprilim: NOCHANGE, upri: -7 }],
    ['both', [[1, 60], [2, -60]], { uprilim: 60, upri: -60 }], // prettier-ignore
    ['a value is cut to 16 bits', [[1, 0x1_0005]], { uprilim: 5, upri: NOCHANGE }],
    ['one too high', [[1, 61]], EINVAL],
    ['"no change" is no value here', [[2, NOCHANGE]], EINVAL],
    ['an unknown key', [[3, 1]], EINVAL],
    ['a key that comes twice', [[1, 1], [1, 1]], EINVAL], // prettier-ignore
    ['more than there may be', Array.from({ length: 9 }, () => [1, 1] as const), EINVAL],
  ])('%s', (_, vaparms, expected) => expect(taken(vaparms, upriVaparmsin)).toEqual(expected));
});

describe('IA', () => {
  test.each<[string, VaParms, number | ClassParms]>([
    ['none at all: interactive', [], { uprilim: 0, upri: 0, mode: 1 }],
    ['the mode alone', [[3, 0]], { uprilim: NOCHANGE, upri: NOCHANGE, mode: 0 }],
    ['a priority alone', [[2, 3]], { uprilim: NOCHANGE, upri: 3, mode: NOCHANGE }],
    ['an unknown mode', [[3, 2]], EINVAL],
    ['two modes', [[3, 1], [3, 1]], EINVAL], // prettier-ignore
    ['an unknown key beside the mode', [[3, 1], [4, 1]], EINVAL], // prettier-ignore
  ])('%s', (_, vaparms, expected) => expect(taken(vaparms, ia_vaparmsin)).toEqual(expected));
});

describe('FX', () => {
  const take = (vaparms: VaParms, parms: ClassParms): number => fx_vaparmsin(vaparms, parms, HZ);
  const unchanged = { uprilim: NOCHANGE, upri: NOCHANGE, tqntm: NOCHANGE };

  test.each<[string, VaParms, number | ClassParms]>([
    ['none at all: the defaults', [], { uprilim: 0, upri: 0, tqntm: TQDEF }],
    ['priorities leave the quantum', [[1, 60], [2, 5]], { ...unchanged, uprilim: 60, upri: 5 }], // prettier-ignore
    ['a quantum, rounded up to ticks', [[3, 1], [4, 1]], { ...unchanged, tqntm: 101 }], // prettier-ignore
    ['seconds alone', [[3, 2]], { ...unchanged, tqntm: 200 }],
    ['an infinite quantum', [[4, TQINF]], { ...unchanged, tqntm: TQINF }],
    ['"no change" is no quantum here', [[4, NOCHANGE]], EINVAL],
    ['a quantum of nothing', [[4, 0]], EINVAL],
    ['a whole second in the nanoseconds', [[4, 1_000_000_000]], EINVAL],
    ['more ticks than there are numbers', [[3, 0x7fff_ffff]], ERANGE],
    ['a priority below 0', [[2, -1]], EINVAL],
    ['an unknown key', [[5, 1]], EINVAL],
    ['a key that comes twice', [[3, 1], [3, 1]], EINVAL], // prettier-ignore
  ])('%s', (_, vaparms, expected) => expect(taken(vaparms, take)).toEqual(expected));

  test.each([
    [250, { tqsecs: 2, tqnsecs: 500_000_000 }],
    [TQINF, { tqsecs: 0, tqnsecs: TQINF }],
  ])('a quantum of %i ticks is shown in seconds and nanoseconds', (tqntm, shown) => {
    const parms: ClassParms = { tqntm };
    expect(quantumParmsout(parms, HZ)).toBe(0);
    expect(parms).toEqual(shown);
  });
});
