import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, distance, over, VISION } from './colour-science.ts';

const css = readFileSync(new URL('tokens.css', import.meta.url), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

/** The colours that the rules with exactly this selector name. */
function coloursOf(selector: string): Record<string, string> {
  const colours: Record<string, string> = {};
  for (const [, head, body] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    if (head!.trim() !== selector) continue;
    for (const [, name, value] of body!.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6,8})\s*;/gi)) {
      colours[name!] = value!;
    }
  }
  return colours;
}

const dark = coloursOf(':root');
const light = coloursOf(":root[data-theme='light']");
const COLOUR_BLIND = "[data-colours='colour-blind']";
const THEMES = [
  ['dark', dark],
  ['light', light],
  ['dark colour-blind', { ...dark, ...coloursOf(`:root${COLOUR_BLIND}`) }],
  ['light colour-blind', { ...light, ...coloursOf(`:root[data-theme='light']${COLOUR_BLIND}`) }],
] as const;

const TEXT = 4.5;
const MARK = 3;

const STATES = ['st-run', 'st-spin', 'st-rq', 'st-pre', 'st-sleep', 'st-park'];
const HUES = Array.from({ length: 8 }, (_, hue) => `hue-${hue}`);
const OUTCOMES = ['oc-deftick', 'oc-defpre', 'oc-yield', 'oc-failsafe', 'oc-forced', 'oc-skip'];

/** Text on a surface: `[text, surface]`, or `[text, translucent surface, what is under it]`. */
const TEXT_PAIRS: readonly (readonly [string, string, string?])[] = [
  ...['text-1', 'text-2', 'text-3'].flatMap((text) =>
    ['bg-0', 'bg-1', 'bg-2', 'bg-lane', 'bg-lane-alt', 'bg-hover'].map((back) => [text, back] as const),
  ),
  ...['text-1', 'text-2'].map((text) => [text, 'bg-3'] as const),
  ...['text-1', 'text-2', 'text-3'].map((text) => [text, 'accent-soft', 'bg-1'] as const),
  ...['text-1', 'text-2'].map((text) => [text, 'warn-soft', 'bg-1'] as const),
  ...['bg-0', 'bg-1', 'bg-2', 'bg-lane'].map((back) => ['accent', back] as const),
  ['accent', 'accent-soft', 'bg-2'],
  ['on-accent', 'accent'],
  ['on-run', 'st-run'],
  ...HUES.map((hue) => ['on-run', hue] as const),
  ...['heat-0', 'heat-1', 'heat-2'].map((heat) => ['text-1', heat] as const),
  ['on-run', 'heat-3'],
  ['text-inv', 'heat-4'],
  ['on-spin', 'st-spin'],
  ['on-pre', 'st-pre'],
  ...['ok', 'warn', 'bad'].flatMap((kind) => [
    [kind, 'bg-1'] as const,
    [kind, 'bg-2'] as const,
    [kind, `${kind}-soft`, 'bg-1'] as const,
  ]),
  ...['code-k', 'code-s', 'code-n'].flatMap((code) => [
    [code, 'bg-lane'] as const,
    [code, 'bg-hover'] as const,
  ]),
];

const MARK_PAIRS: readonly (readonly [string, string])[] = [
  ...[...STATES, ...OUTCOMES, ...HUES, 'st-stop', 'hold', 'hatch', 'rq'].map(
    (mark) => [mark, 'bg-lane'] as const,
  ),
  ...['bg-0', 'bg-1', 'bg-2', 'bg-lane'].map((back) => ['focus', back] as const),
  ...OUTCOMES.map((mark) => [mark, 'bg-2'] as const),
];

describe.each(THEMES)('the %s theme', (_name, colours) => {
  const colour = (token: string): string => {
    expect(colours, `tokens.css names no colour --${token}`).toHaveProperty(token);
    return colours[token]!;
  };

  it('names the same colours as the other theme', () => {
    expect(Object.keys(colours).sort()).toEqual(Object.keys(dark).sort());
  });

  it.each(TEXT_PAIRS.map(([text, back, under]) => ({ text, back, under })))(
    'shows text in $text on $back legibly',
    ({ text, back, under }) => {
      const surface = under === undefined ? colour(back) : over(colour(back), colour(under));
      expect(contrast(colour(text), surface)).toBeGreaterThanOrEqual(TEXT);
    },
  );

  it.each(MARK_PAIRS)('shows marks in %s on %s', (mark, back) => {
    expect(contrast(colour(mark), colour(back))).toBeGreaterThanOrEqual(MARK);
  });

  if (_name.endsWith('colour-blind')) {
    it('names a colour of its own for every state and outcome', () => {
      const usual = _name.startsWith('light') ? light : dark;
      const same = [...STATES, ...OUTCOMES].filter((token) => colours[token] === usual[token]);
      // What sleeps is grey in either.
      expect(same).toEqual(['st-sleep', 'oc-skip']);
    });

    describe.each(['full', 'deuteranopia', 'protanopia', 'tritanopia'] as const)(
      'seen with %s colour vision',
      (vision) => {
        it.each([
          ['states', STATES],
          ['outcomes', OUTCOMES],
        ] as const)('keeps %s well apart', (_set, tokens) => {
          for (const [i, a] of tokens.entries()) {
            for (const b of tokens.slice(i + 1)) {
              const apart = distance(colour(a), colour(b), VISION[vision]);
              expect(apart, `${a} and ${b}`).toBeGreaterThanOrEqual(25);
            }
          }
        });
      },
    );
  }

  // The closest pairs also differ in height, texture or shape; colour alone tells apart at least this much.
  describe.each(['full', 'deuteranopia', 'protanopia'] as const)('seen with %s colour vision', (vision) => {
    it.each([
      ['states', STATES],
      ['outcomes', OUTCOMES],
    ] as const)('keeps %s apart', (_set, tokens) => {
      for (const [i, a] of tokens.entries()) {
        for (const b of tokens.slice(i + 1)) {
          const apart = distance(colour(a), colour(b), VISION[vision]);
          expect(apart, `${a} and ${b}`).toBeGreaterThanOrEqual(9);
        }
      }
    });
  });
});
