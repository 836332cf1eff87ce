import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PRIORITY_LEVELS } from '#shared/model/queues.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { DispFixture } from './disp-fixture.ts';

const PART = 0;

test('counts, orders and finds threads like lists would, on a queue of a CPU and on one of a processor set', () => {
  const pri = fc.nat(PRIORITY_LEVELS - 1);
  const step = fc.record({ add: fc.boolean(), ofSet: fc.boolean(), front: fc.boolean(), pri });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), pri, (steps, limit) => {
      const fixture = new DispFixture(2);
      const { queues } = fixture.d;
      const lists = [new Map<number, number[]>(), new Map<number, number[]>()] as const;
      for (const { add, ofSet, front, pri: at } of steps) {
        const dp = ofSet ? queues.kernelPreempt(PART) : 1;
        const lists_ = lists[ofSet ? 1 : 0];
        const list = lists_.get(at) ?? [];
        if (add) {
          const t = fixture.thread(at, 1);
          expect(queues.insert(t, dp, at, front)).toBe(list.length === 0);
          if (queues.maxrunpri(dp) < at) queues.setMaxrunpri(dp, at, CAUSE.setup);
          lists_.set(at, front ? [t, ...list] : [...list, t]);
        } else if (list.length > 0) {
          queues.remove(list[0]!, dp, at, CAUSE.setup);
          lists_.set(at, list.slice(1));
        }
        const members: number[] = [];
        for (let t = queues.first(dp, at); t !== -1; t = queues.next(t)) members.push(t);
        const present = [...lists_].filter(([, threads]) => threads.length > 0).map(([p]) => p);
        expect(members).toEqual(lists_.get(at) ?? []);
        expect(queues.length(dp, at)).toBe(members.length);
        expect(queues.nrunnable(dp)).toBe([...lists_.values()].flat().length);
        expect(queues.maxrunpri(dp)).toBe(Math.max(-1, ...present));
        expect(queues.highestBelow(dp, limit)).toBe(Math.max(-1, ...present.filter((p) => p < limit)));
      }
    }),
  );
});
