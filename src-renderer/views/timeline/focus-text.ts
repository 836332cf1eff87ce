/**
 * What the selected thread's row says under its name: its nopreempt windows in view, in two lines that fit beside the
 * lanes.
 */
import type { WindowsOfLwp } from '#renderer/trace-data/decision-index.ts';
import { windowEndBrief, windowName } from '#renderer/trace-data/decode/states.ts';
import { formatCount, formatDuration } from '#renderer/trace-data/format-time.ts';
import type { TimeRange } from '#renderer/trace-data/time-axis.ts';
import { windowLife, windowsIn } from '#renderer/trace-data/window-life.ts';

/** @param endNs end of the trace, where a window that is still open ends for now */
export function focusLines(
  windows: WindowsOfLwp | undefined,
  range: TimeRange,
  endNs: number,
  isLinux: boolean,
): string[] {
  const name = windowName(isLinux);
  const rows = windows === undefined ? [] : windowsIn(windows, range.startNs, range.endNs);
  if (windows === undefined || rows.length === 0)
    return [isLinux ? 'no extension in view' : 'no nopreempt window in view'];
  const lives = rows.map((row) => windowLife(windows, row, null));
  const longest = lives.reduce((a, b) => (b.endNs - b.startNs > a.endNs - a.startNs ? b : a));
  const total = lives.reduce((sum, { count }) => sum + count, 0);
  const lead = total === 1 ? name : `${formatCount(total)} × ${name}`;
  if (longest.count > 1) return [lead, 'zoom in to tell them apart'];
  const length = formatDuration(Math.min(longest.endNs, endNs) - longest.startNs);
  const end = windowEndBrief(longest.end, isLinux);
  return total === 1 ? [`${lead} ${length}`, end] : [lead, `longest ${length}, ${end}`];
}
