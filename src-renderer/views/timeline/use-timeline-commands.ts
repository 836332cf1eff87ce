/** Actions of the timeline for keys, palette and menus: zoom, pan, go from slice to slice, pin and hide. */
import type { Ref } from 'vue';
import { useCommands } from '../../stores/commands.ts';
import { useLanes } from '../../stores/lanes.ts';
import { useMarks, type MarkName } from '../../stores/marks.ts';
import { useCursor } from '../../stores/cursor.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';
import type { LaneLayout } from '../../trace-data/lane-layout.ts';
import { contains, spanOf, type TimeRange } from '../../trace-data/time-axis.ts';
import { useSliceSteps } from './use-slice-steps.ts';

interface Surroundings {
  readonly layout: Readonly<Ref<LaneLayout>>;
  /** Key of the row that a command means: under the pointer, with the focus, or chosen; null for none. */
  readonly laneKey: () => string | null;
  /** The moment that a mark put now stands at, ns. */
  readonly momentNs: () => number;
}

export function useTimelineCommands({ layout, laneKey, momentNs }: Surroundings): void {
  const session = useSession();
  const viewport = useViewport();
  const selection = useSelection();
  const cursor = useCursor();
  const lanes = useLanes();
  const marks = useMarks();

  const open = (): boolean => session.trace !== null;

  /** What F shows: the chosen range or slice, else the cursor's surroundings. */
  const focused = (): TimeRange | null => selection.timeRange ?? selection.slice;

  /** First centres what is chosen; when it is centred, fits it. */
  function centreOrFit(): void {
    const target = focused();
    const middle = target === null ? cursor.cursorNs : (target.startNs + target.endNs) / 2;
    const { startNs, endNs } = viewport.range;
    const isCentred = Math.abs(middle - (startNs + endNs) / 2) < 2 * viewport.nsPerPx;
    const before = viewport.range;
    if (!isCentred) viewport.centre(middle);
    // Near an end of the trace nothing can be centred any better: then fit at once.
    if (isCentred || contains(viewport.range, before)) {
      if (target !== null) viewport.fit(target);
      else viewport.zoomBy(0.25, middle);
    }
  }

  const { stepSlice, stepLane } = useSliceSteps(layout);

  /** Pin and hide act on the lane and not on one of its rows. */
  function withLane(action: (key: string) => void): void {
    withRow((key) => action(key.replace(/^pin:/, '')));
  }

  function withRow(action: (key: string) => void): void {
    const key = laneKey();
    if (key !== null && !key.includes('group:')) action(key);
  }

  function markHere(name: MarkName): void {
    marks.set(name, momentNs());
  }

  function edge(end: 'start' | 'end'): void {
    viewport.panBy((end === 'start' ? -1 : 1) * spanOf(viewport.limits));
  }

  useCommands().register([
    { id: 'timeline.zoomIn', run: viewport.zoomIn, enabled: open },
    { id: 'timeline.zoomOut', run: viewport.zoomOut, enabled: open },
    { id: 'timeline.panLeft', run: viewport.panLeft, enabled: open },
    { id: 'timeline.panRight', run: viewport.panRight, enabled: open },
    { id: 'timeline.start', run: () => edge('start'), enabled: open },
    { id: 'timeline.end', run: () => edge('end'), enabled: open },
    { id: 'timeline.all', run: viewport.showAll, enabled: open },
    { id: 'timeline.focus', run: centreOrFit, enabled: open },
    { id: 'timeline.nextLane', run: () => stepLane(1), enabled: open },
    { id: 'timeline.previousLane', run: () => stepLane(-1), enabled: open },
    { id: 'timeline.nextSlice', run: () => stepSlice(1), enabled: () => selection.lane !== null },
    { id: 'timeline.previousSlice', run: () => stepSlice(-1), enabled: () => selection.lane !== null },
    { id: 'timeline.clear', run: () => void selection.stepOut() },
    { id: 'timeline.pin', run: () => withLane(lanes.togglePin), enabled: open },
    { id: 'timeline.hide', run: () => withLane(lanes.hide), enabled: open },
    { id: 'timeline.laneUp', run: () => withRow((key) => lanes.move(key, -1)), enabled: open },
    { id: 'timeline.laneDown', run: () => withRow((key) => lanes.move(key, 1)), enabled: open },
    { id: 'timeline.resetOrder', run: lanes.resetOrder, enabled: () => lanes.order.size > 0 },
    { id: 'timeline.colouring', run: lanes.nextColouring, enabled: open },
    { id: 'timeline.markA', run: () => markHere('A'), enabled: open },
    { id: 'timeline.markB', run: () => markHere('B'), enabled: open },
    {
      id: 'timeline.selectMarks',
      run: () => selection.selectRange(marks.between),
      enabled: () => marks.between !== null,
    },
    { id: 'timeline.clearMarks', run: marks.clear, enabled: () => marks.originNs !== null },
    { id: 'timeline.showHidden', run: lanes.showHidden, enabled: () => lanes.hidden.size > 0 },
  ]);
}
