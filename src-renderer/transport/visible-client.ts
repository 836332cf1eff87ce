/**
 * Makes a host's answers safe to show: names in a trace are untrusted, and a character in one could reverse a whole
 * line, or hide. Here, at the door, every text is made visible once, so that no view (DOM, canvas,
 * chart, what is copied) has to think of it.
 */
import type { Events, RequestName, WorkbenchClient } from '#shared/api/contract.ts';
import { fromWireError, toWireError } from '#shared/base/errors.ts';
import { visibleLines, visibleText } from '#shared/base/visible-text.mjs';

/** Answers whose texts are names and sentences, of one line each. */
const OF_ONE_LINE: ReadonlySet<string> = new Set<RequestName>([
  'recent.list',
  'trace.open',
  'trace.summary',
  'notes.list',
  'notes.save',
]);

/** Answers that are the person's own, are edited, or are saved as they are. */
const AS_IT_IS: ReadonlySet<string> = new Set<RequestName | keyof Events>([
  'scenario.read',
  'settings.read',
  'settings.changed',
  'export.files',
]);

/** What names things to the host: it goes back as it came. Whoever shows a path makes it visible. */
const HANDLES: ReadonlySet<string> = new Set([
  'id',
  'traceId',
  'jobId',
  'uploadId',
  'path',
  'paths',
  'openPath',
  'partialPath',
]);

/** The same door, through which only visible text comes. */
export function visibleClient(client: WorkbenchClient): WorkbenchClient {
  return {
    request: (name, params, options) =>
      client.request(name, params, options).then(
        (result) => shown(name, result),
        (thrown: unknown) => {
          throw fromWireError(withText(toWireError(thrown), visibleLines));
        },
      ),
    on: (name, listener) => client.on(name, (payload) => listener(shown(name, payload))),
    close: () => client.close(),
  };
}

function shown<Answer>(name: string, answer: Answer): Answer {
  if (AS_IT_IS.has(name)) return answer;
  return withText(answer, OF_ONE_LINE.has(name) ? visibleText : visibleLines);
}

/** `value` itself where all its texts are visible, so that bulk data is not copied. */
function withText<Value>(value: Value, toText: (text: string) => string): Value {
  if (typeof value === 'string') return toText(value) as Value;
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    let changed: unknown[] | null = null;
    for (const [at, item] of items.entries()) {
      const now = withText(item, toText);
      if (now !== item) (changed ??= [...items])[at] = now;
    }
    return (changed ?? value) as Value;
  }
  const changed: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const now: unknown = HANDLES.has(key) ? item : withText<unknown>(item, toText);
    if (now !== item) changed[key] = now;
  }
  return Object.keys(changed).length === 0 ? value : { ...value, ...changed };
}
