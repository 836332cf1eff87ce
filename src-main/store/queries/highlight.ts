/** `trace.highlight`: the moment that a reader should see first. */
import type { LwpId, Ns } from '#shared/base/brands.ts';
import type { Highlight } from '#shared/api/contract.ts';
import { InvariantError } from '#shared/base/assert.ts';
import { checkedRows } from '../read/checked-rows.ts';
import { HIGHLIGHT_KINDS } from '../derive/highlights.ts';
import type { TraceDatabase } from '../read/trace-database.ts';
import { nopreemptWindows } from './nopreempt-windows.ts';
import type { QueryParams } from './params.ts';

const READ = 'SELECT what, time_ns, seq, lwp, start_ns, end_ns FROM highlight WHERE id = 1';

/**
 * What a trace is opened on: the first request that was revoked, else the first at the failsafe, else the longest
 * request that was deferred, else the first decision, else the longest time that a thread spent preempted. Null where
 * there is nothing of the kind. Found while recording (derive/highlights.ts).
 */
export function highlight(trace: TraceDatabase, _params: QueryParams<'trace.highlight'>): Highlight | null {
  return trace.guard(() => {
    const types = ['text', 'integer', 'integer', 'integer', 'integer', 'integer'] as const;
    const [row] = checkedRows(trace, READ, types);
    if (row === undefined) return null;
    const [name, timeNs, sequence, lwp, startNs, endNs] = row;
    const kind = HIGHLIGHT_KINDS.find((one) => one === name);
    if (kind === undefined) throw new InvariantError(`there is no highlight "${name}"`);
    const what = kind === 'decision' ? 'deferred' : kind;
    return sequence === 0
      ? { what, timeNs, sequence: null, lwp, startNs, endNs }
      : { what, timeNs, sequence, lwp, ...windowAround(trace, lwp, timeNs) };
  });
}

/** The nopreempt window that stands at a time, else just that time. */
function windowAround(trace: TraceDatabase, lwp: LwpId, timeNs: Ns): Pick<Highlight, 'startNs' | 'endNs'> {
  // So near that no two windows are one row.
  const near = { startNs: timeNs - 1, endNs: timeNs + 1, pixels: 512 };
  const windows = nopreemptWindows(trace, { ...near, lwps: [lwp] });
  for (let row = windows.lwp.length - 1; row >= 0; row--) {
    const startNs = windows.startNs[row]!;
    if (startNs > timeNs) continue;
    // What is open at the end of the trace ends there.
    const endNs = windows.endNs[row]! < 0 ? trace.durationNs : windows.endNs[row]!;
    return { startNs, endNs: Math.max(timeNs, endNs) };
  }
  return { startNs: timeNs, endNs: timeNs };
}
