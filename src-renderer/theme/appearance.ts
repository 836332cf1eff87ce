/** Theme and density on the root element: what tokens.css switches on. */

export const THEMES = ['system', 'dark', 'light'] as const;
export type ThemeChoice = (typeof THEMES)[number];
export type Theme = 'dark' | 'light';

/** Colours of states and outcomes: the usual ones, or such as every kind of colour vision tells apart. */
export const COLOUR_SETS = ['usual', 'colour-blind'] as const;
export type ColourSet = (typeof COLOUR_SETS)[number];

export const DENSITIES = ['auto', 'compact', 'default', 'roomy'] as const;
export type DensityChoice = (typeof DENSITIES)[number];
export type Density = Exclude<DensityChoice, 'auto'>;

/** Windows lower than this get the compact density unless the reader chose another. */
const COMPACT_BELOW_PX = 780;

export function themeFor(choice: ThemeChoice, systemIsDark: boolean): Theme {
  return choice === 'system' ? (systemIsDark ? 'dark' : 'light') : choice;
}

export function densityFor(choice: DensityChoice, windowHeightPx: number): Density {
  return choice === 'auto' ? (windowHeightPx < COMPACT_BELOW_PX ? 'compact' : 'default') : choice;
}
