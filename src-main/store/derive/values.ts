/** Curves of a value over time: run-queue lengths and used slots. Several changes at one instant are one step. */
import type { PyramidBuilder } from '../levels/curves/builder.ts';
import type { ValueNodes } from '../levels/series.ts';

class ValueTrack {
  readonly object: number;
  readonly builder: PyramidBuilder<ValueNodes>;
  dirty = false;
  value = 0;
  drawn: number | null = null;

  constructor(object: number, builder: PyramidBuilder<ValueNodes>) {
    this.object = object;
    this.builder = builder;
  }
}

export class ValueDeriver {
  private readonly tracks: ValueTrack[] = [];
  private readonly dirty: ValueTrack[] = [];
  private readonly build: (object: number) => PyramidBuilder<ValueNodes>;
  private readonly onStep: ((timeNs: number, object: number, value: number) => void) | null;

  constructor(
    build: (object: number) => PyramidBuilder<ValueNodes>,
    onStep: ((timeNs: number, object: number, value: number) => void) | null = null,
  ) {
    this.build = build;
    this.onStep = onStep;
  }

  /** The value as of the last {@link set}, 0 before. */
  get(object: number): number {
    return this.tracks[object]?.value ?? 0;
  }

  set(object: number, value: number): void {
    const track = (this.tracks[object] ??= new ValueTrack(object, this.build(object)));
    track.value = value;
    if (track.dirty) return;
    track.dirty = true;
    this.dirty.push(track);
  }

  /** Time moves on from `nowNs`. */
  settle(nowNs: number): void {
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
