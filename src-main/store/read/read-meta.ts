/** Reads the `meta` table, checking every fact. */
import type Database from 'better-sqlite3';
import type { TraceMeta } from '../format/meta.ts';
import { isClockUnit, type ClockUnit } from '#shared/model/clock-origin.ts';
import { corrupt } from '../format/trace-errors.ts';
import { checkedRows, rowsAsArrays } from './checked-rows.ts';

/** Throws WorkbenchError corrupt-trace where a fact is missing or of the wrong type. */
export function readMeta(db: Database.Database, file: string): TraceMeta {
  const rows = checkedRows(rowsAsArrays(db), 'SELECT key, value FROM meta LIMIT 1000', ['any', 'any']);
  const facts = new Map(rows);
  const bad = (key: string): never => {
    throw corrupt(file, `the fact "${key}" about the recording is missing or wrong`);
  };
  const text = (key: string): string => {
    const value = facts.get(key);
    return typeof value === 'string' ? value : bad(key);
  };
  const textOrNull = (key: string): string | null => (facts.get(key) === null ? null : text(key));
  const count = (key: string): number => {
    const value = facts.get(key);
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : bad(key);
  };
  const positive = (key: string): number => {
    const value = facts.get(key);
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : bad(key);
  };
  const strings = (key: string): string[] => {
    const list: unknown = parseJson(text(key));
    return Array.isArray(list) && list.every((entry) => typeof entry === 'string') ? list : bad(key);
  };
  const closed = count('closed') === 1;
  const complete = closed && count('complete') === 1;
  return {
    source: text('source'),
    sourceDetail: text('sourceDetail'),
    tickNs: facts.get('tickNs') === null ? null : positive('tickNs'),
    clock: text('clock'),
    // Traces of the first versions do not have these two.
    clockUnit: isClockUnit(facts.get('clockUnit')) ? (facts.get('clockUnit') as ClockUnit) : 'nanosecond',
    clockOrigin: facts.has('clockOrigin') ? textOrNull('clockOrigin') : null,
    complete,
    incompleteReason: complete ? null : (textOrNull('incompleteReason') ?? 'The recording was cut off.'),
    closed,
    events: count('events'),
    durationNs: count('durationNs'),
    plannedNs: (facts.get('plannedNs') ?? null) === null ? null : count('plannedNs'),
    digest: text('digest'),
    hasSchedctl: count('hasSchedctl') === 1,
    namesDigest: facts.has('namesDigest') ? text('namesDigest') : null,
    warnings: strings('warnings'),
    recordedBy: text('recordedBy'),
    recordedAtMs: count('recordedAtMs'),
    scenario: textOrNull('scenario'),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
