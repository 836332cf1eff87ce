/** Failures that a scenario or a test plants in the memory subsystem. */

/** Functions of the memory subsystem that can be made to fail. */
export type FailingCall = 'segkp_get_withanonmap' | 'map_addr' | 'as_map' | 'as_unmap';

export interface PlantedFailure {
  readonly call: FailingCall;
  /** What as_map and as_unmap return; the other two have their own way of failing. */
  readonly error: number;
  /** Which call fails, counted from planting: 1 for the next one; 0 for every one until it is cleared. */
  readonly nth: number;
}

interface Planted {
  readonly failure: PlantedFailure;
  seen: number;
}

export class PlantedFailures {
  private readonly planted: Planted[] = [];

  plant(failure: PlantedFailure): void {
    this.planted.push({ failure, seen: 0 });
  }

  /** Takes all planted failures away. */
  clear(): void {
    this.planted.length = 0;
  }

  /** The failure that hits this call, or null. Each call must be asked about once. */
  strike(call: FailingCall): PlantedFailure | null {
    let hit: PlantedFailure | null = null;
    for (const planted of this.planted) {
      if (planted.failure.call !== call) continue;
      planted.seen++;
      if (planted.failure.nth === 0 || planted.failure.nth === planted.seen) hit ??= planted.failure;
    }
    return hit;
  }
}
