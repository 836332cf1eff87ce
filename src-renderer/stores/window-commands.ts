/** The commands of replay, file and window. Called once, by the component that lives as long as the window. */
import { watch } from 'vue';
import { DENSITIES, COLOUR_SETS, THEMES } from '../theme/appearance.ts';
import { useCommands, type CommandHandler } from './commands.ts';
import { useDialogs } from './dialogs.ts';
import { useGoToNote } from './go-to-note.ts';
import { useNotes } from './notes.ts';
import { useNotices } from './notices.ts';
import { chooseAndOpen, openNewWindow } from './open-file.ts';
import { usePlayback, type StepDirection } from './playback.ts';
import { useRulerScale } from './ruler-scale.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';
import { useSettings } from './settings.ts';

export function registerWindowCommands(): void {
  const commands = useCommands();
  const session = useSession();
  // The host's menu knows commands by id.
  watch(
    () => session.client,
    (client) => client?.on('command.run', ({ command }) => commands.runNamed(command)),
    { immediate: true },
  );
  commands.register([...replayCommands(), ...noteCommands(), ...fileCommands(), ...windowCommands()]);
}

function replayCommands(): CommandHandler[] {
  const session = useSession();
  const playback = usePlayback();
  const selection = useSelection();
  const notices = useNotices();
  const hasTrace = (): boolean => session.trace !== null;
  const hasDecisions = (): boolean => session.trace?.hasSchedctl === true;
  const hasThread = (): boolean => hasTrace() && selection.lwp !== null;

  const nothing = (what: string, direction: StepDirection): void =>
    notices.add('info', `No ${direction} ${what}`, 'The cursor stays where it is.');

  async function stepEvent(direction: StepDirection): Promise<void> {
    if (!(await playback.step(direction, 'event'))) nothing('event', direction);
  }

  /** A decision is about one thread: stepping to it chooses that thread. */
  async function stepDecision(direction: StepDirection, lwp?: number): Promise<void> {
    const { traceId } = session;
    if (!(await playback.step(direction, 'decision', lwp))) return nothing('decision', direction);
    if (lwp !== undefined || traceId === null || playback.sequence === null) return;
    const { lwp: deciders } = await session
      .workbench()
      .request('trace.eventsBySequence', { traceId, sequences: [playback.sequence] });
    if (session.traceId === traceId && deciders.length === 1)
      selection.selectLwp(deciders[0]!, playback.cursorNs);
  }

  async function stepSwitch(direction: StepDirection): Promise<void> {
    if (selection.lwp === null) return;
    if (!(await playback.step(direction, 'switch', selection.lwp))) {
      nothing('switch of this thread', direction);
    }
  }
  return [
    {
      id: 'replay.toggle',
      run: playback.toggle,
      enabled: hasTrace,
    },
    {
      id: 'replay.nextEvent',
      run: () => stepEvent('next'),
      enabled: hasTrace,
    },
    {
      id: 'replay.previousEvent',
      run: () => stepEvent('previous'),
      enabled: hasTrace,
    },
    {
      id: 'replay.nextDecision',
      run: () => stepDecision('next'),
      enabled: hasDecisions,
    },
    {
      id: 'replay.previousDecision',
      run: () => stepDecision('previous'),
      enabled: hasDecisions,
    },
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
    {
      id: 'replay.nextSwitch',
      run: () => stepSwitch('next'),
      enabled: hasThread,
    },
    {
      id: 'replay.previousSwitch',
      run: () => stepSwitch('previous'),
      enabled: hasThread,
    },
    {
      id: 'replay.toStart',
      run: () => playback.seekTime(0),
      enabled: hasTrace,
    },
    {
      id: 'replay.toEnd',
      run: () => playback.seekTime(playback.endNs),
      enabled: hasTrace,
    },
    { id: 'replay.faster', run: playback.faster },
    { id: 'replay.slower', run: playback.slower },
    { id: 'replay.pace', run: playback.togglePace },
    { id: 'replay.loop', run: playback.toggleLoop, enabled: hasTrace },
  ];
}

function noteCommands(): CommandHandler[] {
  const session = useSession();
  const playback = usePlayback();
  const selection = useSelection();
  const settings = useSettings();
  const notes = useNotes();
  const { stepNote } = useGoToNote();
  const hasNotes = (): boolean => notes.count > 0;
  const stretch = () => selection.timeRange ?? selection.slice;
  return [
    {
      id: 'notes.bookmark',
      run: () => notes.add(playback.cursorNs, null),
      enabled: () => session.trace !== null,
    },
    {
      id: 'notes.annotate',
      // A stretch without a text says little: it is typed at once.
      run: async () => {
        const chosen = stretch();
        if (chosen === null) return;
        const id = await notes.add(chosen.startNs, chosen.endNs);
        if (id === null) return;
        settings.showTab('notes');
        notes.editing = id;
      },
      enabled: () => session.trace !== null && stretch() !== null,
    },
    { id: 'notes.next', run: () => stepNote('next'), enabled: hasNotes },
    { id: 'notes.previous', run: () => stepNote('previous'), enabled: hasNotes },
  ];
}

function fileCommands(): CommandHandler[] {
  const session = useSession();
  const dialogs = useDialogs();
  return [
    {
      id: 'file.open',
      run: chooseAndOpen,
      enabled: () => session.connected,
    },
    {
      id: 'file.newWindow',
      run: openNewWindow,
      enabled: () => session.connected,
    },
    {
      id: 'file.record',
      run: () => dialogs.show('record'),
      enabled: () => session.connected,
    },
    {
      id: 'file.export',
      run: () => dialogs.show('export'),
      enabled: () => session.connected && session.trace !== null,
    },
    {
      id: 'file.importReport',
      run: () => dialogs.show('importReport'),
      enabled: () => session.importReport !== null,
    },
    {
      id: 'file.close',
      run: session.close,
      enabled: () => session.trace !== null,
    },
  ];
}

/** Panels say that they are one by `data-panel`, in the order of the document. One with panels in it gives way to them. */
function focusPanel(step: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>('[data-panel], [role=application]')]
    .filter((panel) => panel.checkVisibility())
    .filter((panel, _at, shown) => !shown.some((other) => other !== panel && panel.contains(other)));
  if (panels.length === 0) return;
  const current = panels.findIndex((panel) => panel.contains(document.activeElement));
  const next = current < 0 ? (step === 1 ? 0 : panels.length - 1) : current + step;
  panels[(next + panels.length) % panels.length]!.focus();
}

function windowCommands(): CommandHandler[] {
  const session = useSession();
  const settings = useSettings();
  const dialogs = useDialogs();
  const ruler = useRulerScale();
  const after = <T>(values: readonly T[], value: T): T =>
    values[(values.indexOf(value) + 1) % values.length]!;
  return [
    { id: 'find.palette', run: () => dialogs.show('palette') },
    { id: 'window.keys', run: () => dialogs.show('keys') },
    { id: 'window.nextPanel', run: () => focusPanel(1) },
    {
      id: 'window.previousPanel',
      run: () => focusPanel(-1),
    },
    {
      id: 'window.theme',
      run: () => (settings.theme = after(THEMES, settings.theme)),
    },
    {
      id: 'window.colours',
      run: () => (settings.colourSet = after(COLOUR_SETS, settings.colourSet)),
    },
    {
      id: 'window.density',
      run: () => (settings.density = after(DENSITIES, settings.density)),
    },
    { id: 'timeline.rulerScale', run: ruler.next, enabled: () => session.trace !== null },
  ];
}
