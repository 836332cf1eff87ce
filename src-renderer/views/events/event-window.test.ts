import { describe, expect, it } from 'vitest';
import type { EventColumns, RequestParams, WorkbenchClient } from '#shared/api/contract.ts';
import {
  covers,
  growAfter,
  growBefore,
  indexAt,
  loadAround,
  MOST_ROWS,
  PAGE_ROWS,
  type EventSource,
} from './event-window.ts';

/** A trace of `count` rows whose row `n` has sequence `n`, happens at `n` µs, and passes a filter if `n` is even. */
function rowsOf(count: number): Pick<WorkbenchClient, 'request'> {
  const request = (_name: string, params: RequestParams<'trace.events'>): Promise<EventColumns> => {
    const step = params.filter?.lwps ? 2 : 1;
    const at = params.sequence!;
    const all = Array.from({ length: Math.floor(count / step) }, (_, i) => (i + 1) * step);
    const before = all.filter((n) => n < at).slice(params.before === 0 ? Infinity : -params.before);
    const after = all.filter((n) => n >= at).slice(0, params.after);
    const sequence = Float64Array.from([...before, ...after]);
    const zeros = sequence.length;
    return Promise.resolve({
      sequence,
      timeNs: sequence.map((n) => n * 1_000),
      kind: new Uint16Array(zeros),
      cpu: new Int16Array(zeros),
      lwp: new Int32Array(zeros),
      object: new Int32Array(zeros),
      cause: new Uint16Array(zeros),
      oldValue: new Int32Array(zeros),
      newValue: new Int32Array(zeros),
    });
  };
  return { request: request as WorkbenchClient['request'] };
}

const source = (count: number, filtered = false) => ({
  client: rowsOf(count),
  traceId: 't',
  filter: filtered ? { lwps: [1] } : {},
  text: '',
});

describe('a window of event rows', () => {
  it('loads around a row and knows where the trace ends', async () => {
    const short = await loadAround(source(10), 5);
    expect(short.rows.map((row) => row.sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect([short.atStart, short.atEnd]).toEqual([true, true]);
    const middle = await loadAround(source(10_000), 5_000);
    expect(middle.rows).toHaveLength(2 * PAGE_ROWS);
    expect([middle.atStart, middle.atEnd]).toEqual([false, false]);
  });

  it('grows to every row without gaps or repeats, in both directions', async () => {
    const from = source(2_000);
    let window = await loadAround(from, 1_000);
    while (!window.atStart) ({ window } = await growBefore(from, window));
    while (!window.atEnd) ({ window } = await growAfter(from, window));
    expect(window.rows.map((row) => row.sequence)).toEqual(Array.from({ length: 2_000 }, (_, i) => i + 1));
  });

  it('stays bounded on a long trace and tells how many rows it dropped in front', async () => {
    const from = source(20_000);
    let window = await loadAround(from, 1);
    let dropped = 0;
    for (let i = 0; i < 15; i++) {
      const grown = await growAfter(from, window);
      window = grown.window;
      dropped += grown.dropped;
    }
    expect(window.rows).toHaveLength(MOST_ROWS);
    expect(window.atStart).toBe(false);
    expect(window.rows[0]!.sequence).toBe(dropped + 1);
  });

  it('finds the last row that has happened, with a filter too', async () => {
    const window = await loadAround(source(100, true), 51);
    expect(window.rows[indexAt(window, 51)]!.sequence).toBe(50);
    expect(window.rows[indexAt(window, 52)]!.sequence).toBe(52);
    expect(indexAt(window, 1)).toBe(-1);
    expect(covers(window, 1)).toBe(true);
    expect(covers(await loadAround(source(10_000), 5_000), 9_000)).toBe(false);
  });
});

describe('a window of rows that have a text', () => {
  it('asks to either side, and has the rows in their order', async () => {
    const columnsOf = (sequences: number[]) => ({
      sequence: Float64Array.from(sequences),
      ...Object.fromEntries(
        ['timeNs', 'kind', 'cpu', 'lwp', 'object', 'cause', 'oldValue', 'newValue'].map((name) => [
          name,
          new Float64Array(sequences.length),
        ]),
      ),
    });
    const asked: unknown[] = [];
    const request = (name: string, params: { direction: string; fromSequence: number }) => {
      asked.push([name, params.direction, params.fromSequence]);
      // The nearest first, to either side.
      return Promise.resolve(columnsOf(params.direction === 'next' ? [10, 14] : [8, 3]));
    };
    const client = { request } as unknown as EventSource['client'];
    const window = await loadAround({ client, traceId: 't', filter: {}, text: 'yield' }, 10);
    expect(asked).toEqual([
      ['trace.findEvents', 'previous', 10],
      ['trace.findEvents', 'next', 9],
    ]);
    expect(window.rows.map(({ sequence }) => sequence)).toEqual([3, 8, 10, 14]);
    expect([window.atStart, window.atEnd]).toEqual([true, true]);
  });
});
