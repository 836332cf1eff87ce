/** Paths of the icons: a 16-px grid, strokes of 1.5 px with round ends, `currentColor`. `fill` marks solid ones. */

interface IconShape {
  readonly d: string;
  readonly fill?: true;
}

const stroke = (d: string): IconShape => ({ d });
const solid = (d: string): IconShape => ({ d, fill: true });

const shapes = {
  /** A quantum stepping down, and the thread that outlasts it. */
  mark: stroke('M2 4h4v4h4v4h4M2 12.5h.1M6 12.5h.1'),
  search: stroke('M11.2 6.9a4.3 4.3 0 1 1-8.6 0 4.3 4.3 0 0 1 8.6 0ZM10 10l3.6 3.6'),
  play: solid('M5.2 3.4v9.2c0 .5.5.7.9.5l6.8-4.6a.6.6 0 0 0 0-1L6.100 2.900c-.4-.2-.9 0-.9.5Z'),
  pause: solid('M4.500 3h2.400v10H4.500zM9.100 3h2.400v10H9.100z'),
  previous: stroke('M10 3.500 5.500 8l4.500 4.500'),
  next: stroke('M6 3.500 10.500 8 6 12.500'),
  previousDecision: stroke('M13.500 4 9.500 8l4 4M5 5.200 7.800 8 5 10.800 2.200 8z'),
  nextDecision: stroke('M2.500 4l4 4-4 4M11 5.200 13.800 8 11 10.800 8.200 8z'),
  previousSwitch: stroke('M12.500 4l-4 4 4 4M4 3.500v9'),
  nextSwitch: stroke('M3.500 4l4 4-4 4M12 3.500v9'),
  more: solid(
    'M4.700 8a1.200 1.200 0 1 1-2.400 0 1.200 1.200 0 0 1 2.400 0ZM9.200 8a1.200 1.200 0 1 1-2.400 0 1.200 1.200 0 0 1 2.400 0ZM13.700 8a1.200 1.200 0 1 1-2.400 0 1.200 1.200 0 0 1 2.400 0Z',
  ),
  loop: stroke(
    'M3 7.500V7a3 3 0 0 1 3-3h6.500M10.500 2l2 2-2 2M13 8.500V9a3 3 0 0 1-3 3H3.500M5.500 14l-2-2 2-2',
  ),
  toStart: stroke('M12.500 3.500 8 8l4.500 4.500M4 3.500v9'),
  sliders: stroke('M2.500 5h6.500M13 5h.500M11 3v4M2.500 11h.500M7 11h6.500M5 9v4'),
  densityDefault: stroke('M2.500 4h11M2.500 8h11M2.500 12h11'),
  record: solid('M12.200 8a4.200 4.200 0 1 1-8.400 0 4.200 4.200 0 0 1 8.400 0Z'),
  stop: solid('M4.500 4.500h7v7h-7z'),
  keys: stroke('M2 4.500h12v7H2zM4.500 7h.1M7 7h.1M9.500 7h.1M11.800 7h.1M5.500 9.300h5'),
  check: stroke('m3.500 8.500 3 3 6-6.500'),
  warning: stroke('M8 2.800 14 13H2zM8 6.800v2.800M8 11.300v.1'),
  error: stroke('M13.800 8A5.800 5.800 0 1 1 2.200 8a5.800 5.800 0 0 1 11.600 0ZM8 5v3.600M8 10.800v.1'),
  info: stroke('M13.800 8A5.800 5.800 0 1 1 2.200 8a5.800 5.800 0 0 1 11.600 0ZM8 7.400V11M8 5.200v.1'),
  close: stroke('m4 4 8 8M12 4l-8 8'),
  down: stroke('m4 6.200 4 4 4-4'),
  up: stroke('m4 9.800 4-4 4 4'),
  sidePanel: stroke('M2 3.500h12v9H2zM10 3.500v9'),
  right: stroke('m6.200 4 4 4-4 4'),
  folder: stroke('M2 12.500v-9h4l1.500 2H14v7z'),
  filter: stroke('M2.500 3.500h11L9.500 8.300v4.200l-3-1.500V8.300z'),
  cpu: stroke(
    'M4.500 4.500h7v7h-7zM6.500 2v2.500M9.500 2v2.500M6.500 11.500V14M9.500 11.500V14M2 6.500h2.500M2 9.500h2.500M11.500 6.500H14M11.500 9.500H14',
  ),
  thread: stroke('M2.500 4c3 0 3 8 5.500 8s2.500-8 5.500-8'),
  lock: stroke('M3.500 7.200h9v6h-9zM5.500 7.200V5a2.500 2.500 0 0 1 5 0v2.200'),
  clock: stroke('M13.500 8a5.500 5.500 0 1 1-11 0 5.500 5.500 0 0 1 11 0ZM8 4.800V8l2.200 1.500'),
  follow: stroke('M8 2v12M4.500 5.500 8 2l3.500 3.500'),
  file: stroke('M4 2h5l3 3v9H4zM9 2v3h3'),
  plus: stroke('M8 3v10M3 8h10'),
  bookmark: stroke('M4.500 2.500h7v11L8 10.500l-3.500 3z'),
  note: stroke('M2.500 3h11v7.500h-6L4.500 13v-2.500h-2z'),
  copy: stroke('M5.500 5.500h8v8h-8zM10.500 5.500v-3h-8v8h3'),
  save: stroke('M8 2.500v7.500M4.800 7 8 10.200 11.200 7M3 13h10'),
  command: stroke('M3.500 4.500 7 8l-3.500 3.500M8.500 11.500h4'),
  event: stroke('M2 8h3.500M10.500 8H14M10.500 8a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0Z'),
} as const satisfies Record<string, IconShape>;

export type IconName = keyof typeof shapes;
export const ICONS: Readonly<Record<IconName, IconShape>> = shapes;
