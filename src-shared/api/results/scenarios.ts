/** Scenarios that can be recorded. */
import type { Problem } from '../../base/errors.ts';

export interface ScenarioInfo {
  readonly id: string;
  readonly title: string;
  /** What to see in it. */
  readonly about: string;
  /** Null for one that is not valid. */
  readonly facts: ScenarioCheck['facts'];
}

export interface ScenarioCheck {
  readonly problems: readonly Problem[];
  /** Facts of a valid scenario, null for an invalid one. */
  readonly facts: {
    readonly title: string;
    readonly cpus: number;
    readonly lwps: number;
    readonly durationNs: number;
    readonly seed: number;
  } | null;
}
