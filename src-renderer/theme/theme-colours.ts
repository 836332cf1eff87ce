/**
 * The theme's colours, resolved once for each change of theme: as CSS text for canvas calls, and packed for
 * writing pixels. What is shown dimmed is mixed with the lane's background here, not at every pixel.
 */

const NAMES = [
  'bg-0',
  'bg-1',
  'bg-2',
  'bg-3',
  'bg-lane',
  'bg-lane-alt',
  'line-1',
  'line-2',
  'line-3',
  'text-1',
  'text-2',
  'text-3',
  'accent',
  'accent-soft',
  'accent-line',
  'on-accent',
  'st-run',
  'st-spin',
  'st-rq',
  'st-pre',
  'st-sleep',
  'st-park',
  'st-stop',
  'on-run',
  'on-spin',
  'on-pre',
  'oc-deftick',
  'oc-defpre',
  'oc-yield',
  'oc-failsafe',
  'oc-forced',
  'oc-skip',
  'hold',
  'rq',
  'hatch',
  'heat-0',
  'heat-1',
  'heat-2',
  'heat-3',
  'heat-4',
  'p0',
  'p1',
  'hue-0',
  'hue-1',
  'hue-2',
  'hue-3',
  'hue-4',
  'hue-5',
  'hue-6',
  'hue-7',
] as const;
export type ColourName = (typeof NAMES)[number];

/** Colours that tell threads or processes apart, where lanes are coloured by them. */
export const HUES = NAMES.filter((name) => name.startsWith('hue-'));

/** A colour as the four bytes of an ImageData pixel read as one little-endian word. */
export type Packed = number;

export interface ThemeColours {
  readonly css: Readonly<Record<ColourName, string>>;
  readonly packed: Readonly<Record<ColourName, Packed>>;
  readonly font: string;
  readonly mono: string;
}

interface Rgba {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a: number;
}

/** Reads `#rrggbb` and `#rrggbbaa`, which tokens are written in, and the short forms that the build makes of them. */
export function parseHex(text: string): Rgba {
  const hex = text.trim().replace('#', '');
  const full = hex.length <= 4 ? [...hex].map((digit) => digit + digit).join('') : hex;
  const value = (at: number): number => Number.parseInt(full.slice(at, at + 2), 16);
  if (!/^([0-9a-f]{6}|[0-9a-f]{8})$/i.test(full)) throw new Error(`"${text}" is not a colour`);
  return { r: value(0), g: value(2), b: value(4), a: full.length === 8 ? value(6) / 255 : 1 };
}

export const pack = ({ r, g, b }: Omit<Rgba, 'a'>): Packed => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** `share` of `over` on top of the rest of `under`; both packed and opaque. */
export function mixPacked(under: Packed, over: Packed, share: number): Packed {
  let mixed = 0xff00_0000;
  for (const shift of [0, 8, 16]) {
    const below = (under >>> shift) & 255;
    mixed += Math.round(below + (((over >>> shift) & 255) - below) * share) << shift;
  }
  return mixed >>> 0;
}

/** Packed colour as CSS text. */
export function cssOf(colour: Packed): string {
  return `rgb(${colour & 255} ${(colour >>> 8) & 255} ${(colour >>> 16) & 255})`;
}

/** The colours that `element` inherits. Reads computed style: call it when the theme changes, not while drawing. */
export function readThemeColours(element: Element): ThemeColours {
  const style = getComputedStyle(element);
  const css = {} as Record<ColourName, string>;
  const packed = {} as Record<ColourName, Packed>;
  const lane = pack(parseHex(style.getPropertyValue('--bg-lane')));
  for (const name of NAMES) {
    css[name] = style.getPropertyValue(`--${name}`).trim();
    const colour = parseHex(css[name]);
    packed[name] = mixPacked(lane, pack(colour), colour.a);
  }
  return {
    css,
    packed,
    font: style.getPropertyValue('--font').trim(),
    mono: style.getPropertyValue('--mono').trim(),
  };
}
