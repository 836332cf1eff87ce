/** From a request's name to the store's query. */
import type { QueryName } from '#shared/api/contract.ts';
import * as store from '../../store/index.ts';
import type { StoreQueries, StoreQueryName } from './protocol.ts';

const storeQueries: {
  readonly [Name in StoreQueryName]: (
    trace: store.TraceDatabase,
    params: StoreQueries[Name]['params'],
  ) => StoreQueries[Name]['result'];
} = {
  'store.notes': (trace) => ({ notes: store.notesInTrace(trace), identity: store.traceIdentity(trace) }),
  'store.saveNote': store.saveNoteInTrace,
  'store.deleteNote': store.deleteNoteInTrace,
};

const all = { ...store.QUERIES, ...storeQueries };

/**
 * Runs one query. Parameters were checked where they entered the service.
 *
 * @param options.takesNotes false for a file that is not the person's own: notes are kept elsewhere
 */
export function answerQuery(
  trace: store.TraceDatabase,
  name: QueryName | StoreQueryName,
  params: unknown,
  { takesNotes }: { readonly takesNotes: boolean },
): unknown {
  if (!takesNotes && name === 'store.saveNote') return null;
  if (!takesNotes && name === 'store.deleteNote') return false;
  const query = all[name] as (trace: store.TraceDatabase, params: unknown) => unknown;
  return withOwnBuffers(query(trace, params));
}

/**
 * A message clones the whole buffer behind a view of it: columns that are cut from larger ones are copied
 * first. Buffers are never transferred, since the store may keep them.
 */
function withOwnBuffers(result: unknown): unknown {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return result;
  return Object.fromEntries(
    Object.entries(result).map(([key, value]: [string, unknown]) => [
      key,
      isColumn(value) && value.byteLength < value.buffer.byteLength ? value.slice() : value,
    ]),
  );
}

type Column = Int32Array | Float64Array | Uint8Array;
const isColumn = (value: unknown): value is Column =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);
