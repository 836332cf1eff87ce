/** `trace.findings`: what went wrong, as it was found while recording, or anew. */
import { z } from 'zod';
import type { TraceFindings } from '#shared/api/contract.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { SEVERITIES, type Finding, type FindingKind, type Findings } from '#shared/model/findings.ts';
import { DETECTORS, DETECTORS_VERSION } from '../../findings/detectors/index.ts';
import { checkedRows } from '../read/checked-rows.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import type { QueryParams } from './params.ts';
import { recomputeFindings } from './recompute-findings.ts';

/** Thresholds are the defaults: findings of a file and of the window are made with them. */
const KINDS: readonly FindingKind[] = DETECTORS.map(
  ({ id, title, definition, cost, source, thresholds }) => ({
    id,
    title,
    definition,
    cost,
    source,
    thresholds: Object.values(thresholds).map(({ about, value, unit }) => ({ about, value, unit })),
  }),
);

export function findings(trace: TraceDatabase, params: QueryParams<'trace.findings'>): TraceFindings {
  if (params.recompute === true) {
    return { findings: recomputeFindings(trace), isCurrent: true, kinds: KINDS };
  }
  return trace.guard(() => {
    const stored = storedFindings(trace);
    return { findings: stored, isCurrent: stored?.version === DETECTORS_VERSION, kinds: KINDS };
  });
}

const ns = z.number();
const text = z.string();
const SUBJECTS = z.array(
  z.object({
    kind: z.enum(['lwp', 'cpu', 'sync', 'process', 'page']),
    id: z.int(),
    role: z.enum(['cause', 'victim', 'object']),
    name: text,
  }),
);
const EVIDENCE = z.array(
  z.object({
    what: text,
    startNs: ns,
    endNs: ns,
    lane: z.object({ kind: z.enum(['lwp', 'cpu', 'sync']), id: z.int() }).nullable(),
    sequence: z.int().nullable(),
  }),
);
const TOTALS = z.array(z.object({ id: text, count: z.int(), listed: z.int(), costNs: ns, spinNs: ns }));
const NOT_OBSERVABLE = z.array(z.object({ id: text, because: text }));
const LEDGER = z.object({
  waitedNs: ns,
  runnableNs: ns,
  preemptedNs: ns,
  spinningNs: ns,
  blockedNs: ns,
  busyNs: ns,
  causes: z.array(z.object({ id: text, ns })),
  unexplainedNs: ns,
});

const READ =
  'SELECT detector, id, severity, summary, cost_ns, spin_ns, longest_ns, start_ns, end_ns, lead, CAST(confidence * 1e6 AS INTEGER), doubt, subjects, evidence, advice FROM finding ORDER BY id';
const READ_PASS = 'SELECT version, totals, not_observable, ledger FROM finding_pass WHERE id = 1';

/** Null where there are none. Throws InvariantError where they are damaged. */
function storedFindings(trace: TraceDatabase): Findings | null {
  const [pass] = checkedRows(trace, READ_PASS, ['integer', 'text', 'text', 'text']);
  if (pass === undefined) return null;
  const [version, totals, notObservable, ledger] = pass;
  const rows = checkedRows(trace, READ, [
    'text',
    'integer',
    'text',
    'text',
    'integer',
    'integer',
    'integer',
    'integer',
    'integer',
    'integer',
    'integer',
    'text',
    'text',
    'text',
    'text',
  ]);
  return {
    version,
    findings: rows.map(
      ([
        id,
        ordinal,
        severity,
        summary,
        costNs,
        spinNs,
        longestNs,
        startNs,
        endNs,
        group,
        millionths,
        ...texts
      ]): Finding => {
        const [doubt, subjects, evidence, advice] = texts;
        const known = SEVERITIES.find((one) => one === severity);
        if (known === undefined)
          throw new InvariantError(`finding ${ordinal} has the severity "${severity}"`);
        return {
          id,
          ordinal,
          severity: known,
          summary,
          costNs,
          spinNs,
          longestNs,
          startNs,
          endNs,
          subjects: parsed(SUBJECTS, subjects),
          evidence: parsed(EVIDENCE, evidence),
          advice,
          confidence: millionths / 1e6,
          doubt: doubt === '' ? null : doubt,
          group,
        };
      },
    ),
    totals: parsed(TOTALS, totals),
    notObservable: parsed(NOT_OBSERVABLE, notObservable),
    ledger: parsed(LEDGER, ledger),
  };
}

function parsed<T>(schema: z.ZodType<T>, json: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new InvariantError('a finding holds text where JSON belongs');
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new InvariantError(`a finding is damaged: ${z.prettifyError(result.error)}`);
  return result.data;
}
