/** Actions of the timeline for keys, palette and menus: zoom, pan, go from slice to slice, pin and hide. */
import type { Ref } from 'vue';
import type { LaneRef } from '#shared/api/contract.ts';
import { useCommands } from '../../stores/commands.ts';
import { useLanes } from '../../stores/lanes.ts';
import { useMarks, type MarkName } from '../../stores/marks.ts';
import { usePlayback } from '../../stores/playback.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';
import type { LaneLayout } from '../../trace-data/lane-layout.ts';
import { contains, spanOf, type TimeRange } from '../../trace-data/time-axis.ts';

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
  const playback = usePlayback();
  const lanes = useLanes();
  const marks = useMarks();

  const open = (): boolean => session.trace !== null;

  /** What F shows: the chosen stretch or slice, else the cursor's surroundings. */
  const focused = (): TimeRange | null => selection.timeRange ?? selection.slice;

  /** First centres what is chosen; when it is centred, fits it. */
  function centreOrFit(): void {
    const target = focused();
    const middle = target === null ? playback.cursorNs : (target.startNs + target.endNs) / 2;
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

  let stepping = false;

  /** Asks for the slice, as what is on the screen may merge several or end before the next. */
  async function stepSlice(direction: 1 | -1): Promise<void> {
    const { traceId } = session;
    const { lane, slice } = selection;
    // A key held down repeats faster than the service answers: one step at a time.
    if (traceId === null || lane === null || stepping) return;
    stepping = true;
    try {
      const timeNs = slice?.startNs ?? playback.cursorNs;
      const { previous, at, next } = await session
        .workbench()
        .request('trace.neighbours', { traceId, lane, timeNs, endNs: slice?.endNs });
      // Without a slice, the one at the cursor comes first on the way back.
      const found = direction === 1 ? next : slice === null ? (at ?? previous) : previous;
      if (found === null || session.traceId !== traceId || selection.lane !== lane) return;
      const { startNs, endNs, state } = found;
      const lwp = lane.kind === 'lwp' ? lane.id : found.lwp < 0 ? null : found.lwp;
      selection.selectSlice(lane, lwp, { lane, startNs, endNs, state });
      playback.pause();
      playback.seekTime(startNs);
    } finally {
      stepping = false;
    }
  }

  function stepLane(direction: 1 | -1): void {
    const rows = [...layout.value.scrolled].filter(({ kind }) => kind !== 'group');
    if (rows.length === 0) return;
    const current = rows.findIndex(({ key }) => key === selection.key);
    const next = rows[current < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, current + direction))]!;
    selection.selectSlice({ kind: next.kind as LaneRef['kind'], id: next.id }, null, null);
  }

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
    {
      id: 'timeline.zoomIn',
      run: viewport.zoomIn,
      enabled: open,
    },
    {
      id: 'timeline.zoomOut',
      run: viewport.zoomOut,
      enabled: open,
    },
    {
      id: 'timeline.panLeft',
      run: viewport.panLeft,
      enabled: open,
    },
    {
      id: 'timeline.panRight',
      run: viewport.panRight,
      enabled: open,
    },
    {
      id: 'timeline.start',
      run: () => edge('start'),
      enabled: open,
    },
    {
      id: 'timeline.end',
      run: () => edge('end'),
      enabled: open,
    },
    {
      id: 'timeline.all',
      run: viewport.showAll,
      enabled: open,
    },
    {
      id: 'timeline.focus',
      run: centreOrFit,
      enabled: open,
    },
    {
      id: 'timeline.nextLane',
      run: () => stepLane(1),
      enabled: open,
    },
    {
      id: 'timeline.previousLane',
      run: () => stepLane(-1),
      enabled: open,
    },
    {
      id: 'timeline.nextSlice',
      run: () => stepSlice(1),
      enabled: () => selection.lane !== null,
    },
    {
      id: 'timeline.previousSlice',
      run: () => stepSlice(-1),
      enabled: () => selection.lane !== null,
    },
    {
      id: 'timeline.clear',
      run: () => void selection.stepOut(),
    },
    {
      id: 'timeline.pin',
      run: () => withLane(lanes.togglePin),
      enabled: open,
    },
    {
      id: 'timeline.hide',
      run: () => withLane(lanes.hide),
      enabled: open,
    },
    { id: 'timeline.laneUp', run: () => withRow((key) => lanes.move(key, -1)), enabled: open },
    { id: 'timeline.laneDown', run: () => withRow((key) => lanes.move(key, 1)), enabled: open },
    {
      id: 'timeline.resetOrder',
      run: lanes.resetOrder,
      enabled: () => lanes.order.size > 0,
    },
    { id: 'timeline.colouring', run: lanes.nextColouring, enabled: open },
    { id: 'timeline.markA', run: () => markHere('A'), enabled: open },
    { id: 'timeline.markB', run: () => markHere('B'), enabled: open },
    {
      id: 'timeline.selectMarks',
      run: () => selection.selectRange(marks.between),
      enabled: () => marks.between !== null,
    },
    { id: 'timeline.clearMarks', run: marks.clear, enabled: () => marks.originNs !== null },
    {
      id: 'timeline.showHidden',
      run: lanes.showHidden,
      enabled: () => lanes.hidden.size > 0,
    },
  ]);
}
