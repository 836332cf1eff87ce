/**
 * Paints state bars straight into pixels.
 *
 * A lane looks the same in every row of a few horizontal bands, so each band is painted once, one pixel
 * high, and then copied down. The cost of a lane is that of its intervals plus a copy, whatever its height,
 * and stays bounded at any zoom: a canvas call for every interval does not.
 *
 *   edge    bright while a lock is held      |#####|      |
 *   upper   on a CPU                         |#####|      |
 *   line    blocked: a line                  |#####|------|
 *   lower   waits for a CPU: half height     |#####|      |
 *
 * Everything here is in device pixels. Nothing allocates per interval.
 */
import { LANE_FLAG, type LockWaiterColumns, type QueueLengthColumns } from '#shared/api/contract.ts';
import { LANE_STATE, WINDOW_END } from '#shared/model/enums.ts';
import { firstRowEndingAfter, upperBound } from '#renderer/trace-data/lane-columns.ts';
import type { LaneData } from '#renderer/trace-data/lane-cache.ts';
import { waiterSteps } from '#renderer/trace-data/lock-waiters.ts';
import type { TimeRange } from '#renderer/trace-data/time-axis.ts';
import type { WindowsOfLwp } from '#renderer/trace-data/decision-index.ts';
import type { Packed } from './palette.ts';

/** Colours of bars, mixed with the lane's background where they are shown dimmed. */
export interface BarColours {
  readonly run: Packed;
  readonly spin: Packed;
  readonly spinStripe: Packed;
  readonly runnable: Packed;
  readonly preempted: Packed;
  readonly sleep: Packed;
  readonly park: Packed;
  readonly stop: Packed;
  readonly hold: Packed;
  /** A lock whose holder waits for a CPU, and one whose holder is blocked. */
  readonly heldWaiting: Packed;
  readonly heldBlocked: Packed;
  readonly hatch: Packed;
  /** Between neighbouring runs on a CPU lane. */
  readonly seam: Packed;
}

/** The colours of a thread's bars: dimmed while another one is selected, of its own where threads are coloured. */
export type ColoursOf = (lwp: number) => BarColours;

/** Where a bar stands: distance from the top of the picture and height, in device pixels. */
export interface BarBox {
  readonly top: number;
  readonly height: number;
}

/** A spinning bar narrower than this is not striped: stripes need room to be seen as such. */
const STRIPED_FROM_PX = 6;
const POSTED_FROM_PX = 8;
const HATCH_PERIOD_PX = 5;

export class LaneRaster {
  width = 0;
  height = 0;
  /** Device pixels for each CSS pixel; lines and stripes scale with it. */
  private scale = 1;
  private pixels: Uint32Array = new Uint32Array(0);
  private background: Uint32Array = new Uint32Array(0);
  private edge: Uint32Array = new Uint32Array(0);
  private upper: Uint32Array = new Uint32Array(0);
  private line: Uint32Array = new Uint32Array(0);
  private lower: Uint32Array = new Uint32Array(0);
  /** Height of a curve at each pixel. */
  private levels: Uint16Array = new Uint16Array(0);
  private startNs = 0;
  private endNs = 1;
  private pxPerNs = 1;

  /** @param pixels the picture's words, `width * height` of them (an ImageData's buffer) */
  attach(pixels: Uint32Array, width: number, height: number, scale: number): void {
    this.pixels = pixels;
    this.height = height;
    this.scale = scale;
    if (width === this.width) return;
    this.width = width;
    this.background = new Uint32Array(width);
    this.edge = new Uint32Array(width);
    this.upper = new Uint32Array(width);
    this.line = new Uint32Array(width);
    this.lower = new Uint32Array(width);
    this.levels = new Uint16Array(width);
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

  /** An LWP's life: running, spinning, waiting for a CPU, blocked. */
  lwpBars(data: LaneData, box: BarBox, colours: BarColours): void {
    const { columns, lane } = data;
    this.resetBands();
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
      }
      const flags = columns.flags[row]!;
      const state = columns.state[row]!;
      if (state === LANE_STATE.unknown || (flags & LANE_FLAG.uncertain) !== 0) isUncertain = true;
      switch (state) {
        case LANE_STATE.running:
          this.solid(x, right, colours.run);
          if ((flags & LANE_FLAG.holdsLock) !== 0) this.edge.fill(colours.hold, x, right);
          break;
        case LANE_STATE.spinning:
          this.spin(x, right, colours.spin, colours.spinStripe);
          if ((flags & LANE_FLAG.holdsLock) !== 0) this.edge.fill(colours.hold, x, right);
          break;
        case LANE_STATE.runnable:
          this.half(x, right, colours.runnable);
          break;
        case LANE_STATE.preempted:
          this.half(x, right, colours.preempted);
          // The stump stands where the CPU was lost.
          if (left >= 0 && right - x > stump) {
            this.edge.fill(colours.preempted, x, x + stump);
            this.upper.fill(colours.preempted, x, x + stump);
          }
          break;
        case LANE_STATE.sleeping:
          this.thin(x, right, colours.sleep);
          break;
        case LANE_STATE.blocked:
          this.thin(x, right, colours.sleep);
          // Between posts: what it waits for is another thread's to give.
          if (right - x > POSTED_FROM_PX * this.scale) {
            if (left >= 0) this.upper.fill(colours.sleep, x, x + this.scale);
            if (right < this.width) this.upper.fill(colours.sleep, right - this.scale, right);
          }
          break;
        case LANE_STATE.parked:
          this.clear(x, right);
          this.dashes(x, right, left, colours.park);
          break;
        case LANE_STATE.stopped:
          this.thin(x, right, colours.stop);
          break;
        default:
          this.clear(x, right);
      }
    }
    this.copyBands(box, 2 * this.scale, Math.max(this.scale, Math.round(1.5 * this.scale)));
    if (isUncertain) this.hatchUncertain(data, box, colours.hatch);
  }

  /**
   * Who runs on a CPU.
   *
   * @param lost where it is not known whether anybody did
   */
  cpuBars(
    data: LaneData,
    box: BarBox,
    coloursOf: ColoursOf,
    hatch: Packed,
    lost: readonly TimeRange[] = [],
  ): void {
    const { columns, lane } = data;
    this.resetBands();
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
      }
      const colours = coloursOf(columns.lwp[row]!);
      if (columns.state[row] === LANE_STATE.spinning) this.spin(x, right, colours.spin, colours.spinStripe);
      else if (columns.state[row] === LANE_STATE.unknown) this.clear(x, right);
      else {
        this.edge.fill(colours.run, x, right);
        this.upper.fill(colours.run, x, right);
      }
      if ((columns.flags[row]! & LANE_FLAG.holdsLock) !== 0) this.edge.fill(colours.hold, x, right);
      // A seam where one run follows another without a gap, if both are wide enough to tell apart.
      if (x === previousRight && right - x > 3 * this.scale) {
        this.edge.fill(colours.seam, x, x + this.scale);
        this.upper.fill(colours.seam, x, x + this.scale);
      }
      previousRight = right;
    }
    // No lower half on a CPU: the upper band goes all the way down.
    this.line.set(this.upper);
    this.lower.set(this.upper);
    this.copyBands(box, this.scale, this.scale);
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
    this.resetBands();
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
      }
      const colours = coloursOf(columns.lwp[row]!);
      const colour = holderColour(columns.state[row]!, colours);
      const onCpu = columns.state[row] === LANE_STATE.running || columns.state[row] === LANE_STATE.spinning;
      this.solid(x, right, colour);
      if (!onCpu && right - x > 2 * this.scale) {
        const inside = isWaiting(columns.state[row]!) ? colours.heldWaiting : colours.heldBlocked;
        this.solid(x + this.scale, right - this.scale, inside);
        this.edge.fill(colour, x, right);
      } else if (x === previousRight && right - x > 3 * this.scale) {
        this.solid(x, x + this.scale, colours.seam);
      }
      previousRight = right;
    }
    this.copyBands(box, this.scale, this.scale);
    for (let y = box.top + box.height - this.scale; y < box.top + box.height; y++) {
      if (y >= 0 && y < this.height) this.pixels.set(this.edge, y * this.width);
    }
    this.hatchUncertain(data, box, hatch);
  }

  /**
   * nopreempt windows as brackets: a line under the bar with a foot at either end, the last foot red where
   * the request was revoked.
   */
  brackets(windows: WindowsOfLwp, box: BarBox, colour: Packed, revoked: Packed): void {
    const { columns, rows } = windows;
    const foot = this.edge;
    const bar = this.lower;
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

  /** Run-queue length under a CPU's bar: higher the more wait, and in the colour of lost time from three on. */
  queueStripe(queue: QueueLengthColumns, cpuIndex: number, box: BarBox, calm: Packed, crowded: Packed): void {
    const from = queue.cpuOffset[cpuIndex]!;
    const to = queue.cpuOffset[cpuIndex + 1]!;
    const levels = [this.lower, this.line, this.upper];
    for (const level of levels) level.set(this.background);
    let row = Math.max(from, upperBound(queue.timeNs, this.startNs, from, to) - 1);
    for (; row < to; row++) {
      const start = queue.timeNs[row]!;
      if (start >= this.endNs) break;
      const length = queue.length[row]!;
      if (length <= 0) continue;
      const end = row + 1 < to ? queue.timeNs[row + 1]! : this.endNs;
      const x = Math.min(this.width - 1, Math.max(0, Math.round((start - this.startNs) * this.pxPerNs)));
      const right = Math.max(x + 1, Math.min(this.width, Math.round((end - this.startNs) * this.pxPerNs)));
      for (let level = 0; level < Math.min(length, 3); level++) {
        levels[level]!.fill(length >= 3 ? crowded : calm, x, right);
      }
    }
    const step = box.height / 3;
    for (let y = 0; y < box.height; y++) {
      const target = box.top + y;
      if (target < 0 || target >= this.height) continue;
      const level = Math.min(2, Math.floor((box.height - 1 - y) / step));
      this.pixels.set(levels[level]!, target * this.width);
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
    const { from, to } = waiterSteps(waiters, index, this.startNs);
    const levels = this.levels.fill(0);
    for (let row = from; row < to; row++) {
      const start = waiters.timeNs[row]!;
      if (start >= this.endNs) break;
      const count = waiters.waiters[row]!;
      if (count <= 0) continue;
      const end = row + 1 < to ? waiters.timeNs[row + 1]! : this.endNs;
      const height = Math.max(this.scale, Math.round((Math.min(count, most) / most) * box.height));
      const x = Math.min(this.width - 1, Math.max(0, Math.round((start - this.startNs) * this.pxPerNs)));
      const right = Math.max(x + 1, Math.min(this.width, Math.round((end - this.startNs) * this.pxPerNs)));
      for (let at = x; at < right; at++) if (levels[at]! < height) levels[at] = height;
    }
    const bottom = box.top + box.height;
    for (let y = Math.max(0, box.top); y < Math.min(this.height, bottom); y++) {
      const offset = y * this.width;
      const level = bottom - y;
      for (let x = 0; x < this.width; x++) {
        const height = levels[x]!;
        if (height < level) continue;
        // The line goes down a step, too: from the neighbour's height to its own.
        const beside = Math.min(
          x > 0 ? levels[x - 1]! : height,
          x + 1 < this.width ? levels[x + 1]! : height,
        );
        this.pixels[offset + x] = level > height - this.scale || level > beside ? line : area;
      }
    }
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

  private resetBands(): void {
    this.edge.set(this.background);
    this.upper.set(this.background);
    this.line.set(this.background);
    this.lower.set(this.background);
  }

  // Most intervals are a few pixels wide: one plain loop over all bands beats a call for each band.

  /** On a CPU: full height. */
  private solid(left: number, right: number, colour: Packed): void {
    const { edge, upper, line, lower } = this;
    for (let x = left; x < right; x++) {
      edge[x] = colour;
      upper[x] = colour;
      line[x] = colour;
      lower[x] = colour;
    }
  }

  /** Waits for a CPU: the lower half. */
  private half(left: number, right: number, colour: Packed): void {
    const { background, edge, upper, line, lower } = this;
    for (let x = left; x < right; x++) {
      const ground = background[x]!;
      edge[x] = ground;
      upper[x] = ground;
      line[x] = colour;
      lower[x] = colour;
    }
  }

  /** Blocked: a line. */
  private thin(left: number, right: number, colour: Packed): void {
    const { background, edge, upper, line, lower } = this;
    for (let x = left; x < right; x++) {
      const ground = background[x]!;
      edge[x] = ground;
      upper[x] = ground;
      line[x] = colour;
      lower[x] = ground;
    }
  }

  private clear(left: number, right: number): void {
    for (let x = left; x < right; x++) {
      const ground = this.background[x]!;
      this.edge[x] = ground;
      this.upper[x] = ground;
      this.line[x] = ground;
      this.lower[x] = ground;
    }
  }

  private spin(left: number, right: number, colour: Packed, stripe: Packed): void {
    this.solid(left, right, colour);
    if (right - left < STRIPED_FROM_PX * this.scale) return;
    const period = 4 * this.scale;
    for (let x = left + 2 * this.scale; x < right - this.scale; x += period) {
      const end = Math.min(x + this.scale, right);
      this.solid(x, end, stripe);
    }
  }

  private dashes(left: number, right: number, phase: number, colour: Packed): void {
    const period = 5 * this.scale;
    const dash = 3 * this.scale;
    const first = phase + Math.floor((left - phase) / period) * period;
    for (let x = first; x < right; x += period) {
      const from = Math.max(left, x);
      const to = Math.min(right, x + dash);
      if (from < to) this.line.fill(colour, from, to);
    }
  }

  private copyBands(box: BarBox, edgeHeight: number, lineHeight: number): void {
    const half = Math.max(3, Math.round(box.height / 2));
    const lineFrom = box.height - half;
    for (let y = 0; y < box.height; y++) {
      const target = box.top + y;
      if (target < 0 || target >= this.height) continue;
      const band =
        y >= lineFrom + lineHeight
          ? this.lower
          : y >= lineFrom
            ? this.line
            : y < edgeHeight
              ? this.edge
              : this.upper;
      this.pixels.set(band, target * this.width);
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
