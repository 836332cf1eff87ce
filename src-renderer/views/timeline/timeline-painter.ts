/**
 * Paints the lanes that are in view: bars as pixels first, then everything that needs strokes and text on
 * top. Knows where things are and how they look; what is selected and where data comes from is not its
 * business.
 */
import type { LockWaiterColumns, QueueLengthColumns } from '#shared/api/contract.ts';
import { LANE_STATE } from '#shared/model/enums.ts';
import {
  clusterDecisions,
  type DecisionMark,
  type DecisionsOfLwp,
  type WindowsOfLwp,
} from '#renderer/trace-data/decision-index.ts';
import { LabelFit } from '#renderer/trace-data/label-fit.ts';
import type { LaneCache, LaneData } from '#renderer/trace-data/lane-cache.ts';
import type { PlacedRow } from '#renderer/trace-data/lane-layout.ts';
import { peakWaiters } from '#renderer/trace-data/lock-waiters.ts';
import { niceStep } from '#renderer/trace-data/ticks.ts';
import { timeToPx, type TimeRange } from '#renderer/trace-data/time-axis.ts';
import type { BarColours, ColoursOf } from './bar-colours.ts';
import { drawFocusWindows } from './draw-focus.ts';
import { drawLabels, MarkSpans, type LabelContext, type NameOf } from './draw-labels.ts';
import { GlyphSprites } from '../../widgets/decision-glyphs.ts';
import {
  barOf,
  BRACKET_GAP_PX,
  BRACKET_PX,
  cpuBar,
  focusPlaces,
  lwpBar,
  QUEUE_PX,
  syncPlaces,
  type BarPlace,
} from './lane-metrics.ts';
import { LaneRaster } from './lane-raster.ts';
import type { BarBox } from './raster-picture.ts';
import type { LostRanges } from '../axis/use-lost-ranges.ts';
import { HUES, mixPacked, type ThemeColours } from '../../theme/theme-colours.ts';

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
  /** How many wait for each lock, and which locks that is for, in order; null while there are none. */
  readonly waiters: { readonly columns: LockWaiterColumns; readonly syncs: readonly number[] } | null;
  /** Where an import lost sight of a CPU, by CPU. */
  readonly lost: LostRanges;
  /** LWP whose runs stay bright while others are dimmed; null for none. */
  readonly selectedLwp: number | null;
  /** Number of a thread's own hue, -1 where colours tell states. */
  readonly hueOf: (lwp: number) => number;
  readonly nameOf: NameOf;
  /** Whether preemption control is that of Linux. */
  readonly isLinux: boolean;
}

/** How strongly the runs of other threads show while one is selected. */
const OTHERS_SHARE = 0.62;
/** How strongly a lock shows while its holder is off CPU. */
const HELD_SHARE = 0.3;
/** How strongly the area under a curve of waiting threads shows. */
const WAITERS_AREA_SHARE = 0.36;
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
  private readonly cpuLabels = new Map<number, ReturnType<NameOf>>();
  private readonly focusCpuLabels = new Map<number, ReturnType<NameOf>>();
  private image: ImageData | null = null;
  private scale = 1;
  private widthPx = 0;
  private heightPx = 0;
  private theme: ThemeColours | null = null;
  private bright!: BarColours;
  private dimmed!: BarColours;
  private brightHues: readonly BarColours[] = [];
  private dimmedHues: readonly BarColours[] = [];
  private glyphs!: GlyphSprites;
  private fit!: LabelFit;
  /** Where the marks of the lane being painted stand. */
  private readonly markSpans = new MarkSpans();

  constructor(canvas: HTMLCanvasElement) {
    this.canvas = canvas;
    // Pixels are written every frame: a canvas in main memory saves a copy each time.
    const g = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (g === null) throw new Error('the browser provides no 2D canvas');
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
    if (this.theme !== null) this.useTheme(this.theme);
  }

  /** Takes over the colours of a theme. */
  useTheme(theme: ThemeColours): void {
    this.theme = theme;
    const { packed } = theme;
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
        heldWaiting: dim(mixPacked(packed['bg-lane'], packed['st-pre'], HELD_SHARE)),
        heldBlocked: dim(mixPacked(packed['bg-lane'], packed['st-sleep'], HELD_SHARE)),
        hatch: dim(packed['hatch']),
        seam: mixPacked(packed['bg-lane'], packed['st-run'], 0.3),
      };
    };
    this.bright = colours(1);
    this.dimmed = colours(OTHERS_SHARE);
    const hued = (plain: BarColours, share: number): readonly BarColours[] =>
      HUES.map((name) => {
        const hue = packed[name];
        const mixed = mixPacked(packed['bg-lane'], hue, share);
        const stripe = mixPacked(packed['bg-lane'], mixPacked(hue, packed['on-spin'], 0.5), share);
        return { ...plain, run: mixed, spin: mixed, spinStripe: stripe };
      });
    this.brightHues = hued(this.bright, 1);
    this.dimmedHues = hued(this.dimmed, OTHERS_SHARE);
    this.glyphs = new GlyphSprites(theme, this.scale);
    this.g.font = `${LABEL_PX}px ${theme.font}`;
    this.fit = new LabelFit((text) => this.g.measureText(text).width);
  }

  paint(frame: TimelineFrame): void {
    const { theme, image, g } = this;
    if (theme === null || image === null || this.widthPx < 1) return;
    const { packed } = theme;
    this.raster.begin(frame.range, packed['bg-lane'], packed['line-1'], frame.gridTimesNs);
    // Scrolled rows may reach under the pinned ones, which are placed first: paint those last.
    for (let i = frame.rows.length - 1; i >= 0; i--) this.paintBars(frame, frame.rows[i]!);
    g.setTransform(1, 0, 0, 1, 0, 0);
    g.putImageData(image, 0, 0);
    g.setTransform(this.scale, 0, 0, this.scale, 0, 0);
    g.font = `${LABEL_PX}px ${theme.font}`;
    g.textBaseline = 'middle';
    g.textAlign = 'left';
    this.paintDetails(frame);
  }

  private paintBars(frame: TimelineFrame, placed: PlacedRow): void {
    const { raster, bright } = this;
    const { row } = placed;
    const { packed } = this.theme!;
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
    const coloursOf: ColoursOf = (lwp) => this.coloursOf(frame, lwp);
    const windows = row.kind === 'lwp' ? frame.windows.get(row.id) : undefined;
    switch (row.kind) {
      case 'cpu': {
        const bar = cpuBar(placed.height);
        if (data !== undefined) {
          raster.cpuBars(data, this.box(placed, bar), coloursOf, bright.hatch, frame.lost.get(row.id));
        }
        const index = frame.queues?.cpus.indexOf(row.id) ?? -1;
        if (frame.queues !== null && index >= 0) {
          const stripe = { top: bar.top + bar.height + 1, height: QUEUE_PX };
          raster.curves.queueStripe(
            frame.queues.columns,
            index,
            this.box(placed, stripe),
            packed['rq'],
            packed['st-pre'],
          );
        }
        return;
      }
      case 'sync': {
        const places = syncPlaces(placed.height);
        if (data !== undefined) raster.syncBars(data, this.box(placed, places.bar), coloursOf, bright.hatch);
        this.paintWaiters(frame, row.id, this.box(placed, places.waiters));
        return;
      }
      case 'lwp': {
        const bar = placed.focus ? focusPlaces(placed.height).bar : lwpBar(placed.height);
        const hue = frame.hueOf(row.id);
        const colours = hue < 0 ? bright : this.brightHues[hue]!;
        if (data !== undefined) raster.lwpBars(data, this.box(placed, bar), colours);
        if (windows !== undefined && !placed.focus) {
          const bracket = { top: bar.top + bar.height + BRACKET_GAP_PX, height: BRACKET_PX };
          raster.brackets(windows, this.box(placed, bracket), packed['text-2'], packed['oc-forced']);
        }
      }
    }
  }

  private coloursOf({ selectedLwp, hueOf }: TimelineFrame, lwp: number): BarColours {
    const isDimmed = selectedLwp !== null && lwp !== selectedLwp;
    const hue = hueOf(lwp);
    if (hue < 0) return isDimmed ? this.dimmed : this.bright;
    return (isDimmed ? this.dimmedHues : this.brightHues)[hue]!;
  }

  private paintWaiters({ waiters, range }: TimelineFrame, sync: number, box: BarBox): void {
    const index = waiters?.syncs.indexOf(sync) ?? -1;
    if (waiters === null || index < 0) return;
    const { most } = peakWaiters(waiters.columns, index, range.startNs, range.endNs);
    if (most === 0) return;
    const { packed } = this.theme!;
    const area = mixPacked(packed['bg-lane'], packed['st-spin'], WAITERS_AREA_SHARE);
    this.raster.curves.waiterCurve(waiters.columns, index, box, niceStep(most), packed['st-spin'], area);
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
    this.markSpans.clear();
    const decisions = row.kind === 'lwp' ? (frame.decisions.get(row.id) ?? null) : null;
    const marks = decisions === null ? [] : this.marksOf(frame, placed, decisions);
    // The large row has its marks below its labels.
    if (!placed.focus) for (const mark of marks) this.reserve(mark);
    if (data !== undefined) this.paintLabels(frame, context, placed, data);
    if (row.kind === 'sync') this.paintPeak(frame, placed);
    const windows = row.kind === 'lwp' && placed.focus ? frame.windows.get(row.id) : undefined;
    if (windows !== undefined) {
      drawFocusWindows(context, windows, decisions, data, placed.top, focusPlaces(placed.height));
    }
    this.paintDecisions(placed, marks);
  }

  /** The largest number of waiting threads, written where it begins, in rows that have room for it. */
  private paintPeak({ waiters, range }: TimelineFrame, placed: PlacedRow): void {
    const { waiters: place } = syncPlaces(placed.height);
    const index = waiters?.syncs.indexOf(placed.row.id) ?? -1;
    if (waiters === null || index < 0 || place.height < LABELLED_FROM_PX) return;
    const { most, timeNs } = peakWaiters(waiters.columns, index, range.startNs, range.endNs);
    if (most === 0) return;
    const { g } = this;
    const { css } = this.theme!;
    const text = `${most} waiting`;
    const width = this.fit.widthOf(text);
    const x = Math.min(this.widthPx - width - 6, timeToPx(range, this.widthPx, timeNs) + 4);
    const middle = placed.top + place.top + place.height / 2 + 0.5;
    g.fillStyle = css['bg-lane'];
    g.globalAlpha = 0.72;
    g.fillRect(Math.round(x) - 2, placed.top + place.top, width + 4, place.height);
    g.globalAlpha = 1;
    g.fillStyle = css['text-1'];
    g.fillText(text, Math.round(x), middle);
  }

  private paintLabels(frame: TimelineFrame, context: LabelContext, placed: PlacedRow, data: LaneData): void {
    const { columns } = data;
    const { css } = this.theme!;
    const { kind } = placed.row;
    const bar = barOf(placed);
    if (bar.height < LABELLED_FROM_PX) return;
    const middle = placed.top + bar.top + bar.height / 2 + 0.5;
    const plate = bar.height - 2;
    const isDimmed = (row: number): boolean =>
      frame.selectedLwp !== null && columns.lwp[row] !== frame.selectedLwp;
    const onDimmed = css['text-1'];
    const isSpinning = (row: number): boolean => columns.state[row] === LANE_STATE.spinning;
    /** Of the lane's thread, or of the thread that is on the CPU or has the lock. */
    const hueOfRow = (row: number): number => frame.hueOf(kind === 'lwp' ? placed.row.id : columns.lwp[row]!);
    const plateOf = (row: number): string => {
      const hue = hueOfRow(row);
      return css[hue < 0 ? 'st-spin' : HUES[hue]!];
    };
    const onSpinOf = (row: number): string => css[hueOfRow(row) < 0 ? 'on-spin' : 'on-run'];
    if (kind === 'lwp') {
      drawLabels(
        context,
        data,
        this.markSpans,
        middle,
        plate,
        (row) => {
          const state = columns.state[row]!;
          if (state !== LANE_STATE.running && state !== LANE_STATE.spinning) return null;
          return this.cpuLabel(columns.cpu[row]!, placed.focus);
        },
        (row) => (isSpinning(row) ? onSpinOf(row) : css['on-run']),
        plateOf,
      );
      return;
    }
    drawLabels(
      context,
      data,
      this.markSpans,
      middle,
      plate,
      (row) => (columns.lwp[row]! < 0 ? null : frame.nameOf(columns.lwp[row]!)),
      (row) => {
        if (isSpinning(row)) return onSpinOf(row);
        if (isDimmed(row)) return onDimmed;
        return columns.state[row] === LANE_STATE.running || kind === 'cpu' ? css['on-run'] : css['text-1'];
      },
      plateOf,
    );
  }

  private marksOf(frame: TimelineFrame, placed: PlacedRow, decisions: DecisionsOfLwp): DecisionMark[] {
    const size = placed.focus ? FOCUS_GLYPH_PX : LANE_GLYPH_PX;
    const gap = placed.focus ? FOCUS_GAP_PX : LANE_GAP_PX;
    return clusterDecisions(
      decisions,
      (timeNs) => timeToPx(frame.range, this.widthPx, timeNs),
      this.widthPx,
      gap,
      size + 3,
    );
  }

  private reserve({ px, count }: DecisionMark): void {
    const half = LANE_GLYPH_PX / 2 + 2;
    this.markSpans.add(px - half, px + half + (count > 1 ? this.fit.widthOf(countText(count)) + 4 : 0));
  }

  private paintDecisions(placed: PlacedRow, marks: readonly DecisionMark[]): void {
    const { g, glyphs } = this;
    const { css } = this.theme!;
    const size = placed.focus ? FOCUS_GLYPH_PX : LANE_GLYPH_PX;
    const bar = lwpBar(placed.height);
    const y = placed.top + (placed.focus ? focusPlaces(placed.height).marks : bar.top + bar.height / 2);
    for (const mark of marks) {
      if (mark.count > 1) {
        const text = countText(mark.count);
        // The count gets a plate of its own, or the bar under it would swallow it.
        g.fillStyle = css['bg-lane'];
        g.fillRect(mark.px, y - size / 2 - 1, size / 2 + this.fit.widthOf(text) + 5, size + 2);
        g.fillStyle = css['text-1'];
        g.fillText(text, Math.round(mark.px + size / 2 + 3), y + 0.5);
      }
      glyphs.draw(g, mark.outcome, mark.px, y, size);
    }
  }

  private context(frame: TimelineFrame): LabelContext {
    const { range, isLinux } = frame;
    return { g: this.g, fit: this.fit, theme: this.theme!, range, widthPx: this.widthPx, isLinux };
  }

  /** "3", or "CPU 3" in the large row; made once for each CPU. */
  private cpuLabel(cpu: number, focus: boolean): ReturnType<NameOf> | null {
    if (cpu < 0) return null;
    const labels = focus ? this.focusCpuLabels : this.cpuLabels;
    let label = labels.get(cpu);
    if (label === undefined) {
      label = { name: focus ? `CPU ${cpu}` : String(cpu), shortName: focus ? String(cpu) : '' };
      labels.set(cpu, label);
    }
    return label;
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

const countText = (count: number): string => (count > 999 ? '999+' : String(count));
