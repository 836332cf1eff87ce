/** How much of the toolbar is shown: it stays one row, whatever the window's width. */

/**
 * `wide` names the buttons, `usual` leaves the names of some to their tips, `narrow` keeps what is needed at every
 * moment and leaves the rest to the menu.
 */
export type ToolbarRoom = 'wide' | 'usual' | 'narrow';

const WIDE_FROM_PX = 1560;
const NARROW_BELOW_PX = 1100;

export function toolbarRoom(windowWidthPx: number): ToolbarRoom {
  if (windowWidthPx < NARROW_BELOW_PX) return 'narrow';
  return windowWidthPx < WIDE_FROM_PX ? 'usual' : 'wide';
}
