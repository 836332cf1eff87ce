/** Wheel and pan gestures that ruler, lanes and charts share. */
import { useViewport } from '../../stores/viewport.ts';
import { pxToTime, spanOf } from '../../trace-data/time-axis.ts';
import { followPointer } from './follow-pointer.ts';

/** Zoom for one notch of a wheel, 100 px by convention: 1.3 times. */
const ZOOM_PER_PX = Math.log(1.3) / 100;
const LINE_PX = 16;

/** Wheel movement in px, whatever unit the device reports. */
export function wheelPx(event: WheelEvent, pagePx: number): { readonly x: number; readonly y: number } {
  const unit =
    event.deltaMode === WheelEvent.DOM_DELTA_LINE
      ? LINE_PX
      : event.deltaMode === WheelEvent.DOM_DELTA_PAGE
        ? pagePx
        : 1;
  return { x: event.deltaX * unit, y: event.deltaY * unit };
}

export function useAxisGestures() {
  const viewport = useViewport();

  /** Time under the pointer. `field` is the element that shows the axis from edge to edge. */
  function timeAt(event: MouseEvent, field: Element): number {
    return pxToTime(viewport.range, viewport.widthPx, event.clientX - field.getBoundingClientRect().left);
  }

  /** Ctrl: zoom at the pointer. Shift, or sideways: pan. Answers false where the wheel means something else here. */
  function onWheel(event: WheelEvent, field: Element): boolean {
    const { x, y } = wheelPx(event, viewport.widthPx);
    if (event.ctrlKey || event.metaKey) {
      viewport.zoomBy(Math.exp(y * ZOOM_PER_PX), timeAt(event, field));
    } else if (event.shiftKey || Math.abs(x) > Math.abs(y)) {
      viewport.panBy((x === 0 ? y : x) * viewport.nsPerPx);
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  /** Drags the axis along with the pointer until the button is released. */
  function startPan(down: PointerEvent, field: HTMLElement): void {
    const from = viewport.range;
    const perPx = spanOf(from) / Math.max(1, viewport.widthPx);
    const move = (event: PointerEvent): void => {
      const delta = (down.clientX - event.clientX) * perPx;
      viewport.show({ startNs: from.startNs + delta, endNs: from.endNs + delta });
    };
    followPointer(down, field, move, () => undefined);
  }

  return { timeAt, onWheel, startPan };
}
