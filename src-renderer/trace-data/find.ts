/** What a reader may mean by a few typed characters: a time, a thread, a CPU, a lock, a process, an event kind. */
import type { Ns } from '#shared/base/brands.ts';
import type { TraceSummary } from '#shared/api/contract.ts';
import { KIND_NAMES, KIND_SPECS } from '#shared/model/kinds.ts';
import type { NameTable } from './decode/names.ts';
import { parseTime } from './decode/parse-time.ts';
import { formatTime } from './format-time.ts';
import { matchText, type Match } from './match-text.ts';

export type Found = { readonly title: string; readonly detail: string; readonly match: Match } & (
  | { readonly what: 'time'; readonly timeNs: Ns }
  /** `id` is that of the LWP, CPU or lock, or the kind of event. */
  | { readonly what: 'lwp' | 'cpu' | 'sync' | 'kind'; readonly id: number }
);
export type FoundWhat = Found['what'];

const MOST_FOUND = 12;

/**
 * Matches in order: a time first, then names that begin with the text, then names that contain it.
 *
 * @param only what to look for; everything where it is absent
 * @param text an empty text finds everything that `only` names, nothing without it
 */
export function find(
  text: string,
  trace: TraceSummary,
  names: NameTable,
  cursorNs: Ns,
  { only, most = MOST_FOUND }: { readonly only?: readonly FoundWhat[]; readonly most?: number } = {},
): Found[] {
  const wanted = text.trim();
  if (wanted === '' && only === undefined) return [];
  const isWanted = (what: FoundWhat): boolean => only === undefined || only.includes(what);
  const found: Found[] = [];
  const time = parseTime(wanted, { cursorNs, durationNs: trace.durationNs, tickNs: trace.tickNs });
  if (isWanted('time') && time.ok) {
    const title = `${formatTime(time.timeNs)} s`;
    found.push({
      what: 'time',
      title,
      detail: 'Go to this time',
      timeNs: time.timeNs,
      match: { rank: -1, parts: [{ text: title, matched: false }] },
    });
  }
  const consider = (what: Exclude<FoundWhat, 'time'>, id: number, title: string, detail: string): void => {
    const match = matchText(wanted, title, detail);
    if (match !== null) found.push({ what, id, title, detail, match });
  };
  if (isWanted('lwp'))
    for (const { id } of trace.lwps) consider('lwp', id, names.lwp(id), names.lwpOrigin(id));
  if (isWanted('cpu')) for (const { id } of trace.cpus) consider('cpu', id, names.cpu(id), 'CPU');
  if (isWanted('sync')) for (const { id } of trace.syncs) consider('sync', id, names.sync(id), 'Lock');
  if (isWanted('kind')) {
    for (const [kind, name] of KIND_NAMES.entries()) {
      const match = matchText(wanted, name, KIND_SPECS[kind]!.about);
      // The descriptions are long: what only they contain comes last.
      if (match !== null) {
        const rank = match.rank + 1;
        found.push({
          what: 'kind',
          id: kind,
          title: name,
          detail: 'Next event of this kind',
          match: { ...match, rank },
        });
      }
    }
  }
  return found.sort((a, b) => a.match.rank - b.match.rank).slice(0, most);
}
