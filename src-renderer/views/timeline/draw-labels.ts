/** Names on the bars: the thread on a CPU, the CPU of a thread, the holder of a lock. */
import { LANE_STATE } from '#shared/model/enums.ts';
import type { LabelFit } from '#renderer/trace-data/label-fit.ts';
import type { LaneData } from '#renderer/trace-data/lane-cache.ts';
import { firstRowEndingAfter } from '#renderer/trace-data/lane-columns.ts';
import type { TimeRange } from '#renderer/trace-data/time-axis.ts';
import type { ThemeColours } from '../../theme/theme-colours.ts';

/** Name of a thread, in full and short. */
export type NameOf = (id: number) => { readonly name: string; readonly shortName: string };

export interface LabelContext {
  readonly g: CanvasRenderingContext2D;
  readonly fit: LabelFit;
  readonly theme: ThemeColours;
  readonly range: TimeRange;
  readonly widthPx: number;
  /** Whether preemption control is that of Linux. */
  readonly isLinux: boolean;
}

/**
 * Where marks stand on a bar, from left to right, so that no label is crossed by one. Refilled for each lane: nothing
 * is made anew for a frame.
 */
export class MarkSpans {
  private readonly left: number[] = [];
  private readonly right: number[] = [];
  private length = 0;

  clear(): void {
    this.length = 0;
  }

  /** Marks come in order of their left edges. */
  add(left: number, right: number): void {
    this.left[this.length] = left;
    this.right[this.length++] = right;
  }

  /** First position from `x` on at which `width` pixels are free of marks. */
  freeFrom(x: number, width: number): number {
    let at = x;
    for (let i = 0; i < this.length; i++) {
      if (this.left[i]! >= at + width) break;
      if (this.right[i]! > at) at = this.right[i]!;
    }
    return at;
  }
}

const PADDING_PX = 4;
/** Room that a label of one digit needs; narrower bars are not looked at any further. */
const NARROWEST_PX = 12;

/**
 * Labels the rows of one lane. `textOf` gives the long and the short text of a row, null for none.
 *
 * @param marks where labels must not stand; one that finds no room beside them is left out
 * @param middle vertical centre of the text
 * @param spinPlate height of the plate under text on striped bars, which could not be read otherwise
 * @param plateOf its colour, which is that of the bar
 */
export function drawLabels(
  { g, fit, range, widthPx }: LabelContext,
  data: LaneData,
  marks: MarkSpans,
  middle: number,
  spinPlate: number,
  textOf: (row: number) => { readonly name: string; readonly shortName: string } | null,
  colourOf: (row: number) => string,
  plateOf: (row: number) => string,
): void {
  const { columns, lane } = data;
  const pxPerNs = widthPx / (range.endNs - range.startNs);
  const to = columns.laneOffset[lane + 1]!;
  for (let row = firstRowEndingAfter(columns, lane, range.startNs); row < to; row++) {
    const start = columns.startNs[row]!;
    if (start >= range.endNs) return;
    // A label stays readable while its bar is partly off the screen.
    const left = Math.max(0, (start - range.startNs) * pxPerNs);
    const right = Math.min(widthPx, (columns.endNs[row]! - range.startNs) * pxPerNs);
    if (right - left < NARROWEST_PX) continue;
    const text = textOf(row);
    if (text === null) continue;
    const label = fit.fit(text.name, text.shortName, right - left - 2 * PADDING_PX);
    if (label === '') continue;
    const labelPx = Math.ceil(fit.widthOf(label));
    const x = marks.freeFrom(left + PADDING_PX, labelPx);
    if (x + labelPx > right - PADDING_PX + 1) continue;
    if (columns.state[row] === LANE_STATE.spinning) {
      g.fillStyle = plateOf(row);
      g.fillRect(Math.round(x - 2), middle - spinPlate / 2, labelPx + 4, spinPlate);
    }
    g.fillStyle = colourOf(row);
    g.fillText(label, Math.round(x), middle);
  }
}
