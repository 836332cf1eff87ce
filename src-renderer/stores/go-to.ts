/** Goes where a reader who looked for something wants to be: cursor, selection and timeline follow. */
import type { Seq } from '#shared/base/brands.ts';
import { KIND_NAMES } from '#shared/model/kinds.ts';
import type { Found } from '../trace-data/find.ts';
import { useNotices } from './notices.ts';
import { useCursor } from './cursor.ts';
import { usePlayback } from './playback.ts';
import { useSelection } from './selection.ts';
import { useSession } from './session.ts';

export function useGoTo(): { goTo: (found: Found) => Promise<void> } {
  const session = useSession();
  const cursor = useCursor();
  const playback = usePlayback();
  const selection = useSelection();
  const notices = useNotices();

  async function goTo(found: Found): Promise<void> {
    playback.pause();
    switch (found.what) {
      case 'time':
        return cursor.seekTime(found.timeNs);
      case 'kind':
        return nextOfKind(found.id);
      case 'lwp':
        return selection.selectLwp(found.id);
      default:
        selection.selectSlice({ kind: found.what, id: found.id }, null, null);
    }
  }

  /** To the next row of a kind; behind the last one, to the first of all. */
  async function nextOfKind(kind: number): Promise<void> {
    const { traceId } = session;
    if (traceId === null) return;
    const first = async (sequence: Seq) => {
      const rows = await session
        .workbench()
        .request('trace.events', { traceId, sequence, before: 0, after: 1, filter: { kinds: [kind] } });
      return rows.sequence.length === 0 ? null : rows;
    };
    const name = KIND_NAMES[kind] ?? `kind ${kind}`;
    try {
      const origin = await cursor.rowAtCursor(traceId);
      const rows = (await first(origin.sequence + 1)) ?? (await first(1));
      if (session.traceId !== traceId) return;
      if (rows === null) {
        notices.add('info', `No ${name} in this trace`, 'The cursor stays where it is.');
        return;
      }
      cursor.seekRow({ sequence: rows.sequence[0]!, timeNs: rows.timeNs[0]! });
      if (rows.lwp[0]! >= 0) selection.selectLwp(rows.lwp[0]!, rows.timeNs[0]);
    } catch (thrown) {
      notices.fail(`Could not find the next ${name}`, thrown);
    }
  }

  return { goTo };
}
