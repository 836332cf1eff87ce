/** Thresholds as a person sets them: `DETECTOR.NAME`, with a number in the unit that the detector names. */
import { WorkbenchError } from '#shared/base/errors.ts';
import type { Detector } from './detector.ts';

export type ThresholdValues = Readonly<Record<string, number>>;

/** Values of a detector's thresholds by their names. */
export function thresholdsOf(detector: Detector, values: ThresholdValues): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(detector.thresholds).map(([name, { value }]) => [
      name,
      values[`${detector.id}.${name}`] ?? value,
    ]),
  );
}

const UNITS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, '%': 0.01 };

/**
 * Reads `lock-convoy.waiters=4`, `late-run.latency=20ms`, `requests-unused.share=95%`.
 *
 * @throws WorkbenchError 'usage' where there is no such threshold, or that is no value for it
 */
export function parseThreshold(
  text: string,
  detectors: readonly Detector[],
): readonly [name: string, value: number] {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(0, at)).trim();
  const known = detectors.flatMap(({ id, thresholds }) =>
    Object.keys(thresholds).map((key) => `${id}.${key}`),
  );
  if (at < 0 || !known.includes(name)) {
    const near = known.filter((candidate) => candidate.split('.')[0] === name.split('.')[0]);
    throw new WorkbenchError(
      'usage',
      `"${text}" sets no threshold: expected NAME=VALUE with a NAME such as ${(near.length > 0 ? near : known).slice(0, 4).join(', ')}.`,
    );
  }
  const match = /^(\d+(?:\.\d+)?)\s*(ns|us|ms|s|%)?$/.exec(text.slice(at + 1).trim());
  const [id, key] = name.split('.') as [string, string];
  const { unit } = detectors.find((detector) => detector.id === id)!.thresholds[key]!;
  const takes = unit === 'ns' ? /^(ns|us|ms|s)$/ : /^%$/;
  if (match === null || (match[2] !== undefined && !takes.test(match[2]))) {
    const example = unit === 'ns' ? '250us or 10ms' : unit === 'share' ? '0.5 or 50%' : '10';
    throw new WorkbenchError(
      'usage',
      `"${text}" gives no value that ${name} can have: expected one such as ${example}.`,
    );
  }
  return [name, Number(match[1]) * UNITS[match[2] ?? 'ns']!];
}
