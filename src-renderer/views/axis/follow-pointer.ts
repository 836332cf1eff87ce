/** Presses and drags of the pointer. */

/** A press that moves less than this is a click. */
export const CLICK_PX = 4;

/**
 * Calls `move` for every movement of a pressed pointer and `end` once when it is released or taken away.
 *
 * @param options capture: whether `element` gets the pointer. Without it, wherever the pointer goes is followed, and
 *   a press without a movement stays a click on whatever is inside the element.
 */
export function followPointer(
  down: PointerEvent,
  element: HTMLElement,
  move: (event: PointerEvent) => void,
  end: (event: PointerEvent) => void,
  { capture = true } = {},
): void {
  if (capture) element.setPointerCapture(down.pointerId);
  const listening = new AbortController();
  const { signal } = listening;
  const finish = (event: PointerEvent): void => {
    listening.abort();
    end(event);
  };
  const target: Pick<HTMLElement, 'addEventListener'> = capture ? element : document.documentElement;
  target.addEventListener('pointermove', move, { signal });
  target.addEventListener('pointerup', finish, { signal });
  target.addEventListener('pointercancel', finish, { signal });
}
