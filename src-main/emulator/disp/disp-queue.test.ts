import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRIORITY_LEVELS } from '#shared/model/queues.ts';
import { DispQueues } from './disp-queue.ts';

test('counts threads by priority and finds the highest below any, like a list would', () => {
  const pri = fc.nat(PRIORITY_LEVELS - 1);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(1), pri), { maxLength: 300 }), pri, (list, limit) => {
      const queues = new DispQueues(2);
      const counts = [new Map<number, number>(), new Map<number, number>()] as const;
      for (const [add, disp, at] of list) {
        const count = counts[disp]!.get(at) ?? 0;
        if (add) expect(queues.add(disp, at)).toBe(count === 0);
        else if (count > 0) expect(queues.remove(disp, at)).toBe(count === 1);
        else continue;
        counts[disp]!.set(at, count + (add ? 1 : -1));
        expect(queues.length(disp, at)).toBe(counts[disp]!.get(at));
        const present = [...counts[disp]!].filter(([p, n]) => n > 0 && p < limit).map(([p]) => p);
        expect(queues.highestBelow(disp, limit)).toBe(Math.max(-1, ...present));
      }
    }),
  );
});
