import { describe, expect, it } from 'vitest';
import { nameTable } from '#renderer/trace-data/decode/names.ts';
import { arrowText, CHIP_HEIGHT_PX, placeChips, type Arrow } from './slice-arrows.ts';

const names = nameTable({
  source: 'emulator',
  cpus: [],
  processes: [],
  lwps: [
    { id: 1, process: 0, lwpNumber: 1, name: 'backend 1' },
    { id: 2, process: 0, lwpNumber: 2, name: 'backend 2' },
  ],
  pages: [],
  syscalls: [],
  syncs: [],
});

describe('arrowText', () => {
  it('says who did what to whom, and how long it took', () => {
    const preemptor = { kind: 'preemptor', timeNs: 0, lwp: 2, cpu: 3, backNs: 32.3e6 } as const;
    expect(arrowText(preemptor, 1, names)).toBe('backend 2 took CPU 3, off for 32.3\u00a0ms');
    const migration = { kind: 'migration', fromCpu: 3, toCpu: 5, fromNs: 0, toNs: 2e6 } as const;
    expect(arrowText(migration, 1, names)).toBe('CPU 3 → 5, off 2.00\u00a0ms');
    const wakeup = { kind: 'wakeup', timeNs: 0, waker: 1, wakerCpu: 0, woken: 2, runNs: 5600 } as const;
    expect(arrowText(wakeup, 1, names)).toBe('woke backend 2, ran after 5.60\u00a0µs');
    expect(arrowText(wakeup, 2, names)).toBe('woken by backend 1, ran after 5.60\u00a0µs');
    expect(arrowText({ ...wakeup, waker: -1, runNs: -1 }, 2, names)).toBe('woken by no LWP, on CPU 0');
  });
});

describe('placeChips', () => {
  const arrow = (x: number, y: number): Arrow => ({
    key: `${x}`,
    kind: 'wakeup',
    path: '',
    text: 'woke b1',
    x,
    y,
  });

  it('keeps chips within the picture and off each other', () => {
    const [first, second, right] = placeChips([arrow(10, 50), arrow(12, 52), arrow(395, 50)], 400, 200);
    expect(first!.chip).toEqual({ x: 20, y: 50 - CHIP_HEIGHT_PX / 2 });
    expect(second!.chip!.y - first!.chip!.y).toBeGreaterThanOrEqual(CHIP_HEIGHT_PX);
    expect(right!.chip!.x).toBeLessThan(350);
  });

  it('leaves a chip out where there is no room, and keeps its arrow', () => {
    const crowd = placeChips(
      Array.from({ length: 9 }, () => arrow(10, 50)),
      400,
      200,
    );
    expect(crowd).toHaveLength(9);
    expect(crowd.at(-1)!.chip).toBeNull();
  });
});
