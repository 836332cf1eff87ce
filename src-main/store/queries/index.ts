/**
 * The store's queries: one for each request that reads a trace. All are synchronous, take an open
 * TraceDatabase and checked parameters, and return columns.
 *
 * Errors: WorkbenchError corrupt-trace where the file contradicts itself.
 */
export * from './query-table.ts';
export { recomputeFindings, type RecomputeOptions } from './recompute-findings.ts';
export { contextSwitches, type SwitchVisitor } from './context-switches.ts';
export { lockHolds, lockWaitNs, lwpNumbers, type LockHold } from './lock-holds.ts';
