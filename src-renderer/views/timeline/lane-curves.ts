/** Numbers over time, painted into pixels under the bars: run-queue lengths of a CPU, waiting threads of a lock. */
import type { LockWaiterColumns, QueueLengthColumns } from '#shared/api/contract.ts';
import { upperBound } from '#renderer/trace-data/lane-columns.ts';
import { waiterSteps } from '#renderer/trace-data/lock-waiters.ts';
import type { LaneBands } from './lane-bands.ts';
import type { Packed } from '../../theme/theme-colours.ts';
import type { BarBox, RasterPicture } from './raster-picture.ts';

export class LaneCurves {
  private readonly picture: RasterPicture;
  private readonly bands: LaneBands;
  /** Height of a curve at each pixel. */
  private levels: Uint16Array = new Uint16Array(0);

  /** @param bands to be used in between: what is in them is lost */
  constructor(picture: RasterPicture, bands: LaneBands) {
    this.picture = picture;
    this.bands = bands;
  }

  /** Run-queue length under a CPU's bar: higher the more wait, and in the colour of lost time from three on. */
  queueStripe(queue: QueueLengthColumns, cpuIndex: number, box: BarBox, calm: Packed, crowded: Packed): void {
    const { picture, bands } = this;
    const from = queue.cpuOffset[cpuIndex]!;
    const to = queue.cpuOffset[cpuIndex + 1]!;
    const levels = [bands.lower, bands.line, bands.upper];
    for (const level of levels) level.set(picture.background);
    let row = Math.max(from, upperBound(queue.timeNs, picture.startNs, from, to) - 1);
    for (; row < to; row++) {
      const start = queue.timeNs[row]!;
      if (start >= picture.endNs) break;
      const length = queue.length[row]!;
      if (length <= 0) continue;
      const end = row + 1 < to ? queue.timeNs[row + 1]! : picture.endNs;
      const x = Math.min(
        picture.width - 1,
        Math.max(0, Math.round((start - picture.startNs) * picture.pxPerNs)),
      );
      const right = Math.max(
        x + 1,
        Math.min(picture.width, Math.round((end - picture.startNs) * picture.pxPerNs)),
      );
      for (let level = 0; level < Math.min(length, 3); level++) {
        levels[level]!.fill(length >= 3 ? crowded : calm, x, right);
      }
    }
    const step = box.height / 3;
    for (let y = 0; y < box.height; y++) {
      const target = box.top + y;
      if (target < 0 || target >= picture.height) continue;
      const level = Math.min(2, Math.floor((box.height - 1 - y) / step));
      picture.pixels.set(levels[level]!, target * picture.width);
    }
  }

  /**
   * How many threads wait for a lock, as a curve: a filled area under a line. Of several numbers under one pixel
   * the largest shows.
   *
   * @param index which of the locks that the columns are for
   * @param most number that fills the box
   */
  waiterCurve(
    waiters: LockWaiterColumns,
    index: number,
    box: BarBox,
    most: number,
    line: Packed,
    area: Packed,
  ): void {
    const { picture } = this;
    const { from, to } = waiterSteps(waiters, index, picture.startNs);
    if (this.levels.length !== picture.width) this.levels = new Uint16Array(picture.width);
    const levels = this.levels.fill(0);
    for (let row = from; row < to; row++) {
      const start = waiters.timeNs[row]!;
      if (start >= picture.endNs) break;
      const count = waiters.waiters[row]!;
      if (count <= 0) continue;
      const end = row + 1 < to ? waiters.timeNs[row + 1]! : picture.endNs;
      const height = Math.max(picture.scale, Math.round((Math.min(count, most) / most) * box.height));
      const x = Math.min(
        picture.width - 1,
        Math.max(0, Math.round((start - picture.startNs) * picture.pxPerNs)),
      );
      const right = Math.max(
        x + 1,
        Math.min(picture.width, Math.round((end - picture.startNs) * picture.pxPerNs)),
      );
      for (let at = x; at < right; at++) if (levels[at]! < height) levels[at] = height;
    }
    const bottom = box.top + box.height;
    for (let y = Math.max(0, box.top); y < Math.min(picture.height, bottom); y++) {
      const offset = y * picture.width;
      const level = bottom - y;
      for (let x = 0; x < picture.width; x++) {
        const height = levels[x]!;
        if (height < level) continue;
        // The line goes down a step, too: from the neighbour's height to its own.
        const beside = Math.min(
          x > 0 ? levels[x - 1]! : height,
          x + 1 < picture.width ? levels[x + 1]! : height,
        );
        picture.pixels[offset + x] = level > height - picture.scale || level > beside ? line : area;
      }
    }
  }
}
