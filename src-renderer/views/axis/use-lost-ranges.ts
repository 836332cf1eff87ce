/**
 * When an import lost sight of a CPU: from where its source lost events until it is seen again. Such a range looks idle
 * in the columns, which it need not have been. Asked for once for a trace, after the lanes have come.
 */
import { onScopeDispose, watch } from 'vue';
import { KIND } from '#shared/model/kinds.ts';
import { useNotices } from '../../stores/notices.ts';
import { useSession } from '../../stores/session.ts';
import type { TimeRange } from '../../trace-data/time-axis.ts';

/** Ranges by CPU, in order of time. */
export type LostRanges = ReadonlyMap<number, readonly TimeRange[]>;

const NONE: LostRanges = new Map();
/** A source that lost events more often than this is looked at up to there. */
const MOST = 1024;
/** Questions to the service at a time. */
const AT_ONCE = 16;
/** The lanes come first. */
const LATER_MS = 300;

/** @param onData they are there: draw them */
export function useLostRanges(onData: () => void): () => LostRanges {
  const session = useSession();
  const notices = useNotices();
  let ranges = NONE;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function load(traceId: string): Promise<void> {
    const client = session.workbench();
    const filter = { kinds: [KIND.events_lost] };
    const page = { sequence: 0, before: 0, after: MOST };
    const { cpu, timeNs } = await client.request('trace.events', { traceId, ...page, filter });
    /** From a loss until a thread is seen on the CPU again, or to the end. */
    async function rangeAt(row: number): Promise<TimeRange | null> {
      const startNs = timeNs[row]!;
      const lane = { kind: 'cpu', id: cpu[row]! } as const;
      const { at, next } = await client.request('trace.neighbours', { traceId, lane, timeNs: startNs });
      return at === null ? { startNs, endNs: next?.startNs ?? Infinity } : null;
    }
    // Some sources do not say on which CPU it was.
    const rows = [...cpu.keys()].filter((row) => cpu[row]! >= 0);
    const found = new Map<number, TimeRange[]>();
    for (let from = 0; from < rows.length; from += AT_ONCE) {
      const some = rows.slice(from, from + AT_ONCE);
      const seen = await Promise.all(some.map(rangeAt));
      if (session.traceId !== traceId) return;
      for (const [at, range] of seen.entries()) {
        const id = cpu[some[at]!]!;
        if (range !== null) found.set(id, [...(found.get(id) ?? []), range]);
      }
    }
    ranges = found;
    if (found.size > 0) onData();
  }

  function forget(): void {
    clearTimeout(timer);
    ranges = NONE;
  }

  watch(
    () => session.traceId,
    (traceId) => {
      forget();
      // The emulator loses nothing.
      if (traceId === null || session.trace?.source === 'emulator') return;
      timer = setTimeout(() => {
        load(traceId).catch((thrown: unknown) => {
          if (session.traceId === traceId) notices.fail('Could not load the ranges with lost events', thrown);
        });
      }, LATER_MS);
    },
    { immediate: true, flush: 'sync' },
  );
  onScopeDispose(forget);

  return () => ranges;
}
