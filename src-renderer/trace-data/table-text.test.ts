import { describe, expect, it } from 'vitest';
import { toCsv, toJson, toTabs } from './table-text.ts';

const table = {
  head: ['thread', 'waiting_ns'],
  rows: [
    ['backend 1', 20_000_000],
    ['a "quoted", one', null],
  ],
};

describe('tables as text', () => {
  it('quotes in CSV what would be taken for something else', () => {
    expect(toCsv(table)).toBe('thread,waiting_ns\r\nbackend 1,20000000\r\n"a ""quoted"", one",\r\n');
  });

  it('names every value in JSON', () => {
    expect(JSON.parse(toJson(table))).toEqual([
      { thread: 'backend 1', waiting_ns: 20_000_000 },
      { thread: 'a "quoted", one', waiting_ns: null },
    ]);
  });

  it('keeps a cell in its place on the clipboard', () => {
    expect(toTabs({ head: ['a', 'b'], rows: [['x\ty\n', 1]] })).toBe('a\tb\nx y \t1\n');
  });

  it('hands on no formula, neither as a file nor on the clipboard', () => {
    const hostile = { head: ['thread', 'ns'], rows: [['=HYPERLINK("x")', -1]] };
    expect(toCsv(hostile)).toBe('thread,ns\r\n"\'=HYPERLINK(""x"")",-1\r\n');
    expect(toTabs(hostile)).toBe('thread\tns\n\'=HYPERLINK("x")\t-1\n');
  });
});
