import { describe, expect, it } from 'vitest';
import { RowsAhead, type ReadFrom } from './rows-ahead.ts';

/** A trace of `count` rows, ten ns apart, row 1 at 10 ns. */
function traceOf(count: number) {
  const asked: ReadFrom[] = [];
  const ask = (from: ReadFrom, rows: number) => {
    asked.push(from);
    const behind = 'sequence' in from ? from.sequence : Math.floor(from.timeNs / 10);
    const length = Math.max(0, Math.min(rows, count - behind));
    return Promise.resolve({
      sequence: Float64Array.from({ length }, (_, i) => behind + 1 + i),
      timeNs: Float64Array.from({ length }, (_, i) => 10 * (behind + 1 + i)),
    });
  };
  return { ask, asked };
}
const arrived = () => new Promise((resolve) => setTimeout(resolve));

describe('rows ahead', () => {
  it('are given in order, behind the row or time that they were started from', async () => {
    const { ask } = traceOf(100);
    const rows = new RowsAhead(ask);
    rows.restart({ timeNs: 45 });
    expect(rows.take(1)).toBeNull();
    await arrived();
    expect(rows.nextNs).toBe(50);
    expect(rows.take(1)).toEqual({ sequence: 5, timeNs: 50 });
    expect(rows.take(3)).toEqual({ sequence: 8, timeNs: 80 });
    rows.restart({ sequence: 50 });
    await arrived();
    expect(rows.take(1)).toEqual({ sequence: 51, timeNs: 510 });
  });

  it('stop at a time, and at the end of the trace', async () => {
    const rows = new RowsAhead(traceOf(30).ask);
    rows.restart({ sequence: 0 });
    await arrived();
    expect(rows.take(100, 205)).toEqual({ sequence: 20, timeNs: 200 });
    expect(rows.take(100, 205)).toBeNull();
    expect(rows.atEnd).toBe(false);
    expect(rows.take(100)).toEqual({ sequence: 30, timeNs: 300 });
    expect(rows.atEnd).toBe(true);
  });

  it('are asked for before they run out, one request at a time', async () => {
    const { ask, asked } = traceOf(25_000);
    const rows = new RowsAhead(ask);
    rows.restart({ sequence: 0 });
    await arrived();
    rows.take(4_000);
    expect(asked).toHaveLength(1);
    rows.take(2_000);
    rows.take(1);
    expect(asked).toEqual([{ sequence: 0 }, { sequence: 10_000 }]);
    await arrived();
    let last = 6_001;
    for (let row = rows.take(500); row !== null || !rows.atEnd; row = rows.take(500)) {
      if (row !== null) last = row.sequence;
      await arrived();
    }
    expect(last).toBe(25_000);
    expect(asked).toHaveLength(3);
  });

  it('of an older start are dropped when they arrive late', async () => {
    const { ask } = traceOf(100);
    const rows = new RowsAhead(ask);
    rows.restart({ sequence: 10 });
    rows.restart({ sequence: 70 });
    await arrived();
    expect(rows.take(1)?.sequence).toBe(71);
  });

  it('that cannot be read are reported once', async () => {
    const errors: unknown[] = [];
    const rows = new RowsAhead(
      () => Promise.reject(new Error('gone')),
      (thrown) => errors.push(thrown),
    );
    rows.restart({ sequence: 0 });
    await arrived();
    rows.take(5);
    rows.take(5);
    await arrived();
    expect(errors).toHaveLength(1);
  });
});
