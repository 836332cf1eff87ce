/**
 * The few horizontal bands that a lane looks the same in, each one pixel high: painted once and then copied down. The
 * cost of a lane is that of its intervals plus a copy, whatever its height, and stays bounded at any zoom: a canvas
 * call for every interval does not.
 *
 *   edge    bright while a lock is held      |#####|      |
 *   upper   on a CPU                         |#####|      |
 *   line    blocked: a line                  |#####|------|
 *   lower   waits for a CPU: half height     |#####|      |
 */
import type { Packed } from '../../theme/theme-colours.ts';
import type { BarBox, RasterPicture } from './raster-picture.ts';

/** A spinning bar narrower than this is not striped: stripes need room to be seen as such. */
const STRIPED_FROM_PX = 6;

export class LaneBands {
  edge: Uint32Array = new Uint32Array(0);
  upper: Uint32Array = new Uint32Array(0);
  line: Uint32Array = new Uint32Array(0);
  lower: Uint32Array = new Uint32Array(0);
  private readonly picture: RasterPicture;

  constructor(picture: RasterPicture) {
    this.picture = picture;
  }

  /** To be called when the picture's width has changed. */
  resize(): void {
    const { width } = this.picture;
    if (this.edge.length === width) return;
    this.edge = new Uint32Array(width);
    this.upper = new Uint32Array(width);
    this.line = new Uint32Array(width);
    this.lower = new Uint32Array(width);
  }

  /** Empties the bands. */
  reset(): void {
    this.edge.set(this.picture.background);
    this.upper.set(this.picture.background);
    this.line.set(this.picture.background);
    this.lower.set(this.picture.background);
  }

  // Most intervals are a few pixels wide: one plain loop over all bands beats a call for each band.

  /** On a CPU: full height. */
  solid(left: number, right: number, colour: Packed): void {
    const { edge, upper, line, lower } = this;
    for (let x = left; x < right; x++) {
      edge[x] = colour;
      upper[x] = colour;
      line[x] = colour;
      lower[x] = colour;
    }
  }

  /** Waits for a CPU: the lower half. */
  half(left: number, right: number, colour: Packed): void {
    const { edge, upper, line, lower } = this;
    const { background } = this.picture;
    for (let x = left; x < right; x++) {
      const ground = background[x]!;
      edge[x] = ground;
      upper[x] = ground;
      line[x] = colour;
      lower[x] = colour;
    }
  }

  /** Blocked: a line. */
  thin(left: number, right: number, colour: Packed): void {
    const { edge, upper, line, lower } = this;
    const { background } = this.picture;
    for (let x = left; x < right; x++) {
      const ground = background[x]!;
      edge[x] = ground;
      upper[x] = ground;
      line[x] = colour;
      lower[x] = ground;
    }
  }

  clear(left: number, right: number): void {
    for (let x = left; x < right; x++) {
      const ground = this.picture.background[x]!;
      this.edge[x] = ground;
      this.upper[x] = ground;
      this.line[x] = ground;
      this.lower[x] = ground;
    }
  }

  spin(left: number, right: number, colour: Packed, stripe: Packed): void {
    this.solid(left, right, colour);
    if (right - left < STRIPED_FROM_PX * this.picture.scale) return;
    const period = 4 * this.picture.scale;
    for (let x = left + 2 * this.picture.scale; x < right - this.picture.scale; x += period) {
      const end = Math.min(x + this.picture.scale, right);
      this.solid(x, end, stripe);
    }
  }

  dashes(left: number, right: number, phase: number, colour: Packed): void {
    const period = 5 * this.picture.scale;
    const dash = 3 * this.picture.scale;
    const first = phase + Math.floor((left - phase) / period) * period;
    for (let x = first; x < right; x += period) {
      const from = Math.max(left, x);
      const to = Math.min(right, x + dash);
      if (from < to) this.line.fill(colour, from, to);
    }
  }

  /** Copies the bands down over the rows of `box`. */
  copyTo(box: BarBox, edgeHeight: number, lineHeight: number): void {
    const half = Math.max(3, Math.round(box.height / 2));
    const lineFrom = box.height - half;
    for (let y = 0; y < box.height; y++) {
      const target = box.top + y;
      if (target < 0 || target >= this.picture.height) continue;
      const band =
        y >= lineFrom + lineHeight
          ? this.lower
          : y >= lineFrom
            ? this.line
            : y < edgeHeight
              ? this.edge
              : this.upper;
      this.picture.pixels.set(band, target * this.picture.width);
    }
  }
}
