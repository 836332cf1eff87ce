/**
 * What happens next: a binary heap of pending events in typed arrays.
 *
 * Every event has a fixed number, given by who it belongs to (a CPU, an LWP's timer, the clock), and is pending
 * at most once. The order is total: by time, then by when it was scheduled, so that a run is the same on every
 * machine.
 *
 * Hot: scheduling, cancelling and taking are O(log pending) and allocate nothing.
 */
import type { ColumnOf, Ns } from '#shared/base/brands.ts';
import { withRoom } from '../growable.ts';

const NOT_PENDING = -1;

export class EventQueue {
  private timeNs: ColumnOf<Float64Array, Ns>;
  private order: Float64Array;
  private heap: Int32Array;
  private position: Int32Array;
  private pending = 0;
  private scheduled = 0;

  /** @param count events are numbered 0 .. count - 1 */
  constructor(count: number) {
    this.timeNs = new Float64Array(count);
    this.order = new Float64Array(count);
    this.heap = new Int32Array(count);
    this.position = new Int32Array(count).fill(NOT_PENDING);
  }

  /** Makes room for events up to and with `event`. */
  ensure(event: number): void {
    this.timeNs = withRoom(this.timeNs, event, 0);
    this.order = withRoom(this.order, event, 0);
    this.heap = withRoom(this.heap, event, 0);
    this.position = withRoom(this.position, event, NOT_PENDING);
  }

  /** The next event, -1 when none is pending. */
  get first(): number {
    return this.pending === 0 ? -1 : this.heap[0]!;
  }

  /** Time of an event that is pending. */
  timeOf(event: number): number {
    return this.timeNs[event]!;
  }

  /** Whether an event is pending. */
  isPending(event: number): boolean {
    return this.position[event] !== NOT_PENDING;
  }

  /** Makes an event pending at `timeNs`, or moves it there. */
  schedule(event: number, timeNs: Ns): void {
    this.timeNs[event] = timeNs;
    this.order[event] = ++this.scheduled;
    let at = this.position[event]!;
    if (at === NOT_PENDING) at = this.pending++;
    at = this.siftUp(event, at);
    this.siftDown(event, at);
  }

  /** Makes an event no longer pending. */
  cancel(event: number): void {
    const at = this.position[event]!;
    if (at === NOT_PENDING) return;
    this.position[event] = NOT_PENDING;
    const last = this.heap[--this.pending]!;
    if (last === event) return;
    this.siftDown(last, this.siftUp(last, at));
  }

  private before(a: number, b: number): boolean {
    const timeA = this.timeNs[a]!;
    const timeB = this.timeNs[b]!;
    return timeA < timeB || (timeA === timeB && this.order[a]! < this.order[b]!);
  }

  private siftUp(event: number, from: number): number {
    let at = from;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = this.heap[parentAt]!;
      if (!this.before(event, parent)) break;
      this.heap[at] = parent;
      this.position[parent] = at;
      at = parentAt;
    }
    this.heap[at] = event;
    this.position[event] = at;
    return at;
  }

  private siftDown(event: number, from: number): void {
    let at = from;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= this.pending) break;
      let child = this.heap[childAt]!;
      const other = childAt + 1;
      if (other < this.pending && this.before(this.heap[other]!, child)) {
        childAt = other;
        child = this.heap[other]!;
      }
      if (!this.before(child, event)) break;
      this.heap[at] = child;
      this.position[child] = at;
      at = childAt;
    }
    this.heap[at] = event;
    this.position[event] = at;
  }
}
