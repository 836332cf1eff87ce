/** Contrast and colour distance, for the check of tokens.css. Colours are `#rrggbb` or `#rrggbbaa`. */

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Red, green, blue from 0 to 255, and opacity from 0 to 1. */
function parse(colour: string): { readonly rgb: Triple; readonly alpha: number } {
  const channel = (at: number): number => Number.parseInt(colour.slice(at, at + 2), 16);
  return { rgb: [channel(1), channel(3), channel(5)], alpha: colour.length > 7 ? channel(7) / 255 : 1 };
}

/** The opaque colour that `front` gives over `back`. */
export function over(front: string, back: string): string {
  const { rgb, alpha } = parse(front);
  const under = parse(back).rgb;
  const mixed = rgb.map((value, i) => Math.round(value * alpha + under[i]! * (1 - alpha)));
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

/** sRGB transfer function (IEC 61966-2-1): 0..255 to linear light 0..1. */
function linear(value: number): number {
  const v = value / 255;
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
}

function luminance(colour: string): number {
  const [r, g, b] = parse(colour).rgb.map(linear) as unknown as Triple;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast ratio of WCAG 2, 1 to 21; `front` may be translucent. */
export function contrast(front: string, back: string): number {
  const a = luminance(over(front, back));
  const b = luminance(back);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** How colour vision deficiencies mix linear light (Machado, Oliveira and Fernandes 2009, full severity). */
export const VISION: Readonly<Record<'full' | 'deuteranopia' | 'protanopia' | 'tritanopia', Matrix>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** CIE L*a*b* (D65) of an opaque colour as the given vision sees it. */
function lab(colour: string, vision: Matrix): Triple {
  const light = parse(colour).rgb.map(linear) as unknown as Triple;
  const [r, g, b] = vision.map((row) =>
    Math.min(1, Math.max(0, row[0] * light[0] + row[1] * light[1] + row[2] * light[2])),
  ) as unknown as Triple;
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** Distance ΔE (CIE 1976) of two opaque colours as the given vision sees them; about 2 is just noticeable. */
export function distance(a: string, b: string, vision: Matrix): number {
  const first = lab(a, vision);
  const second = lab(b, vision);
  return Math.hypot(...first.map((value, i) => value - second[i]!));
}
