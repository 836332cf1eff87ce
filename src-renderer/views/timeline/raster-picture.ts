/**
 * A picture that is written pixel by pixel, and the time range that it shows. Everything is in device pixels.
 * Nothing allocates per interval or per frame.
 */
import type { TimeRange } from '#renderer/trace-data/time-axis.ts';
import type { Packed } from '../../theme/theme-colours.ts';

/** Where a bar stands: distance from the top of the picture and height, in device pixels. */
export interface BarBox {
  readonly top: number;
  readonly height: number;
}

const HATCH_PERIOD_PX = 5;

export class RasterPicture {
  width = 0;
  height = 0;
  /** Device pixels for each CSS pixel; lines and stripes scale with it. */
  scale = 1;
  pixels: Uint32Array = new Uint32Array(0);
  /** The lanes' ground with its tick grid: the same in every row. */
  background: Uint32Array = new Uint32Array(0);
  startNs = 0;
  endNs = 1;
  pxPerNs = 1;

  /** @param pixels the picture's words, `width * height` of them (an ImageData's buffer) */
  attach(pixels: Uint32Array, width: number, height: number, scale: number): void {
    this.pixels = pixels;
    this.height = height;
    this.scale = scale;
    if (width === this.width) return;
    this.width = width;
    this.background = new Uint32Array(width);
  }

  /** Starts a frame: the range shown, and the background with its tick grid. Clears the picture. */
  begin(range: TimeRange, ground: Packed, grid: Packed, gridTimesNs: readonly number[]): void {
    this.startNs = range.startNs;
    this.endNs = range.endNs;
    this.pxPerNs = this.width / (range.endNs - range.startNs);
    this.background.fill(ground);
    for (const timeNs of gridTimesNs) {
      const x = Math.round((timeNs - this.startNs) * this.pxPerNs);
      if (x >= 0 && x < this.width) this.background[x] = grid;
    }
    for (let y = 0; y < this.height; y++) this.pixels.set(this.background, y * this.width);
  }

  /** Fills rows with one colour. */
  fill(box: BarBox, colour: Packed): void {
    const from = Math.max(0, box.top);
    const to = Math.min(this.height, box.top + box.height);
    if (from < to) this.pixels.fill(colour, from * this.width, to * this.width);
  }

  /** Fills rows with the lanes' background and its grid. */
  ground(box: BarBox): void {
    const to = Math.min(this.height, box.top + box.height);
    for (let y = Math.max(0, box.top); y < to; y++) this.pixels.set(this.background, y * this.width);
  }

  /** Diagonal lines over `left` to `right` (device pixels): nothing is known there. */
  hatch(left: number, right: number, box: BarBox, colour: Packed): void {
    const period = HATCH_PERIOD_PX * this.scale;
    for (let y = Math.max(0, box.top); y < Math.min(this.height, box.top + box.height); y++) {
      const offset = y * this.width;
      for (let x = left + ((period - ((left + y) % period)) % period); x < right; x += period) {
        this.pixels.fill(colour, offset + x, offset + Math.min(x + this.scale, right));
      }
    }
  }
}
