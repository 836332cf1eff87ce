/**
 * The trace store's door. `TraceDatabase.open(path)` and the queries read; `TraceWriter` writes;
 * `verifyTrace` checks; `queryTrace` runs a person's SQL.
 *
 *   const trace = TraceDatabase.open(path);           // throws WorkbenchError
 *   const columns = lanes(trace, { startNs, endNs, pixels, lanes: [...] });
 *   const info = summary(trace, { traceId });
 *   trace.close();
 */
export { TraceDatabase } from './trace-database.ts';
export * from './queries/index.ts';
export { eventRows } from './event-rows.ts';
export { replayTo } from './queries/state-at.ts';
export { lastSequenceAt } from './sequence-at.ts';
export { verifyTrace, type VerifyResult } from './verify.ts';
export { deleteNoteInTrace, notesInTrace, saveNoteInTrace } from './notes.ts';
export { traceIdentity } from './identity.ts';
export { upgradeTrace, type Upgraded, type UpgradeOptions } from './upgrade/upgrade-trace.ts';
export { sqlTables } from './sql-tables.ts';
export { SqlAnswer } from './sql-answer.ts';
export { limitMemory } from './memory-limit.ts';
export { queryTrace, type SqlRows } from './query-sql.ts';
