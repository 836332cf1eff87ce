/**
 * The trace store's entry for readers: `TraceDatabase.open(path)` and the queries read, `verifyTrace` checks,
 * `queryTrace` runs a person's SQL. The recorder writes with `write/trace-file.ts`.
 *
 *   const trace = TraceDatabase.open(path);           // throws WorkbenchError
 *   const columns = lanes(trace, { startNs, endNs, pixels, lanes: [...] });
 *   const info = summary(trace, { traceId });
 *   trace.close();
 */
export { eachCheckedRow } from './read/checked-rows.ts';
export { TraceDatabase } from './read/trace-database.ts';
export * from './queries/index.ts';
export { pageOwners } from './queries/page-owners.ts';
export { verifyTrace, type VerifyResult } from './verify/verify.ts';
export { deleteNoteInTrace, notesInTrace, saveNoteInTrace } from './write/notes.ts';
export { traceIdentity } from './read/identity.ts';
export { upgradeTrace, type Upgraded, type UpgradeOptions } from './upgrade/upgrade-trace.ts';
export { sqlTables } from './sql/sql-tables.ts';
export { SqlAnswer } from './sql/sql-answer.ts';
export { limitMemory } from './sql/memory-limit.ts';
export { queryTrace, type SqlRows } from './sql/query-sql.ts';
