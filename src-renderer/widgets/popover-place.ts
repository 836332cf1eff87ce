/** Where a popover stands: in the top layer, so near its button by numbers and not by layout. */

const MARGIN_PX = 4;

/** Puts an open popover under its button, or above it where there is no room, and always into the window. */
export function placeNear(opener: HTMLElement, popover: HTMLElement): void {
  const at = opener.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const below = at.bottom + MARGIN_PX;
  const fitsBelow = below + height <= window.innerHeight - MARGIN_PX;
  const top = fitsBelow
    ? below
    : Math.min(at.top - height - MARGIN_PX, window.innerHeight - height - MARGIN_PX);
  popover.style.left = `${Math.max(MARGIN_PX, Math.min(at.left, window.innerWidth - width - MARGIN_PX))}px`;
  popover.style.top = `${Math.max(MARGIN_PX, top)}px`;
}
