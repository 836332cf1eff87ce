import { expect, test } from 'vitest';
import { WaitQueues } from './wait-queues.ts';

test('whoever came first is woken first, and one may leave from the middle', () => {
  const queues = new WaitQueues(2, 6);
  for (const t of [3, 1, 4, 5]) queues.enqueue(0, t);
  queues.enqueue(1, 2);
  queues.remove(4);
  queues.remove(4);
  expect(queues.isQueued(4)).toBe(false);
  queues.remove(5); // the last
  queues.enqueue(0, 4);
  expect([queues.dequeue(0), queues.dequeue(0), queues.dequeue(0), queues.dequeue(0)]).toEqual([3, 1, 4, -1]);
  expect(queues.isEmpty(0)).toBe(true);
  expect(queues.isEmpty(1)).toBe(false);
});
