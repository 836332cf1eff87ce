/**
 * The record dialog's parameters as typed, and what they mean. Leave a field empty to use the value in the scenario.
 */
import { parseTime } from '../../trace-data/decode/parse-time.ts';

export interface ParameterText {
  seed: string;
  duration: string;
  cpus: string;
}

export const NO_PARAMETERS: Readonly<ParameterText> = { seed: '', duration: '', cpus: '' };

export interface ParameterValues {
  readonly seed: number | undefined;
  readonly durationNs: number | undefined;
  readonly cpus: number | undefined;
  /** The first thing that is wrong, by field; null where all is well. */
  readonly problem: { readonly field: keyof ParameterText; readonly message: string } | null;
}

const MOST_SEED = 0xffff_ffff;
const MOST_CPUS = 256;
const LONGEST_S = 86_400;

export function readParameters(text: ParameterText): ParameterValues {
  const seed = wholeNumber(text.seed, 0, MOST_SEED);
  const cpus = wholeNumber(text.cpus, 1, MOST_CPUS);
  const duration = durationOf(text.duration);
  const problem =
    typeof seed === 'string'
      ? ({ field: 'seed', message: seed } as const)
      : typeof duration === 'string'
        ? ({ field: 'duration', message: duration } as const)
        : typeof cpus === 'string'
          ? ({ field: 'cpus', message: cpus } as const)
          : null;
  const number = (value: number | string | undefined) => (typeof value === 'number' ? value : undefined);
  return { seed: number(seed), durationNs: number(duration), cpus: number(cpus), problem };
}

/** The number; undefined for an empty text; a sentence for anything else. */
function wholeNumber(text: string, least: number, most: number): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const value = Number(trimmed);
  return Number.isInteger(value) && value >= least && value <= most
    ? value
    : `A whole number from ${least} to ${most}`;
}

function durationOf(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (/[%+-]/.test(trimmed)) return 'A duration: 2, 500 ms, 1.5 s';
  const parsed = parseTime(trimmed, { cursorNs: 0, durationNs: LONGEST_S * 1e9, tickNs: null });
  if (!parsed.ok) return 'A duration of at most a day: 2, 500 ms, 1.5 s';
  return parsed.timeNs > 0 ? parsed.timeNs : 'A duration above 0';
}
