/** Actions of the timeline for keys, palette and menus: zoom, pan, go from slice to slice, pin and hide. */
import type { Ref } from 'vue';
import type { LaneRef } from '#shared/api/contract.ts';
import { useCommands } from '../../stores/commands.ts';
import { useLanes } from '../../stores/lanes.ts';
import { usePlayback } from '../../stores/playback.ts';
import { useSelection } from '../../stores/selection.ts';
import { useSession } from '../../stores/session.ts';
import { useViewport } from '../../stores/viewport.ts';
import { upperBound } from '../../trace-data/lane-columns.ts';
import type { LaneLayout } from '../../trace-data/lane-layout.ts';
import { contains, spanOf, type TimeRange } from '../../trace-data/time-axis.ts';
import type { useLaneData } from './use-lane-data.ts';

interface Surroundings {
  readonly layout: Readonly<Ref<LaneLayout>>;
  readonly data: ReturnType<typeof useLaneData>;
  /** Key of the row under the pointer, null for none. */
  readonly hoveredKey: () => string | null;
}

export function useTimelineCommands({ layout, data, hoveredKey }: Surroundings): void {
  const session = useSession();
  const viewport = useViewport();
  const selection = useSelection();
  const playback = usePlayback();
  const lanes = useLanes();

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

  function stepSlice(direction: 1 | -1): void {
    const lane = selection.lane;
    const found = lane === null ? undefined : data.lanes.get(lane.kind, lane.id);
    if (lane === null || found === undefined) return;
    const { columns } = found;
    const from = columns.laneOffset[found.lane]!;
    const to = columns.laneOffset[found.lane + 1]!;
    const at = selection.slice?.startNs ?? playback.cursorNs;
    const current = upperBound(columns.startNs, at, from, to) - 1;
    const row = selection.slice === null && direction === -1 ? current : current + direction;
    if (row < from || row >= to) return;
    const slice = {
      lane,
      startNs: columns.startNs[row]!,
      endNs: columns.endNs[row]!,
      state: columns.state[row]!,
    };
    const lwp = lane.kind === 'lwp' ? lane.id : columns.lwp[row]! < 0 ? null : columns.lwp[row]!;
    selection.selectSlice(lane, lwp, slice);
    playback.pause();
    playback.seekTime(slice.startNs);
  }

  function stepLane(direction: 1 | -1): void {
    const rows = [...layout.value.scrolled].filter(({ kind }) => kind !== 'group');
    if (rows.length === 0) return;
    const current = rows.findIndex(({ key }) => key === selection.key);
    const next = rows[current < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, current + direction))]!;
    selection.selectSlice({ kind: next.kind as LaneRef['kind'], id: next.id }, null, null);
  }

  /** Pin and hide act on the lane under the pointer, else on the chosen one. */
  function withLane(action: (key: string) => void): void {
    const key = hoveredKey() ?? selection.key;
    if (key !== null && !key.includes('group:')) action(key.replace(/^pin:/, ''));
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
    {
      id: 'timeline.showHidden',
      run: lanes.showHidden,
      enabled: () => lanes.hidden.size > 0,
    },
  ]);
}
