/** Goes to a finding: timeline, lanes, selection, cursor and inspector show it, and the list which one it is. */
import type { Finding } from '#shared/model/findings.ts';
import { lanesOfFinding } from '../trace-data/finding-list.ts';
import { laneKey } from '../trace-data/lane-model.ts';
import { useCursor } from './cursor.ts';
import { useFindings } from './findings.ts';
import { useInspectorPages } from './inspector-pages.ts';
import { useLanes } from './lanes.ts';
import { useNotices } from './notices.ts';
import { usePlayback } from './playback.ts';
import { useSelection } from './selection.ts';
import type { StepDirection } from './stepping.ts';
import { useViewport } from './viewport.ts';

/** More would leave no room for the lanes that they are compared with. */
const MOST_PINNED = 6;

export function useGoToFinding() {
  const findings = useFindings();
  const cursor = useCursor();
  const playback = usePlayback();
  const selection = useSelection();
  const viewport = useViewport();
  const lanes = useLanes();
  const pages = useInspectorPages();
  const notices = useNotices();

  function goToFinding(finding: Finding): void {
    findings.current = finding.ordinal;
    playback.pause();
    cursor.seekTime(finding.startNs);
    const about = lanesOfFinding(finding, MOST_PINNED);
    lanes.pinForFinding(about.flatMap(({ kind, id }) => (isLane(kind) ? [laneKey(kind, id)] : [])));
    const cause = about.find(({ kind, role }) => kind === 'lwp' && role === 'cause');
    pages.goToFinding(finding.ordinal, cause?.id ?? null);
    showRange(finding.startNs, finding.endNs);
  }

  /** Selects a time range and brings it into view with a margin; a moment only moves the cursor. */
  function showRange(startNs: number, endNs: number): void {
    const range = viewport.within(startNs, endNs);
    selection.selectRange(range);
    if (range !== null) viewport.fit(range);
  }

  /** To the one after or before the one that is looked at, in the order of the list. */
  function stepFinding(direction: StepDirection): void {
    const { rows, current } = findings;
    const at = rows.findIndex(({ finding }) => finding.ordinal === current);
    const next = direction === 'next' ? rows[at + 1] : at < 0 ? rows.at(-1) : rows[at - 1];
    if (next === undefined) notices.add('info', `No ${direction} finding`, 'The cursor stays where it is.');
    else goToFinding(next.finding);
  }

  return { goToFinding, stepFinding };
}

const isLane = (kind: string): kind is 'lwp' | 'cpu' | 'sync' =>
  kind === 'lwp' || kind === 'cpu' || kind === 'sync';
