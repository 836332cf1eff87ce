/**
 * The selected thread's large row: under its bar the decisions, and for each nopreempt window a box with its
 * life above (set, yield asked, past its quantum) and its budget below, stepping down towards -SC_MAX_TICKS.
 */
import { WINDOW_END } from '#shared/model/enums.ts';
import type { DecisionsOfLwp, WindowsOfLwp } from '#renderer/trace-data/decision-index.ts';
import { formatDuration } from '#renderer/trace-data/format-time.ts';
import type { LaneData } from '#renderer/trace-data/lane-cache.ts';
import { timeToPx } from '#renderer/trace-data/time-axis.ts';
import { SC_MAX_TICKS } from '#shared/model/sc-shared.ts';
import { windowEndText, windowName } from '#renderer/trace-data/decode/states.ts';
import {
  unprotectedAfter,
  windowLife,
  windowsIn,
  type Unprotected,
  type WindowLife,
} from '#renderer/trace-data/window-life.ts';
import type { LabelContext } from './draw-labels.ts';
import type { FocusPlaces } from './lane-metrics.ts';
import type { ColourName } from '../../theme/theme-colours.ts';

/** A box narrower than this shows its outline only. */
const DETAILED_FROM_PX = 24;
const MINUS = '\u2212';

export function drawFocusWindows(
  context: LabelContext,
  windows: WindowsOfLwp,
  decisions: DecisionsOfLwp | null,
  lane: LaneData | undefined,
  rowTop: number,
  places: FocusPlaces,
): void {
  const { range } = context;
  // What follows a window may reach into view where the window itself does not.
  for (const row of windowsIn(windows, -Infinity, range.endNs)) {
    const life = windowLife(windows, row, decisions);
    if (life.endNs > range.startNs) drawBox(context, life, rowTop, places);
    if (life.end === WINDOW_END.forced && life.count === 1 && lane !== undefined) {
      const rest = unprotectedAfter(lane.columns, lane.lane, life.endNs);
      if (rest !== null && rest.untilNs > range.startNs) {
        drawUnprotected(context, life.endNs, rest, rowTop, places);
      }
    }
  }
}

/** After a revocation: the rest of the critical section, dashed because nothing protects it. */
function drawUnprotected(
  context: LabelContext,
  fromNs: number,
  { untilNs, isExact }: Unprotected,
  rowTop: number,
  places: FocusPlaces,
): void {
  const { g, theme, range, widthPx, fit } = context;
  const left = Math.max(-2, Math.round(timeToPx(range, widthPx, fromNs))) + 2;
  const right = Math.min(widthPx + 2, Math.round(timeToPx(range, widthPx, untilNs)));
  if (right - left < 4 || left > widthPx) return;
  const top = rowTop + places.life.top;
  const height = places.life.height + places.budget.height;
  g.strokeStyle = theme.css['oc-forced'];
  g.lineWidth = 1;
  g.setLineDash([3, 3]);
  g.strokeRect(left + 0.5, top + 0.5, right - left - 1, height - 1);
  g.setLineDash([]);
  // A length is said only where it is known to the nanosecond.
  const length = isExact ? `: ${formatDuration(untilNs - fromNs)}` : '';
  const start = Math.max(0, left) + 6;
  const text = fit.fit(
    `still in the critical section, unprotected${length}`,
    `unprotected${length}`,
    Math.min(right, widthPx) - start - 6,
  );
  if (text !== '') label(context, text, start, top + height / 2 + 0.5, 'text-1');
}

function drawBox(context: LabelContext, life: WindowLife, rowTop: number, places: FocusPlaces): void {
  const { g, theme, range, widthPx, isLinux } = context;
  const name = windowName(isLinux);
  // A pixel beyond either edge, so that a box that goes on does not look closed.
  const px = (timeNs: number): number =>
    Math.min(widthPx + 2, Math.max(-2, timeToPx(range, widthPx, timeNs)));
  const left = Math.round(px(life.startNs));
  const right = Math.max(left + 1, Math.round(px(life.endNs)));
  const top = rowTop + places.life.top;
  const height = places.life.height + places.budget.height;
  const forced = life.end === WINDOW_END.forced;

  g.globalAlpha = 0.16;
  g.fillStyle = theme.css['st-run'];
  g.fillRect(left, top, right - left, height);
  g.globalAlpha = 1;

  if (right - left >= DETAILED_FROM_PX) {
    const { life: strip } = places;
    const isPast = life.pastQuantumNs >= 0;
    if (life.yieldAskedNs >= 0 && (!isPast || life.yieldAskedNs < life.pastQuantumNs)) {
      const to = isPast ? px(life.pastQuantumNs) : right;
      segment(context, px(life.yieldAskedNs), to, top, strip.height, 'oc-defpre', 'yield asked', 'yield');
    }
    if (isPast) {
      segment(
        context,
        px(life.pastQuantumNs),
        right,
        top,
        strip.height,
        'st-spin',
        'past its quantum',
        'past',
      );
    }
    if (life.yieldAskedNs < 0 && life.pastQuantumNs < 0) {
      const room = right - Math.max(0, left) - 8;
      const text =
        life.count > 1
          ? context.fit.fit(
              `${life.count} ${isLinux ? 'extensions' : 'nopreempt windows'}`,
              `× ${life.count}`,
              room,
            )
          : context.fit.fit(`${name}, ${windowEndText(life.end, isLinux)}`, name, room);
      if (text !== '') label(context, text, Math.max(0, left) + 5, top + places.life.height / 2, 'text-2');
    }
    for (const step of life.budget)
      drawStep(context, step.timeleft, px(step.startNs), px(step.endNs), rowTop, places);
  }

  g.strokeStyle = theme.css['text-3'];
  g.lineWidth = 1;
  g.strokeRect(left + 0.5, top + 0.5, Math.max(1, right - left - 1), height - 1);
  if (forced && right <= widthPx) {
    g.fillStyle = theme.css['oc-forced'];
    g.fillRect(right - 3, top - 2, 3, height + 4);
  }
}

/** A range of the life row: a tinted field with a name where it fits. */
function segment(
  context: LabelContext,
  from: number,
  to: number,
  top: number,
  height: number,
  colour: ColourName,
  long: string,
  short: string,
): void {
  if (to - from < 1) return;
  const { g, theme, fit } = context;
  g.globalAlpha = 0.34;
  g.fillStyle = theme.css[colour];
  g.fillRect(from, top, to - from, height);
  g.globalAlpha = 1;
  const start = Math.max(0, from);
  const text = fit.fit(long, short, to - start - 8);
  if (text !== '') label(context, text, start + 5, top + height / 2, 'text-1');
}

/** A step of the budget: the lower it is, the lower it stands and the graver its colour. */
function drawStep(
  context: LabelContext,
  timeleft: number,
  from: number,
  to: number,
  rowTop: number,
  places: FocusPlaces,
): void {
  const width = to - from;
  if (width < 1) return;
  const { g, theme, fit } = context;
  const top = rowTop + places.budget.top;
  const height = places.budget.height;
  const colour: ColourName = timeleft > 0 ? 'st-run' : timeleft > 1 - SC_MAX_TICKS ? 'st-spin' : 'st-pre';
  // A full quantum and a budget of 1 look alike: what counts is how far it is to the limit.
  const share = Math.min(1, Math.max(0, (Math.min(timeleft, 1) + SC_MAX_TICKS) / (1 + SC_MAX_TICKS)));
  const level = Math.round(top + height - 2 - share * (height - 4));
  g.fillStyle = theme.css[colour];
  g.globalAlpha = 0.3;
  g.fillRect(from, level, width, top + height - level);
  g.globalAlpha = 1;
  g.fillRect(from, level, width, 2);
  const value = timeleft < 0 ? `${MINUS}${-timeleft}` : String(timeleft);
  const text = fit.fit(`timeleft ${value}`, value, to - Math.max(0, from) - 8);
  if (text === '') return;
  // The line of the step would cross the figures.
  const textPx = fit.widthOf(text);
  g.globalAlpha = 0.72;
  g.fillStyle = theme.css['bg-lane'];
  g.fillRect(to - 6 - textPx, top + 1, textPx + 6, height - 2);
  g.globalAlpha = 1;
  g.textAlign = 'right';
  label(context, text, to - 4, top + height / 2 + 0.5, 'text-1');
  g.textAlign = 'left';
}

function label({ g, theme }: LabelContext, text: string, x: number, y: number, colour: ColourName): void {
  g.fillStyle = theme.css[colour];
  g.fillText(text, Math.round(x), y);
}
