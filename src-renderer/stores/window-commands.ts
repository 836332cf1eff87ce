/** The commands of replay, file and window. Called once, by the component that lives as long as the window. */
import { watch } from 'vue';
import { DENSITIES, THEMES } from '../theme/appearance.ts';
import { useCommands, type Command } from './commands.ts';
import { useDialogs } from './dialogs.ts';
import { useNotices } from './notices.ts';
import { chooseAndOpen } from './open-file.ts';
import { usePlayback, type StepDirection } from './playback.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';
import { useSettings } from './settings.ts';

export function registerWindowCommands(): void {
  const commands = useCommands();
  const session = useSession();
  // The host's menu knows commands by id.
  watch(
    () => session.client,
    (client) => client?.on('command.run', ({ command }) => commands.run(command)),
    { immediate: true },
  );
  commands.register([...replayCommands(), ...fileCommands(), ...windowCommands()]);
}

function replayCommands(): Command[] {
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
    if (session.traceId === traceId && deciders.length === 1) selection.selectLwp(deciders[0]!);
  }

  async function stepSwitch(direction: StepDirection): Promise<void> {
    if (selection.lwp === null) return;
    if (!(await playback.step(direction, 'switch', selection.lwp))) {
      nothing('switch of this thread', direction);
    }
  }

  const group = 'Replay';
  return [
    {
      id: 'replay.toggle',
      title: 'Play or pause',
      group,
      keys: ['Space'],
      run: playback.toggle,
      enabled: hasTrace,
    },
    {
      id: 'replay.nextEvent',
      title: 'Next event',
      group,
      keys: ['Shift+ArrowRight'],
      run: () => stepEvent('next'),
      enabled: hasTrace,
      repeats: true,
    },
    {
      id: 'replay.previousEvent',
      title: 'Previous event',
      group,
      keys: ['Shift+ArrowLeft'],
      run: () => stepEvent('previous'),
      enabled: hasTrace,
      repeats: true,
    },
    {
      id: 'replay.nextDecision',
      title: 'Next decision',
      group,
      keys: [']'],
      run: () => stepDecision('next'),
      enabled: hasDecisions,
      repeats: true,
    },
    {
      id: 'replay.previousDecision',
      title: 'Previous decision',
      group,
      keys: ['['],
      run: () => stepDecision('previous'),
      enabled: hasDecisions,
      repeats: true,
    },
    {
      id: 'replay.nextOwnDecision',
      title: 'Next decision about the chosen thread',
      group,
      keys: ['}'],
      run: () => stepDecision('next', selection.lwp ?? undefined),
      enabled: () => hasDecisions() && selection.lwp !== null,
      repeats: true,
    },
    {
      id: 'replay.previousOwnDecision',
      title: 'Previous decision about the chosen thread',
      group,
      keys: ['{'],
      run: () => stepDecision('previous', selection.lwp ?? undefined),
      enabled: () => hasDecisions() && selection.lwp !== null,
      repeats: true,
    },
    {
      id: 'replay.nextSwitch',
      title: 'Next switch of the chosen thread',
      group,
      keys: ['Ctrl+ArrowRight'],
      run: () => stepSwitch('next'),
      enabled: hasThread,
      repeats: true,
    },
    {
      id: 'replay.previousSwitch',
      title: 'Previous switch of the chosen thread',
      group,
      keys: ['Ctrl+ArrowLeft'],
      run: () => stepSwitch('previous'),
      enabled: hasThread,
      repeats: true,
    },
    {
      id: 'replay.toStart',
      title: 'To the start of the trace',
      group,
      keys: ['Ctrl+Home'],
      run: () => playback.seekTime(0),
      enabled: hasTrace,
    },
    {
      id: 'replay.toEnd',
      title: 'To the end of the trace',
      group,
      keys: ['Ctrl+End'],
      run: () => playback.seekTime(playback.endNs),
      enabled: hasTrace,
    },
    { id: 'replay.faster', title: 'Faster', group, keys: ['Shift+ArrowUp'], run: playback.faster },
    { id: 'replay.slower', title: 'Slower', group, keys: ['Shift+ArrowDown'], run: playback.slower },
  ];
}

function fileCommands(): Command[] {
  const session = useSession();
  const dialogs = useDialogs();
  const group = 'File';
  return [
    {
      id: 'file.open',
      title: 'Open a trace, a scheduler log or a scenario',
      group,
      keys: ['Ctrl+O'],
      run: chooseAndOpen,
      enabled: () => session.connected,
    },
    {
      id: 'file.record',
      title: 'Record a scenario',
      group,
      keys: ['R'],
      run: () => dialogs.show('record'),
      enabled: () => session.connected,
    },
    {
      id: 'file.close',
      title: 'Close the trace and show the start page',
      group,
      keys: ['Shift+Escape'],
      run: session.close,
      enabled: () => session.trace !== null,
    },
  ];
}

/** Panels say that they are one by `data-panel`, in the order of the document. */
function focusPanel(step: 1 | -1): void {
  const panels = [...document.querySelectorAll<HTMLElement>('[data-panel], [role=application]')];
  if (panels.length === 0) return;
  const current = panels.findIndex((panel) => panel.contains(document.activeElement));
  const next = current < 0 ? (step === 1 ? 0 : panels.length - 1) : current + step;
  panels[(next + panels.length) % panels.length]!.focus();
}

function windowCommands(): Command[] {
  const settings = useSettings();
  const dialogs = useDialogs();
  const group = 'Window';
  const after = <T>(values: readonly T[], value: T): T =>
    values[(values.indexOf(value) + 1) % values.length]!;
  return [
    { id: 'window.keys', title: 'List of keys', group, keys: ['?'], run: () => dialogs.show('keys') },
    { id: 'window.nextPanel', title: 'To the next panel', group, keys: ['F6'], run: () => focusPanel(1) },
    {
      id: 'window.previousPanel',
      title: 'To the previous panel',
      group,
      keys: ['Shift+F6'],
      run: () => focusPanel(-1),
    },
    {
      id: 'window.theme',
      title: 'Theme: as the system, dark, light',
      group,
      keys: ['T'],
      run: () => (settings.theme = after(THEMES, settings.theme)),
    },
    {
      id: 'window.density',
      title: 'Density: automatic, compact, default, roomy',
      group,
      keys: ['Shift+T'],
      run: () => (settings.density = after(DENSITIES, settings.density)),
    },
  ];
}
