/** Actions of replay: playing, and steps from event to event, decision to decision and switch to switch. */
import type { LwpId } from '#shared/base/brands.ts';
import type { CommandHandler } from '../commands.ts';
import { useNotices } from '../notices.ts';
import { useCursor } from '../cursor.ts';
import { usePace } from '../pace.ts';
import { usePlayback } from '../playback.ts';
import { useSelection } from '../selection.ts';
import { useSession } from '../session.ts';
import { useStepping, type StepDirection } from '../stepping.ts';

export function replayCommands(): CommandHandler[] {
  const session = useSession();
  const cursor = useCursor();
  const pace = usePace();
  const playback = usePlayback();
  const stepping = useStepping();
  const selection = useSelection();
  const notices = useNotices();
  const hasTrace = (): boolean => session.trace !== null;
  const hasDecisions = (): boolean => session.trace?.hasSchedctl === true;
  const hasThread = (): boolean => hasTrace() && selection.lwp !== null;

  const nothing = (what: string, direction: StepDirection): void =>
    notices.add('info', `No ${direction} ${what}`, 'The cursor stays where it is.');

  async function stepEvent(direction: StepDirection): Promise<void> {
    if (!(await stepping.step(direction, 'event'))) nothing('event', direction);
  }

  /** A decision is about one thread: stepping to it chooses that thread. */
  async function stepDecision(direction: StepDirection, lwp?: LwpId): Promise<void> {
    const { traceId } = session;
    if (!(await stepping.step(direction, 'decision', lwp))) return nothing('decision', direction);
    if (lwp !== undefined || traceId === null || cursor.sequence === null) return;
    const { lwp: deciders } = await session
      .workbench()
      .request('trace.eventsBySequence', { traceId, sequences: [cursor.sequence] });
    if (session.traceId === traceId && deciders.length === 1)
      selection.selectLwp(deciders[0]!, cursor.cursorNs);
  }

  async function stepSwitch(direction: StepDirection): Promise<void> {
    if (selection.lwp === null) return;
    if (!(await stepping.step(direction, 'switch', selection.lwp))) {
      nothing('switch of this thread', direction);
    }
  }
  return [
    { id: 'replay.toggle', run: playback.toggle, enabled: hasTrace },
    { id: 'replay.nextEvent', run: () => stepEvent('next'), enabled: hasTrace },
    { id: 'replay.previousEvent', run: () => stepEvent('previous'), enabled: hasTrace },
    { id: 'replay.nextDecision', run: () => stepDecision('next'), enabled: hasDecisions },
    { id: 'replay.previousDecision', run: () => stepDecision('previous'), enabled: hasDecisions },
    {
      id: 'replay.nextOwnDecision',
      run: () => stepDecision('next', selection.lwp ?? undefined),
      enabled: () => hasDecisions() && selection.lwp !== null,
    },
    {
      id: 'replay.previousOwnDecision',
      run: () => stepDecision('previous', selection.lwp ?? undefined),
      enabled: () => hasDecisions() && selection.lwp !== null,
    },
    { id: 'replay.nextSwitch', run: () => stepSwitch('next'), enabled: hasThread },
    { id: 'replay.previousSwitch', run: () => stepSwitch('previous'), enabled: hasThread },
    { id: 'replay.toStart', run: () => cursor.seekTime(0), enabled: hasTrace },
    { id: 'replay.toEnd', run: () => cursor.seekTime(cursor.endNs), enabled: hasTrace },
    { id: 'replay.faster', run: pace.faster },
    { id: 'replay.slower', run: pace.slower },
    { id: 'replay.pace', run: pace.toggle },
    { id: 'replay.loop', run: playback.toggleLoop, enabled: hasTrace },
  ];
}
