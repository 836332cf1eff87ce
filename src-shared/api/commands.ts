/**
 * Every action of the window by id: what it is called and which keys run it. The window registers a handler
 * for each; its palette, its list of keys and the host's menu show them from here, so that an action is
 * named once. `command.run` of the contract carries the ids.
 */

/** Sections of the palette and of the list of keys, in their order. */
export const COMMAND_GROUPS = [
  'Replay',
  'Timeline',
  'Selection',
  'Charts',
  'Inspector',
  'Find',
  'File',
  'Window',
] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface CommandSpec {
  readonly title: string;
  readonly group: CommandGroup;
  /**
   * Keys as they are pressed: "Space", "Shift+M", "Ctrl+Shift+P", "?"; names as KeyboardEvent.key has them,
   * Ctrl stands for Command on a Mac. The first is the one shown on buttons.
   */
  readonly keys: readonly [string, ...string[]];
  /** Whether a key held down runs it again and again. */
  readonly repeats?: true;
}

const list = {
  'replay.toggle': { title: 'Play or pause', group: 'Replay', keys: ['Space'] },
  'replay.nextEvent': { title: 'Next event', group: 'Replay', keys: ['Shift+ArrowRight'], repeats: true },
  'replay.previousEvent': {
    title: 'Previous event',
    group: 'Replay',
    keys: ['Shift+ArrowLeft'],
    repeats: true,
  },
  'replay.nextDecision': { title: 'Next decision', group: 'Replay', keys: [']'], repeats: true },
  'replay.previousDecision': { title: 'Previous decision', group: 'Replay', keys: ['['], repeats: true },
  'replay.nextOwnDecision': {
    title: 'Next decision about the selected thread',
    group: 'Replay',
    keys: ['}'],
    repeats: true,
  },
  'replay.previousOwnDecision': {
    title: 'Previous decision about the selected thread',
    group: 'Replay',
    keys: ['{'],
    repeats: true,
  },
  'replay.nextSwitch': {
    title: 'Next switch of the selected thread',
    group: 'Replay',
    keys: ['Ctrl+ArrowRight'],
    repeats: true,
  },
  'replay.previousSwitch': {
    title: 'Previous switch of the selected thread',
    group: 'Replay',
    keys: ['Ctrl+ArrowLeft'],
    repeats: true,
  },
  'replay.toStart': { title: 'Go to the start of the trace', group: 'Replay', keys: ['Ctrl+Home'] },
  'replay.toEnd': { title: 'Go to the end of the trace', group: 'Replay', keys: ['Ctrl+End'] },
  'replay.faster': { title: 'Faster', group: 'Replay', keys: ['Shift+ArrowUp'] },
  'replay.slower': { title: 'Slower', group: 'Replay', keys: ['Shift+ArrowDown'] },
  'replay.pace': { title: 'Play by time or by events', group: 'Replay', keys: ['Shift+Space'] },
  'replay.loop': { title: 'Loop the selected range', group: 'Replay', keys: ['L'] },
  'replay.typeTime': { title: 'Go to a time', group: 'Replay', keys: ['G'] },

  'timeline.zoomIn': { title: 'Zoom in', group: 'Timeline', keys: ['W', '+', '='], repeats: true },
  'timeline.zoomOut': { title: 'Zoom out', group: 'Timeline', keys: ['S', '-'], repeats: true },
  'timeline.panLeft': {
    title: 'Scroll to earlier times',
    group: 'Timeline',
    keys: ['A', 'ArrowLeft'],
    repeats: true,
  },
  'timeline.panRight': {
    title: 'Scroll to later times',
    group: 'Timeline',
    keys: ['D', 'ArrowRight'],
    repeats: true,
  },
  'timeline.start': { title: 'Show the start of the trace', group: 'Timeline', keys: ['Home'] },
  'timeline.end': { title: 'Show the end of the trace', group: 'Timeline', keys: ['End'] },
  'timeline.all': { title: 'Show the whole trace', group: 'Timeline', keys: ['0'] },
  'timeline.focus': { title: 'Centre the selection, then fit it', group: 'Timeline', keys: ['F'] },
  'timeline.pin': { title: 'Pin the lane to the top, or unpin it', group: 'Timeline', keys: ['P'] },
  'timeline.hide': { title: 'Hide the lane', group: 'Timeline', keys: ['H'] },
  'timeline.laneUp': {
    title: 'Move the lane up',
    group: 'Timeline',
    keys: ['Alt+ArrowUp'],
    repeats: true,
  },
  'timeline.laneDown': {
    title: 'Move the lane down',
    group: 'Timeline',
    keys: ['Alt+ArrowDown'],
    repeats: true,
  },
  'timeline.resetOrder': {
    title: "Restore the trace's order of lanes",
    group: 'Timeline',
    keys: ['Alt+Home'],
  },
  'timeline.colouring': {
    title: 'Colour by state, thread, process',
    group: 'Timeline',
    keys: ['C'],
  },
  'timeline.markA': {
    title: 'Set mark A at the pointer, else at the cursor',
    group: 'Timeline',
    keys: ['Q'],
  },
  'timeline.markB': {
    title: 'Set mark B at the pointer, else at the cursor',
    group: 'Timeline',
    keys: ['E'],
  },
  'timeline.selectMarks': {
    title: 'Select the range between the marks',
    group: 'Selection',
    keys: ['X'],
  },
  'timeline.clearMarks': { title: 'Remove the marks', group: 'Timeline', keys: ['Shift+Q'] },
  'timeline.rulerScale': {
    title: 'Ruler: from the start, from mark A, in ticks',
    group: 'Timeline',
    keys: ['Shift+G'],
  },
  'timeline.showHidden': { title: 'Show hidden lanes', group: 'Timeline', keys: ['Shift+H'] },

  'timeline.nextLane': { title: 'Next lane', group: 'Selection', keys: ['ArrowDown'], repeats: true },
  'timeline.previousLane': { title: 'Previous lane', group: 'Selection', keys: ['ArrowUp'], repeats: true },
  'timeline.nextSlice': { title: 'Next slice on the lane', group: 'Selection', keys: ['.'], repeats: true },
  'timeline.previousSlice': {
    title: 'Previous slice on the lane',
    group: 'Selection',
    keys: [','],
    repeats: true,
  },
  'timeline.clear': { title: 'Clear the selection', group: 'Selection', keys: ['Escape'] },

  'notes.bookmark': { title: 'Bookmark the time of the cursor', group: 'Selection', keys: ['M'] },
  'notes.annotate': {
    title: 'Add a note to the selected range or slice',
    group: 'Selection',
    keys: ['Shift+M'],
  },
  'notes.next': { title: 'Next note', group: 'Selection', keys: ['N'], repeats: true },
  'notes.previous': { title: 'Previous note', group: 'Selection', keys: ['Shift+N'], repeats: true },

  'findings.next': { title: 'Next finding', group: 'Selection', keys: ['J'], repeats: true },
  'findings.previous': { title: 'Previous finding', group: 'Selection', keys: ['K'], repeats: true },

  'chart.cpu': { title: 'Show or hide the chart CPU use', group: 'Charts', keys: ['Alt+1'] },
  'chart.queues': { title: 'Show or hide the chart Run queues', group: 'Charts', keys: ['Alt+2'] },
  'chart.slots': { title: 'Show or hide the chart Slots in use', group: 'Charts', keys: ['Alt+3'] },
  'chart.updates': { title: 'Show or hide the chart sc_cpu updates', group: 'Charts', keys: ['Alt+4'] },
  'chart.decisions': { title: 'Show or hide the chart Decisions', group: 'Charts', keys: ['Alt+5'] },

  'inspector.back': { title: 'Go back a page', group: 'Inspector', keys: ['Alt+ArrowLeft'] },
  'inspector.forward': { title: 'Go forward a page', group: 'Inspector', keys: ['Alt+ArrowRight'] },
  'inspector.machine': { title: 'Inspect the machine', group: 'Inspector', keys: ['Shift+I'] },
  'inspector.explain': { title: 'Explain the last decision', group: 'Inspector', keys: ['Y'] },

  'find.focus': {
    title: 'Find a thread, CPU, lock or event, or jump to a time',
    group: 'Find',
    keys: ['/', 'Ctrl+P'],
  },
  'find.palette': { title: 'Command palette', group: 'Find', keys: ['Ctrl+Shift+P', '>'] },
  'timeline.filterLanes': { title: 'Filter lanes', group: 'Find', keys: ['Ctrl+F'] },

  'file.open': { title: 'Open a trace, a scheduler log or a scenario', group: 'File', keys: ['Ctrl+O'] },
  'file.newWindow': { title: 'New window', group: 'File', keys: ['Ctrl+Shift+N'] },
  'file.record': { title: 'Record a scenario', group: 'File', keys: ['R'] },
  'file.export': { title: 'Export the trace or a part of it', group: 'File', keys: ['Ctrl+E'] },
  'file.importReport': { title: 'Show the import report', group: 'File', keys: ['Shift+R'] },
  'file.close': {
    title: 'Close the trace and show the start page',
    group: 'File',
    keys: ['Shift+Escape'],
  },

  'window.keys': { title: 'Show the keyboard shortcuts', group: 'Window', keys: ['?'] },
  'window.nextPanel': { title: 'Go to the next panel', group: 'Window', keys: ['F6'] },
  'window.previousPanel': { title: 'Go to the previous panel', group: 'Window', keys: ['Shift+F6'] },
  'window.tab.events': { title: 'Show the events', group: 'Window', keys: ['1'] },
  'window.tab.selection': { title: 'Show the range summary', group: 'Window', keys: ['2'] },
  'window.tab.sql': { title: 'Query with SQL', group: 'Window', keys: ['3'] },
  'window.tab.notes': { title: 'Show the notes', group: 'Window', keys: ['4'] },
  'window.tab.findings': { title: 'Show the findings', group: 'Window', keys: ['5'] },
  'window.findingsSummary': {
    title: 'Show or hide the summary of findings',
    group: 'Window',
    keys: ['Shift+J'],
  },
  'window.bottom': { title: 'Show or hide the lists', group: 'Window', keys: ['B'] },
  'window.inspector': { title: 'Show or hide the inspector', group: 'Window', keys: ['I'] },
  'window.theme': { title: 'Theme: system, dark, light', group: 'Window', keys: ['T'] },
  'window.colours': {
    title: 'Colours: standard, safe for every colour vision',
    group: 'Window',
    keys: ['Shift+C'],
  },
  'window.density': {
    title: 'Density: automatic, compact, default, roomy',
    group: 'Window',
    keys: ['Shift+T'],
  },
} as const satisfies Record<string, CommandSpec>;

export type CommandId = keyof typeof list;
export const COMMANDS: Readonly<Record<CommandId, CommandSpec>> = list;
export const COMMAND_IDS = Object.keys(list) as CommandId[];

export const isCommandId = (id: string): id is CommandId => Object.hasOwn(list, id);

/**
 * The first key of a command that a native menu may take, in Electron's spelling ("CmdOrCtrl+Shift+P"); null
 * where none is. A menu takes its keys from text fields, too: only those with Ctrl or Alt, and function keys,
 * type nothing there.
 */
export function acceleratorOf(id: CommandId): string | null {
  const key = COMMANDS[id].keys.find((candidate) =>
    /^((Ctrl|Alt)\+(Alt\+)?(Shift\+)?[A-Z\d]|(Shift\+)?F\d+)$/.test(candidate),
  );
  return key?.replace('Ctrl', 'CmdOrCtrl') ?? null;
}
