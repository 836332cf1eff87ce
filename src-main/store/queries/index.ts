/**
 * The store's queries: one for each request that reads a trace. All are synchronous, take an open
 * TraceDatabase and checked parameters, and return columns.
 *
 * Errors: WorkbenchError corrupt-trace where the file contradicts itself.
 */
export { summary } from './summary.ts';
export { lanes } from './lanes.ts';
export { overview } from './overview.ts';
export { highlight } from './highlight.ts';
export { nopreemptWindows } from './nopreempt-windows.ts';
export { decisions } from './decisions.ts';
export { slotOccupancy } from './slot-occupancy.ts';
export { cpuUse } from './cpu-use.ts';
export { migrations } from './migrations.ts';
export { cpuUpdates } from './cpu-updates.ts';
export { decisionCounts } from './decision-counts.ts';
export { queueLengths } from './queue-lengths.ts';
export { lockWaiters } from './lock-waiters.ts';
export { wakeups } from './wakeups.ts';
export { aggregates } from './aggregates.ts';
export { longest } from './longest.ts';
export { stateAt } from './state-at.ts';
export { events } from './events.ts';
export { eventsBySequence } from './events-by-sequence.ts';
export { step } from './step.ts';
export { stepFiltered } from './step-filtered.ts';
export { findEvents } from './find-events.ts';
export { history } from './history.ts';
export { neighbours } from './neighbours.ts';
export { contextSwitches, type SwitchVisitor } from './context-switches.ts';
export { lockHolds, lockWaitNs, lwpNumbers, type LockHold } from './lock-holds.ts';
