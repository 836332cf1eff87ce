/** Curves of a value over time: run-queue lengths and used slots. Several changes at one instant are one step. */
import type { Ns } from '#shared/base/brands.ts';
import type { PyramidBuilder } from '../levels/curves/builder.ts';
import type { ValueNodes } from '../levels/series.ts';

class ValueTrack<Id extends number> {
  readonly object: Id;
  readonly builder: PyramidBuilder<ValueNodes>;
  dirty = false;
  value = 0;
  drawn: number | null = null;

  constructor(object: Id, builder: PyramidBuilder<ValueNodes>) {
    this.object = object;
    this.builder = builder;
  }
}

export class ValueCurves<Id extends number> {
  private readonly tracks: ValueTrack<Id>[] = [];
  private readonly dirty: ValueTrack<Id>[] = [];
  private readonly build: (object: Id) => PyramidBuilder<ValueNodes>;
  private readonly onStep: ((timeNs: Ns, object: Id, value: number) => void) | null;

  constructor(
    build: (object: Id) => PyramidBuilder<ValueNodes>,
    onStep: ((timeNs: Ns, object: Id, value: number) => void) | null = null,
  ) {
    this.build = build;
    this.onStep = onStep;
  }

  /** The value as of the last {@link set}, 0 before. */
  get(object: Id): number {
    return this.tracks[object]?.value ?? 0;
  }

  set(object: Id, value: number): void {
    const track = (this.tracks[object] ??= new ValueTrack(object, this.build(object)));
    track.value = value;
    if (track.dirty) return;
    track.dirty = true;
    this.dirty.push(track);
  }

  /** Time moves on from `nowNs`. */
  settle(nowNs: Ns): void {
    for (const track of this.dirty) {
      track.dirty = false;
      if (track.value === track.drawn) continue;
      track.drawn = track.value;
      const row = track.builder.push(nowNs);
      track.builder.leaves.value[row] = track.value;
      this.onStep?.(nowNs, track.object, track.value);
    }
    this.dirty.length = 0;
  }
}
