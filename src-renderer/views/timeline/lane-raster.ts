/**
 * Paints the bars of lanes straight into pixels: states of threads, runs on CPUs, holders of locks, and the brackets
 * of nopreempt windows. Everything here is in device pixels. Nothing allocates per interval.
 */
import { LANE_FLAG } from '#shared/api/contract.ts';
import { LANE_STATE, WINDOW_END } from '#shared/model/enums.ts';
import { firstRowEndingAfter } from '#renderer/trace-data/lane-columns.ts';
import type { LaneData } from '#renderer/trace-data/lane-cache.ts';
import type { TimeRange } from '#renderer/trace-data/time-axis.ts';
import type { WindowsOfLwp } from '#renderer/trace-data/decision-index.ts';
import type { BarColours, ColoursOf } from './bar-colours.ts';
import { LaneBands } from './lane-bands.ts';
import { LaneCurves } from './lane-curves.ts';
import type { Packed } from '../../theme/theme-colours.ts';
import { RasterPicture, type BarBox } from './raster-picture.ts';

const POSTED_FROM_PX = 8;

export class LaneRaster extends RasterPicture {
  private readonly bands = new LaneBands(this);
  readonly curves = new LaneCurves(this, this.bands);

  override attach(pixels: Uint32Array, width: number, height: number, scale: number): void {
    super.attach(pixels, width, height, scale);
    this.bands.resize();
  }

  /** An LWP's life: running, spinning, waiting for a CPU, blocked. */
  lwpBars(data: LaneData, box: BarBox, colours: BarColours): void {
    const { columns, lane } = data;
    const { bands } = this;
    bands.reset();
    const to = columns.laneOffset[lane + 1]!;
    const stump = 2 * this.scale;
    let isUncertain = false;
    let tinyX = -1;
    let tinyNs = 0;
    for (let row = firstRowEndingAfter(columns, lane, this.startNs); row < to; row++) {
      const start = columns.startNs[row]!;
      if (start >= this.endNs) break;
      const end = columns.endNs[row]!;
      // Positions far outside are cut to just outside, so that textures keep their phase near the edge.
      const left = Math.max(Math.round((start - this.startNs) * this.pxPerNs), -1);
      let right = Math.min(Math.round((end - this.startNs) * this.pxPerNs), this.width);
      let x = Math.max(0, left);
      if (right <= x) {
        x = Math.min(
          this.width - 1,
          Math.max(0, Math.floor(((start + end) / 2 - this.startNs) * this.pxPerNs)),
        );
        if (x === tinyX && end - start <= tinyNs) continue;
        tinyX = x;
        tinyNs = end - start;
        right = x + 1;
      } else if (x === tinyX && right > x + 1) x++; // What is thinner than a pixel keeps its pixel.
      const flags = columns.flags[row]!;
      const state = columns.state[row]!;
      if (state === LANE_STATE.unknown || (flags & LANE_FLAG.uncertain) !== 0) isUncertain = true;
      switch (state) {
        case LANE_STATE.running:
          bands.solid(x, right, colours.run);
          if ((flags & LANE_FLAG.holdsLock) !== 0) bands.edge.fill(colours.hold, x, right);
          break;
        case LANE_STATE.spinning:
          bands.spin(x, right, colours.spin, colours.spinStripe);
          if ((flags & LANE_FLAG.holdsLock) !== 0) bands.edge.fill(colours.hold, x, right);
          break;
        case LANE_STATE.runnable:
          bands.half(x, right, colours.runnable);
          break;
        case LANE_STATE.preempted:
          bands.half(x, right, colours.preempted);
          // The stump stands where the CPU was lost.
          if (left >= 0 && right - x > stump) {
            bands.edge.fill(colours.preempted, x, x + stump);
            bands.upper.fill(colours.preempted, x, x + stump);
          }
          break;
        case LANE_STATE.sleeping:
          bands.thin(x, right, colours.sleep);
          break;
        case LANE_STATE.blocked:
          bands.thin(x, right, colours.sleep);
          // Between posts: what it waits for is another thread's to give.
          if (right - x > POSTED_FROM_PX * this.scale) {
            if (left >= 0) bands.upper.fill(colours.sleep, x, x + this.scale);
            if (right < this.width) bands.upper.fill(colours.sleep, right - this.scale, right);
          }
          break;
        case LANE_STATE.parked:
          bands.clear(x, right);
          bands.dashes(x, right, left, colours.park);
          break;
        case LANE_STATE.stopped:
          bands.thin(x, right, colours.stop);
          break;
        default:
          bands.clear(x, right);
      }
    }
    bands.copyTo(box, 2 * this.scale, Math.max(this.scale, Math.round(1.5 * this.scale)));
    if (isUncertain) this.hatchUncertain(data, box, colours.hatch);
  }

  /**
   * Who runs on a CPU.
   *
   * @param lost where the trace does not show whether any thread ran
   */
  cpuBars(
    data: LaneData,
    box: BarBox,
    coloursOf: ColoursOf,
    hatch: Packed,
    lost: readonly TimeRange[] = [],
  ): void {
    const { columns, lane } = data;
    const { bands } = this;
    bands.reset();
    const to = columns.laneOffset[lane + 1]!;
    let tinyX = -1;
    let tinyNs = 0;
    let previousRight = -1;
    for (let row = firstRowEndingAfter(columns, lane, this.startNs); row < to; row++) {
      const start = columns.startNs[row]!;
      if (start >= this.endNs) break;
      const end = columns.endNs[row]!;
      const left = Math.round((start - this.startNs) * this.pxPerNs);
      let right = Math.min(Math.round((end - this.startNs) * this.pxPerNs), this.width);
      let x = Math.max(0, left);
      if (right <= x) {
        x = Math.min(
          this.width - 1,
          Math.max(0, Math.floor(((start + end) / 2 - this.startNs) * this.pxPerNs)),
        );
        if (x === tinyX && end - start <= tinyNs) continue;
        tinyX = x;
        tinyNs = end - start;
        right = x + 1;
      } else if (x === tinyX && right > x + 1) x++; // What is thinner than a pixel keeps its pixel.
      const colours = coloursOf(columns.lwp[row]!);
      if (columns.state[row] === LANE_STATE.spinning) bands.spin(x, right, colours.spin, colours.spinStripe);
      else if (columns.state[row] === LANE_STATE.unknown) bands.clear(x, right);
      else {
        bands.edge.fill(colours.run, x, right);
        bands.upper.fill(colours.run, x, right);
      }
      if ((columns.flags[row]! & LANE_FLAG.holdsLock) !== 0) bands.edge.fill(colours.hold, x, right);
      // A seam where one run follows another without a gap, if both are wide enough to tell apart.
      if (x === previousRight && right - x > 3 * this.scale) {
        bands.edge.fill(colours.seam, x, x + this.scale);
        bands.upper.fill(colours.seam, x, x + this.scale);
      }
      previousRight = right;
    }
    // No lower half on a CPU: the upper band goes all the way down.
    bands.line.set(bands.upper);
    bands.lower.set(bands.upper);
    bands.copyTo(box, this.scale, this.scale);
    this.hatchUncertain(data, box, hatch);
    for (const { startNs, endNs } of lost) {
      const left = Math.max(0, Math.round((startNs - this.startNs) * this.pxPerNs));
      const right = Math.min(this.width, Math.round((endNs - this.startNs) * this.pxPerNs));
      if (right > left) this.hatch(left, right, box, hatch);
    }
  }

  /** Who holds a lock: solid while the holder is on a CPU, an outline while it waits for one or is blocked. */
  syncBars(data: LaneData, box: BarBox, coloursOf: ColoursOf, hatch: Packed): void {
    const { columns, lane } = data;
    const { bands } = this;
    bands.reset();
    const to = columns.laneOffset[lane + 1]!;
    let tinyX = -1;
    let tinyNs = 0;
    let previousRight = -1;
    for (let row = firstRowEndingAfter(columns, lane, this.startNs); row < to; row++) {
      const start = columns.startNs[row]!;
      if (start >= this.endNs) break;
      const end = columns.endNs[row]!;
      const left = Math.round((start - this.startNs) * this.pxPerNs);
      let right = Math.min(Math.round((end - this.startNs) * this.pxPerNs), this.width);
      let x = Math.max(0, left);
      if (right <= x) {
        x = Math.min(
          this.width - 1,
          Math.max(0, Math.floor(((start + end) / 2 - this.startNs) * this.pxPerNs)),
        );
        if (x === tinyX && end - start <= tinyNs) continue;
        tinyX = x;
        tinyNs = end - start;
        right = x + 1;
      } else if (x === tinyX && right > x + 1) x++; // What is thinner than a pixel keeps its pixel.
      const colours = coloursOf(columns.lwp[row]!);
      const colour = holderColour(columns.state[row]!, colours);
      const onCpu = columns.state[row] === LANE_STATE.running || columns.state[row] === LANE_STATE.spinning;
      bands.solid(x, right, colour);
      if (!onCpu && right - x > 2 * this.scale) {
        const inside = isWaiting(columns.state[row]!) ? colours.heldWaiting : colours.heldBlocked;
        bands.solid(x + this.scale, right - this.scale, inside);
        bands.edge.fill(colour, x, right);
      } else if (x === previousRight && right - x > 3 * this.scale) {
        bands.solid(x, x + this.scale, colours.seam);
      }
      previousRight = right;
    }
    bands.copyTo(box, this.scale, this.scale);
    for (let y = box.top + box.height - this.scale; y < box.top + box.height; y++) {
      if (y >= 0 && y < this.height) this.pixels.set(bands.edge, y * this.width);
    }
    this.hatchUncertain(data, box, hatch);
  }

  /**
   * nopreempt windows as brackets: a line under the bar with a foot at either end, the last foot red where
   * the request was revoked.
   */
  brackets(windows: WindowsOfLwp, box: BarBox, colour: Packed, revoked: Packed): void {
    const { columns, rows } = windows;
    const { bands } = this;
    const foot = bands.edge;
    const bar = bands.lower;
    foot.set(this.background);
    bar.set(this.background);
    const thin = this.scale;
    for (const row of rows) {
      const start = columns.startNs[row]!;
      if (start >= this.endNs) break;
      const end = columns.end[row] === WINDOW_END.open ? Infinity : columns.endNs[row]!;
      if (end <= this.startNs) continue;
      const left = Math.round((start - this.startNs) * this.pxPerNs);
      const right = Math.max(left + thin, Math.round((end - this.startNs) * this.pxPerNs));
      const from = Math.max(0, left);
      const to = Math.min(this.width, right);
      if (from >= to) continue;
      const last = columns.end[row] === WINDOW_END.forced ? revoked : colour;
      bar.fill(right - left > thin ? colour : last, from, to);
      if (right - left < 4 * thin) {
        if (last === revoked) foot.fill(last, from, to);
        continue;
      }
      if (left >= 0) foot.fill(colour, left, left + thin);
      if (right <= this.width) {
        foot.fill(last, right - thin, right);
        if (last === revoked) bar.fill(last, Math.max(from, right - 3 * thin), right);
      }
    }
    const barHeight = thin;
    for (let y = 0; y < box.height; y++) {
      const target = box.top + y;
      if (target < 0 || target >= this.height) continue;
      this.pixels.set(y >= box.height - barHeight ? bar : foot, target * this.width);
    }
  }

  private hatchUncertain(data: LaneData, box: BarBox, colour: Packed): void {
    const { columns, lane } = data;
    const to = columns.laneOffset[lane + 1]!;
    for (let row = firstRowEndingAfter(columns, lane, this.startNs); row < to; row++) {
      const start = columns.startNs[row]!;
      if (start >= this.endNs) break;
      const uncertain = (columns.flags[row]! & LANE_FLAG.uncertain) !== 0;
      if (!uncertain && columns.state[row] !== LANE_STATE.unknown) continue;
      const left = Math.max(0, Math.round((start - this.startNs) * this.pxPerNs));
      const right = Math.min(this.width, Math.round((columns.endNs[row]! - this.startNs) * this.pxPerNs));
      if (right > left) this.hatch(left, right, box, colour);
    }
  }
}

const isWaiting = (state: number): boolean => state === LANE_STATE.preempted || state === LANE_STATE.runnable;

function holderColour(state: number, colours: BarColours): Packed {
  switch (state) {
    case LANE_STATE.spinning:
      return colours.spin;
    case LANE_STATE.preempted:
      return colours.preempted;
    case LANE_STATE.runnable:
      return colours.runnable;
    case LANE_STATE.sleeping:
    case LANE_STATE.stopped:
      return colours.sleep;
    case LANE_STATE.blocked:
    case LANE_STATE.parked:
      return colours.park;
    default:
      return colours.run;
  }
}
