/** Scenarios that can be recorded. */
import { z } from 'zod';
import type { Ns } from '../../base/brands.ts';
import { answer, request } from './request.ts';
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
    readonly durationNs: Ns;
    readonly seed: number;
  } | null;
}

const text = z.string().max(1 << 20);

export const scenarioRequests = {
  'scenario.list': request(z.object({}), answer<readonly ScenarioInfo[]>()),
  'scenario.read': request(z.object({ id: z.string().min(1).max(256) }), answer<{ readonly text: string }>()),
  'scenario.check': request(z.object({ text }), answer<ScenarioCheck>()),
  /** `path`: the trace while it is being recorded; it can be opened and looked at meanwhile. */
  'record.start': request(
    z.object({
      text,
      name: z.string().min(1).max(256),
      seed: z.int().min(0).max(0xffff_ffff).optional(),
      durationNs: z.number().positive().optional(),
      cpus: z.int().min(1).max(256).optional(),
    }),
    answer<{ readonly jobId: string; readonly path: string }>(),
  ),
};
