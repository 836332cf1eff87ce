import { describe, expect, test } from 'vitest';
import { TS_DPTBL_DEFAULT, TS_DPTBL_SERVER, tsDptblProblem, type TsDpent } from './ts-dptbl.ts';

const withRow = (level: number, change: Partial<TsDpent>): TsDpent[] =>
  TS_DPTBL_DEFAULT.map((row, index) => (index === level ? { ...row, ...change } : row));

describe('dispatch tables of TS', () => {
  test.each([
    ['default', TS_DPTBL_DEFAULT],
    ['server', TS_DPTBL_SERVER],
  ])('the %s table has a valid row for each of 60 levels', (_, table) => {
    expect(table).toHaveLength(60);
    expect(tsDptblProblem(table)).toBeNull();
    expect(table.map(({ globpri }) => globpri)).toEqual(table.map((_row, level) => level));
  });

  test.each([
    ['quantum', 0, '1 or more'],
    ['quantum', -1, '1 or more'],
    ['tqexp', -1, '0 to 59'],
    ['tqexp', 60, '0 to 59'],
    ['slpret', 60, '0 to 59'],
    ['maxwait', -1, '0 or more'],
    ['lwait', 60, '0 to 59'],
    ['quantum', Number.NaN, '1 or more'],
  ] as const)('%s %d is a problem, told with its level', (field, found, expected) => {
    expect(tsDptblProblem(withRow(7, { [field]: found }))).toEqual({ level: 7, field, found, expected });
  });

  test('the first problem is told', () => {
    const rows = withRow(3, { lwait: 99 }).map((row, level) => (level === 2 ? { ...row, slpret: -5 } : row));
    expect(tsDptblProblem(rows)).toMatchObject({ level: 2, field: 'slpret' });
  });
});
