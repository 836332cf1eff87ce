/**
 * Paints the lanes that are in view: bars as pixels first, then everything that needs strokes and text on
 * top. Knows where things are and how they look; what is selected and where data comes from is not its
 * business.
 */
import type { QueueLengthColumns } from '#shared/api/contract.ts';
import { DECISION, LANE_STATE } from '#shared/model/enums.ts';
import {
  clusterDecisions,
  type DecisionsOfLwp,
  type WindowsOfLwp,
} from '#renderer/trace-data/decision-index.ts';
import { LabelFit } from '#renderer/trace-data/label-fit.ts';
import type { LaneCache, LaneData } from '#renderer/trace-data/lane-cache.ts';
import type { PlacedRow } from '#renderer/trace-data/lane-layout.ts';
import { timeToPx, type TimeRange } from '#renderer/trace-data/time-axis.ts';
import { drawFocusWindows } from './draw-focus.ts';
import { drawLabels, type LabelContext, type NameOf } from './draw-labels.ts';
import { GlyphSprites } from './glyphs.ts';
import {
  BRACKET_GAP_PX,
  BRACKET_PX,
  cpuBar,
  focusPlaces,
  lwpBar,
  QUEUE_PX,
  syncBar,
  type BarPlace,
} from './lane-metrics.ts';
import { LaneRaster, type BarBox, type BarColours } from './lane-raster.ts';
import { mixPacked, type Palette } from './palette.ts';

/** Everything that one frame shows. */
export interface TimelineFrame {
  readonly range: TimeRange;
  readonly rows: readonly PlacedRow[];
  readonly gridTimesNs: readonly number[];
  readonly lanes: LaneCache;
  readonly windows: ReadonlyMap<number, WindowsOfLwp>;
  readonly decisions: ReadonlyMap<number, DecisionsOfLwp>;
  /** Run-queue lengths and which CPUs they are for, in order; null while there are none. */
  readonly queues: { readonly columns: QueueLengthColumns; readonly cpus: readonly number[] } | null;
  /** LWP whose runs stay bright while others are dimmed; null for none. */
  readonly selectedLwp: number | null;
  readonly nameOf: NameOf;
}

/** How strongly the runs of other threads show while one is selected. */
const OTHERS_SHARE = 0.62;
const LANE_GLYPH_PX = 9;
const FOCUS_GLYPH_PX = 11;
/** Three marks of the large row that would stand nearer than this become one with a count. */
const FOCUS_GAP_PX = 26;
/** Marks in an ordinary lane need this much room, or they would hide the bars. */
const LANE_GAP_PX = 30;
const LABEL_PX = 10;
/** Bars lower than this have no room for a line of text. */
const LABELLED_FROM_PX = 9;

export class TimelinePainter {
  private readonly canvas: HTMLCanvasElement;
  private readonly g: CanvasRenderingContext2D;
  private readonly raster = new LaneRaster();
  private image: ImageData | null = null;
  private scale = 1;
  private widthPx = 0;
  private heightPx = 0;
  private palette: Palette | null = null;
  private bright!: BarColours;
  private dimmed!: BarColours;
  private glyphs!: GlyphSprites;
  private fit!: LabelFit;

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    // Pixels are written every frame: a canvas in main memory saves a copy each time.
    const g = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (g === null) throw new Error('the browser gives no 2D canvas');
    this.g = g;
  }

  /** @param scale device pixels for each CSS pixel */
  resize(widthPx: number, heightPx: number, scale: number): void {
    const width = Math.max(1, Math.round(widthPx * scale));
    const height = Math.max(1, Math.round(heightPx * scale));
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    if (this.image?.width === width && this.image.height === height && this.scale === scale) return;
    this.scale = scale;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = new ImageData(width, height);
    this.raster.attach(
      new Uint32Array(this.image.data.buffer),
      width,
      height,
      Math.max(1, Math.round(scale)),
    );
    if (this.palette !== null) this.useTheme(this.palette);
  }

  /** Takes over the colours of a theme. */
  useTheme(palette: Palette): void {
    this.palette = palette;
    const { packed } = palette;
    const colours = (share: number): BarColours => {
      const dim = (colour: number): number => mixPacked(packed['bg-lane'], colour, share);
      return {
        run: dim(packed['st-run']),
        spin: dim(packed['st-spin']),
        spinStripe: dim(mixPacked(packed['st-spin'], packed['on-spin'], 0.34)),
        runnable: dim(packed['st-rq']),
        preempted: dim(packed['st-pre']),
        sleep: dim(packed['st-sleep']),
        park: dim(packed['st-park']),
        stop: dim(packed['st-stop']),
        hold: dim(packed['hold']),
        hatch: dim(packed['hatch']),
        seam: mixPacked(packed['bg-lane'], packed['st-run'], 0.3),
      };
    };
    this.bright = colours(1);
    this.dimmed = colours(OTHERS_SHARE);
    this.glyphs = new GlyphSprites(palette, this.scale);
    this.g.font = `${LABEL_PX}px ${palette.font}`;
    this.fit = new LabelFit((text) => this.g.measureText(text).width);
  }

  paint(frame: TimelineFrame): void {
    const { palette, image, g } = this;
    if (palette === null || image === null || this.widthPx < 1) return;
    const { packed } = palette;
    this.raster.begin(frame.range, packed['bg-lane'], packed['line-1'], frame.gridTimesNs);
    // Scrolled rows may reach under the pinned ones, which are placed first: paint those last.
    for (let i = frame.rows.length - 1; i >= 0; i--) this.paintBars(frame, frame.rows[i]!);
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.putImageData(image, 0, 0);
    g.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    g.font = `${LABEL_PX}px ${palette.font}`;
    g.textBaseline = 'middle';
    g.textAlign = 'left';
    this.paintDetails(frame);
  }

  private paintBars(frame: TimelineFrame, placed: PlacedRow): void {
    const { raster, bright, dimmed } = this;
    const { row } = placed;
    const { packed } = this.palette!;
    if (row.kind === 'group') {
      raster.fill(this.box(placed, { top: 0, height: placed.height }), packed['bg-2']);
      raster.fill(this.box(placed, { top: placed.height - 1, height: 1 }), packed['line-1']);
      return;
    }
    if (row.pinned) {
      // Pinned rows stand over scrolled ones: they bring their own ground.
      raster.ground(this.box(placed, { top: 0, height: placed.height }));
      raster.fill(this.box(placed, { top: placed.height - 1, height: 1 }), packed['line-2']);
    }
    const data = frame.lanes.get(row.kind, row.id);
    const brightLwp = frame.selectedLwp ?? -1;
    const windows = row.kind === 'lwp' ? frame.windows.get(row.id) : undefined;
    switch (row.kind) {
      case 'cpu': {
        const bar = cpuBar(placed.height);
        if (data !== undefined) raster.cpuBars(data, this.box(placed, bar), bright, dimmed, brightLwp);
        const index = frame.queues?.cpus.indexOf(row.id) ?? -1;
        if (frame.queues !== null && index >= 0) {
          const stripe = { top: bar.top + bar.height + 1, height: QUEUE_PX };
          raster.queueStripe(
            frame.queues.columns,
            index,
            this.box(placed, stripe),
            packed['rq'],
            packed['st-pre'],
          );
        }
        return;
      }
      case 'sync':
        if (data !== undefined) {
          raster.syncBars(data, this.box(placed, syncBar(placed.height)), bright, dimmed, brightLwp);
        }
        return;
      case 'lwp': {
        const bar = placed.focus ? focusPlaces(placed.height).bar : lwpBar(placed.height);
        if (data !== undefined) raster.lwpBars(data, this.box(placed, bar), bright);
        if (windows !== undefined && !placed.focus) {
          const bracket = { top: bar.top + bar.height + BRACKET_GAP_PX, height: BRACKET_PX };
          raster.brackets(windows, this.box(placed, bracket), packed['text-2'], packed['oc-forced']);
        }
      }
    }
  }

  private paintDetails(frame: TimelineFrame): void {
    const { g } = this;
    const pinnedBottom = frame.rows.reduce(
      (bottom, { row, top, height }) => (row.pinned ? top + height : bottom),
      0,
    );
    g.save();
    g.beginPath();
    g.rect(0, pinnedBottom, this.widthPx, this.heightPx - pinnedBottom);
    g.clip();
    for (const placed of frame.rows) if (!placed.row.pinned) this.paintRowDetails(frame, placed);
    g.restore();
    for (const placed of frame.rows) if (placed.row.pinned) this.paintRowDetails(frame, placed);
  }

  private paintRowDetails(frame: TimelineFrame, placed: PlacedRow): void {
    const { row } = placed;
    if (row.kind === 'group') return;
    const data = frame.lanes.get(row.kind, row.id);
    const context = this.context(frame);
    if (data !== undefined) this.paintLabels(frame, context, placed, data);
    if (row.kind !== 'lwp') return;
    const decisions = frame.decisions.get(row.id) ?? null;
    const windows = frame.windows.get(row.id);
    if (placed.focus && windows !== undefined) {
      drawFocusWindows(context, windows, decisions, placed.top, focusPlaces(placed.height));
    }
    if (decisions !== null) this.paintDecisions(frame, placed, decisions);
  }

  private paintLabels(frame: TimelineFrame, context: LabelContext, placed: PlacedRow, data: LaneData): void {
    const { columns } = data;
    const { css } = this.palette!;
    const { kind } = placed.row;
    const bar =
      kind === 'cpu'
        ? cpuBar(placed.height)
        : kind === 'sync'
          ? syncBar(placed.height)
          : placed.focus
            ? focusPlaces(placed.height).bar
            : lwpBar(placed.height);
    if (bar.height < LABELLED_FROM_PX) return;
    const middle = placed.top + bar.top + bar.height / 2 + 0.5;
    const plate = bar.height - 2;
    const isDimmed = (row: number): boolean =>
      frame.selectedLwp !== null && columns.lwp[row] !== frame.selectedLwp;
    const onDimmed = css['text-1'];
    if (kind === 'lwp') {
      drawLabels(
        context,
        data,
        middle,
        plate,
        (row) => {
          const state = columns.state[row]!;
          if (state !== LANE_STATE.running && state !== LANE_STATE.spinning) return null;
          return cpuLabel(columns.cpu[row]!, placed.focus);
        },
        (row) => css[columns.state[row] === LANE_STATE.spinning ? 'on-spin' : 'on-run'],
      );
      return;
    }
    drawLabels(
      context,
      data,
      middle,
      plate,
      (row) => (columns.lwp[row]! < 0 ? null : frame.nameOf(columns.lwp[row]!)),
      (row) => {
        const state = columns.state[row]!;
        if (isDimmed(row)) return state === LANE_STATE.spinning ? css['on-spin'] : onDimmed;
        if (state === LANE_STATE.spinning) return css['on-spin'];
        return state === LANE_STATE.running || kind === 'cpu' ? css['on-run'] : css['text-1'];
      },
    );
  }

  private paintDecisions(frame: TimelineFrame, placed: PlacedRow, decisions: DecisionsOfLwp): void {
    const { g, glyphs } = this;
    const { css } = this.palette!;
    const size = placed.focus ? FOCUS_GLYPH_PX : LANE_GLYPH_PX;
    const toPx = (timeNs: number): number => timeToPx(frame.range, this.widthPx, timeNs);
    const marks = clusterDecisions(
      decisions,
      toPx,
      this.widthPx,
      placed.focus ? FOCUS_GAP_PX : LANE_GAP_PX,
      size + 3,
    );
    const bar = lwpBar(placed.height);
    const y = placed.top + (placed.focus ? focusPlaces(placed.height).marks : bar.top + bar.height / 2);
    for (const mark of marks) {
      // In a crowd only what cost somebody something stands out; the large row and the chart show all.
      if (!placed.focus && mark.count > 1 && !isRevocation(mark.outcome)) continue;
      if (mark.count > 1) {
        const text = mark.count > 999 ? '999+' : String(mark.count);
        const width = this.fit.widthOf(text);
        // The count gets a plate of its own, or the bar under it would swallow it.
        g.fillStyle = css['bg-lane'];
        g.fillRect(mark.px, y - size / 2 - 1, size / 2 + width + 5, size + 2);
        g.fillStyle = css['text-1'];
        g.fillText(text, Math.round(mark.px + size / 2 + 3), y + 0.5);
      }
      glyphs.draw(g, mark.outcome, mark.px, y, size);
    }
  }

  private context(frame: TimelineFrame): LabelContext {
    return { g: this.g, fit: this.fit, palette: this.palette!, range: frame.range, widthPx: this.widthPx };
  }

  /** A place within a row, in device pixels of the picture. */
  private box(placed: PlacedRow, place: BarPlace): BarBox {
    const top = Math.round((placed.top + place.top) * this.scale);
    return {
      top,
      height: Math.max(1, Math.round((placed.top + place.top + place.height) * this.scale) - top),
    };
  }
}

const isRevocation = (outcome: number): boolean =>
  outcome === DECISION.forced || outcome === DECISION.failsafe;

const CPU_LABELS = new Map<number, { readonly name: string; readonly shortName: string }>();
const FOCUS_CPU_LABELS = new Map<number, { readonly name: string; readonly shortName: string }>();

/** "3", or "CPU 3" in the large row; made once for each CPU. */
function cpuLabel(cpu: number, focus: boolean): { readonly name: string; readonly shortName: string } | null {
  if (cpu < 0) return null;
  const labels = focus ? FOCUS_CPU_LABELS : CPU_LABELS;
  let label = labels.get(cpu);
  if (label === undefined) {
    label = { name: focus ? `CPU ${cpu}` : String(cpu), shortName: focus ? String(cpu) : '' };
    labels.set(cpu, label);
  }
  return label;
}
