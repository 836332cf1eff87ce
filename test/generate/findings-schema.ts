/**
 * The JSON Schema of what `findings --json` prints: for those who read it, and for the tests that hold the command
 * against it.
 */
import { z } from 'zod';
import { SEVERITIES } from '#shared/model/findings.ts';
import type { FindingsJson } from '#main/findings/findings-json.ts';
import { formatted, type GeneratedFile } from './generated-file.ts';

const ns = (about: string) => z.int().describe(`${about}, in nanoseconds`);
const time = (about: string) => z.int().describe(`${about}, in nanoseconds since the start of the trace`);
const id = z.string().describe('id of the detector; never changes');

export const findingsSchema = z.strictObject({
  findings: z
    .array(
      z.strictObject({
        id,
        ordinal: z.int().min(1).describe("position among the trace's findings, the worst first"),
        severity: z.enum(SEVERITIES),
        summary: z.string().describe('one sentence'),
        cost_ns: ns('time of threads that was waited because of it; below 0: saved'),
        spin_ns: ns('part of the cost that was spent spinning'),
        longest_ns: ns('longest delay of one thread'),
        start_ns: time('start'),
        end_ns: time('end'),
        subjects: z.array(
          z.strictObject({
            kind: z.enum(['lwp', 'cpu', 'sync', 'process', 'page']),
            id: z.int().min(0).describe('ordinal in the trace'),
            name: z.string(),
            role: z.enum(['cause', 'victim', 'object']),
          }),
        ),
        evidence: z.array(
          z.strictObject({
            what: z.string().describe('what it shows'),
            start_ns: time('start'),
            end_ns: time('end'),
            lane: z.strictObject({ kind: z.enum(['lwp', 'cpu', 'sync']), id: z.int().min(0) }).nullable(),
            sequence: z.int().min(1).nullable().describe('event.seq of a row that shows it'),
          }),
        ),
        advice: z.string(),
        confidence: z.number().min(0).max(1),
        doubt: z.string().nullable().describe('why confidence is below 1'),
        group: z.int().min(1).describe('ordinal of the finding that leads those with the same cause'),
      }),
    )
    .describe('what was found, the worst first'),
  not_observable: z
    .array(z.strictObject({ id, because: z.string() }))
    .describe('questions that the trace cannot answer, and why'),
  ledger: z
    .strictObject({
      waited_ns: ns('time that threads waited altogether'),
      runnable_ns: ns('of it, runnable'),
      preempted_ns: ns('of it, preempted'),
      spinning_ns: ns('of it, spinning'),
      blocked_ns: ns('of it, asleep for a lock'),
      busy_ns: ns('time that CPUs ran threads, by which severities are measured'),
      causes: z.array(z.strictObject({ id, ns: ns('time that it explains') })),
      unexplained_ns: ns('time that nothing explains'),
    })
    .describe('of the time that threads waited, how much each cause explains; each ns of a thread once'),
  totals: z
    .array(
      z.strictObject({
        id,
        count: z.int().min(1).describe('findings in all'),
        listed: z.int().min(0).describe('the costliest, which are kept'),
        cost_ns: ns('cost of all'),
        spin_ns: ns('part of it that was spent spinning'),
      }),
    )
    .describe('all that each detector found'),
  detectors_version: z.int().min(1),
}) satisfies z.ZodType<FindingsJson>;

export async function findingsSchemaFiles(): Promise<readonly GeneratedFile[]> {
  const schema = z.toJSONSchema(findingsSchema, { target: 'draft-7' });
  const path = new URL('../../src-main/findings/findings.schema.json', import.meta.url);
  return [await formatted(path, JSON.stringify({ title: 'Findings of the schedctl workbench', ...schema }))];
}
