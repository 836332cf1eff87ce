import { describe, expect, it } from 'vitest';
import { csvFields, csvRecord } from './csv.ts';

describe('a CSV record', () => {
  it('ends with a line end of its own', () => {
    expect(csvRecord(['cpu', 3, 12n])).toBe('cpu,3,12\r\n');
  });

  it('quotes what would be taken for structure', () => {
    expect(csvRecord(['a,b', 'say "no"', 'two\nlines', ' plain '])).toBe(
      '"a,b","say ""no""","two\nlines", plain \r\n',
    );
  });

  it('leaves nothing where there is no value, and writes bytes as hexadecimal', () => {
    expect(csvRecord([null, undefined, Uint8Array.of(0, 255)])).toBe(',,00ff\r\n');
  });
});

describe('a record for spreadsheets', () => {
  const formulas = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '\uff1d1',
    '\uff0b1',
    '\uff0d1',
    '\uff201',
  ];

  it.each(formulas)('has %j as text', (formula) => {
    const [field] = csvFields(csvRecord([formula], 'text').replace(/\r\n$/, ''));
    expect(field).toBe(`'${formula}`);
    expect(csvRecord([formula])).not.toContain("'");
  });

  it('leaves numbers, and text that is no formula, as they are', () => {
    expect(csvRecord([-1, -5n, 'a=b', '1-2', ' x', "it's", null], 'text')).toBe("-1,-5,a=b,1-2, x,it's,\r\n");
  });

  it('has no text that falls into two cells where another sign separates them', () => {
    expect(csvRecord(['a;=1', 'a\t=1'], 'text')).toBe('"a;=1","a\t=1"\r\n');
  });
});

describe('the fields of a record', () => {
  it.each([
    ['a,b,,', ['a', 'b', '', '']],
    ['', ['']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""no""",""', ['say "no"', '']],
    ['say "no", x', ['say "no"', ' x']],
    ['1, "a,b" ,2', ['1', 'a,b', '2']],
    ['"never closed,b', ['never closed,b']],
  ])('%s', (line, fields) => {
    expect(csvFields(line)).toEqual(fields);
  });

  it('are what was written', () => {
    const cells = ['a,b', '"', ' x ', '', 'plain'];
    expect(csvFields(csvRecord(cells).trimEnd())).toEqual(cells);
  });
});
