import { describe, expect, it } from 'vitest';
import { csvRecord } from './csv.ts';

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
