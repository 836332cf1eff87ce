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
