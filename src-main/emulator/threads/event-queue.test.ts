import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';

test('events come by time, and those of one time in the order in which they were scheduled', () => {
  const queue = new EventQueue(4);
  queue.schedule(3, 20);
  queue.schedule(0, 10);
  queue.schedule(2, 10);
  queue.schedule(1, 10);
  queue.schedule(0, 10); // moves behind the others of its time
  const order: number[] = [];
  while (queue.first !== -1) {
    order.push(queue.first);
    queue.cancel(queue.first);
  }
  expect(order).toEqual([2, 1, 0, 3]);
});

test('is the same as a sorted list, whatever is scheduled, moved and cancelled', () => {
  const operations = fc.array(
    fc.tuple(fc.constantFrom('schedule', 'cancel', 'take'), fc.nat(19), fc.nat(50)),
    { maxLength: 200 },
  );
  fc.assert(
    fc.property(operations, (list) => {
      const queue = new EventQueue(20);
      const model = new Map<number, { time: number; order: number }>();
      const first = () =>
        [...model].sort(([, a], [, b]) => a.time - b.time || a.order - b.order)[0]?.[0] ?? -1;
      let order = 0;
      for (const [what, event, time] of list) {
        if (what === 'schedule') {
          queue.schedule(event, time);
          model.set(event, { time, order: order++ });
        } else {
          const which = what === 'take' ? first() : event;
          if (which === -1) continue;
          queue.cancel(which);
          model.delete(which);
        }
        expect(queue.first).toBe(first());
        if (queue.first !== -1) expect(queue.timeOf(queue.first)).toBe(model.get(first())!.time);
        expect(queue.isPending(event)).toBe(model.has(event));
      }
    }),
  );
});
