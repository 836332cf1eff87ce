import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LaneColumns, LaneRef } from '#shared/api/contract.ts';
import { LaneCache, type LaneRequest } from './lane-cache.ts';
import { lanesFromText } from './testing/lanes-from-text.ts';

const LIMITS = { startNs: 0, endNs: 1e9 };
const SCREEN = { startNs: 4e8, endNs: 5e8 };
const lwps = (...ids: number[]): LaneRef[] => ids.map((id) => ({ kind: 'lwp', id }));
const idsOf = (request: LaneRequest): number[] => request.lanes.map(({ id }) => id);

interface Asked {
  readonly request: LaneRequest;
  readonly signal: AbortSignal;
  readonly answer: () => Promise<void>;
  readonly fail: () => Promise<void>;
}

let asked: Asked[];
let onData: ReturnType<typeof vi.fn<() => void>>;
let onError: ReturnType<typeof vi.fn<(error: unknown) => void>>;
let cache: LaneCache;
const last = (): Asked => asked.at(-1)!;

beforeEach(() => {
  asked = [];
  onData = vi.fn<() => void>();
  onError = vi.fn<(error: unknown) => void>();
  const settle = () => new Promise<void>((done) => setTimeout(done));
  cache = new LaneCache(
    (request, signal) =>
      new Promise<LaneColumns>((resolve, reject) => {
        asked.push({
          request,
          signal,
          answer: () => (resolve(lanesFromText(...request.lanes.map(() => 'RRRR'))), settle()),
          fail: () => (reject(new Error('the service is gone')), settle()),
        });
      }),
    onData,
    onError,
  );
});

describe('LaneCache', () => {
  it('asks for the visible range with a screen on either side, at the resolution of the screen', () => {
    cache.show(lwps(1, 2), [], SCREEN, 1000, LIMITS);
    expect(last().request).toEqual({ startNs: 3e8, endNs: 6e8, pixels: 3000, lanes: lwps(1, 2) });
  });

  it('asks for the lanes next to those in view once these are there', async () => {
    cache.show(lwps(1), lwps(2, 3), SCREEN, 1000, LIMITS);
    expect(idsOf(last().request)).toEqual([1]);
    await last().answer();
    expect(idsOf(last().request)).toEqual([2, 3]);
    expect(onData).toHaveBeenCalledTimes(1);
  });

  it('asks nothing while panning within what it has', async () => {
    const inView = lwps(1);
    cache.show(inView, [], SCREEN, 1000, LIMITS);
    await last().answer();
    cache.show(inView, [], { startNs: 4.5e8, endNs: 5.5e8 }, 1000, LIMITS);
    expect(asked).toHaveLength(1);
  });

  it('asks for more before panning runs out of what it has', async () => {
    const inView = lwps(1);
    cache.show(inView, [], SCREEN, 1000, LIMITS);
    await last().answer();
    cache.show(inView, [], { startNs: 4.8e8, endNs: 5.8e8 }, 1000, LIMITS);
    expect(last().request).toMatchObject({ startNs: 3.8e8, endNs: 6.8e8 });
  });

  it('asks for many lanes a few at a time, those in view first', async () => {
    const many = lwps(...Array.from({ length: 40 }, (_, id) => id));
    cache.show(many, lwps(99), SCREEN, 1000, LIMITS);
    const sizes: number[] = [];
    for (let request = 0; request < 6; request++) {
      sizes.push(last().request.lanes.length);
      await last().answer();
    }
    expect(sizes).toEqual([8, 8, 8, 8, 8, 1]);
    expect(asked).toHaveLength(6);
  });

  it('keeps the stale columns until the sharp ones are there', async () => {
    const inView = lwps(1);
    cache.show(inView, [], SCREEN, 1000, LIMITS);
    await last().answer();
    const stale = cache.get('lwp', 1);
    cache.show(inView, [], { startNs: 4.4e8, endNs: 4.5e8 }, 1000, LIMITS);
    expect(cache.get('lwp', 1)).toBe(stale);
    await last().answer();
    expect(cache.get('lwp', 1)!.window.nsPerPx).toBe(1e4);
  });

  it('has one request on its way, and then asks for where the reader is by now', async () => {
    const inView = lwps(1);
    cache.show(inView, [], SCREEN, 1000, LIMITS);
    for (let i = 1; i <= 5; i++) cache.show(inView, [], { startNs: 4e8, endNs: 5e8 - i * 1e7 }, 1000, LIMITS);
    expect(asked).toHaveLength(1);
    await last().answer();
    expect(asked).toHaveLength(2);
    expect(last().request.startNs).toBe(3.5e8);
  });

  it('cancels a request that would no longer show anything', () => {
    const inView = lwps(1);
    cache.show(inView, [], SCREEN, 1000, LIMITS);
    cache.show(inView, [], { startNs: 9e8, endNs: 9.5e8 }, 1000, LIMITS);
    expect(asked[0]!.signal.aborted).toBe(true);
  });

  it('reports a failure once, and asks again when something else is wanted', async () => {
    const inView = lwps(1);
    const nearby = lwps();
    cache.show(inView, nearby, SCREEN, 1000, LIMITS);
    await last().fail();
    cache.show(inView, nearby, SCREEN, 1000, LIMITS);
    expect(onError).toHaveBeenCalledTimes(1);
    expect(asked).toHaveLength(1);
    cache.show(inView, [], { startNs: 1e8, endNs: 2e8 }, 1000, LIMITS);
    expect(asked).toHaveLength(2);
  });

  it('forgets everything for another trace, answers on their way included', async () => {
    cache.show(lwps(1), [], SCREEN, 1000, LIMITS);
    const old = last();
    cache.clear();
    await old.answer();
    expect(cache.get('lwp', 1)).toBeUndefined();
    expect(onData).not.toHaveBeenCalled();
  });
});
