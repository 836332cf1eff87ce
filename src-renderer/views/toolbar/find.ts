/** What a reader may mean by a few typed characters: a time, a thread, a CPU, a lock, a process. */
import type { TraceSummary } from '#shared/api/contract.ts';
import type { NameTable } from '../../trace-data/decode/names.ts';
import { parseTime } from '../../trace-data/decode/parse-time.ts';
import { formatTime } from '../../trace-data/format-time.ts';

export type Found =
  | { readonly what: 'time'; readonly title: string; readonly detail: string; readonly timeNs: number }
  | {
      readonly what: 'lwp' | 'cpu' | 'sync';
      readonly title: string;
      readonly detail: string;
      readonly id: number;
    };

const MOST_FOUND = 12;

/** Matches in order: a time first, then names that begin with the text, then names that contain it. */
export function find(text: string, trace: TraceSummary, names: NameTable, cursorNs: number): Found[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const found: { readonly rank: number; readonly entry: Found }[] = [];
  const time = parseTime(wanted, { cursorNs, durationNs: trace.durationNs, tickNs: trace.tickNs });
  if (time.ok) {
    found.push({
      rank: 0,
      entry: {
        what: 'time',
        title: `${formatTime(time.timeNs)} s`,
        detail: 'Go to this time',
        timeNs: time.timeNs,
      },
    });
  }
  const consider = (what: 'lwp' | 'cpu' | 'sync', id: number, title: string, detail: string): void => {
    const at = title.toLowerCase().indexOf(wanted);
    if (at >= 0 || detail.toLowerCase().includes(wanted)) {
      found.push({ rank: at === 0 ? 1 : at > 0 ? 2 : 3, entry: { what, id, title, detail } });
    }
  };
  for (const { id } of trace.lwps) consider('lwp', id, names.lwp(id), names.lwpOrigin(id));
  for (const { id } of trace.cpus) consider('cpu', id, names.cpu(id), 'CPU');
  for (const { id } of trace.syncs) consider('sync', id, names.sync(id), 'Lock');
  return found
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST_FOUND)
    .map(({ entry }) => entry);
}
