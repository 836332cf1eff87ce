/**
 * The query that answers each request about an open trace. Generated from the contract (`npm run generate`):
 * `stateAt` of `state-at.ts` answers `trace.stateAt`. The compiler checks that it takes and answers what the
 * contract says.
 */
import type { Queries } from './params.ts';
import { summary } from './summary.ts';
import { lanes } from './lanes.ts';
import { overview } from './overview.ts';
import { highlight } from './highlight.ts';
import { neighbours } from './neighbours.ts';
import { nopreemptWindows } from './nopreempt-windows.ts';
import { decisions } from './decisions.ts';
import { decisionCounts } from './decision-counts.ts';
import { slotOccupancy } from './slot-occupancy.ts';
import { cpuUpdates } from './cpu-updates.ts';
import { cpuUse } from './cpu-use.ts';
import { migrations } from './migrations.ts';
import { queueLengths } from './queue-lengths.ts';
import { lockWaiters } from './lock-waiters.ts';
import { wakeups } from './wakeups.ts';
import { aggregates } from './aggregates.ts';
import { longest } from './longest.ts';
import { stateAt } from './state-at.ts';
import { events } from './events.ts';
import { eventsBySequence } from './events-by-sequence.ts';
import { step } from './step.ts';
import { stepFiltered } from './step-filtered.ts';
import { findEvents } from './find-events.ts';
import { history } from './history.ts';
import { findings } from './findings.ts';

export {
  summary,
  lanes,
  overview,
  highlight,
  neighbours,
  nopreemptWindows,
  decisions,
  decisionCounts,
  slotOccupancy,
  cpuUpdates,
  cpuUse,
  migrations,
  queueLengths,
  lockWaiters,
  wakeups,
  aggregates,
  longest,
  stateAt,
  events,
  eventsBySequence,
  step,
  stepFiltered,
  findEvents,
  history,
  findings,
};

export const QUERIES: Queries = {
  'trace.summary': summary,
  'trace.lanes': lanes,
  'trace.overview': overview,
  'trace.highlight': highlight,
  'trace.neighbours': neighbours,
  'trace.nopreemptWindows': nopreemptWindows,
  'trace.decisions': decisions,
  'trace.decisionCounts': decisionCounts,
  'trace.slotOccupancy': slotOccupancy,
  'trace.cpuUpdates': cpuUpdates,
  'trace.cpuUse': cpuUse,
  'trace.migrations': migrations,
  'trace.queueLengths': queueLengths,
  'trace.lockWaiters': lockWaiters,
  'trace.wakeups': wakeups,
  'trace.aggregates': aggregates,
  'trace.longest': longest,
  'trace.stateAt': stateAt,
  'trace.events': events,
  'trace.eventsBySequence': eventsBySequence,
  'trace.step': step,
  'trace.stepFiltered': stepFiltered,
  'trace.findEvents': findEvents,
  'trace.history': history,
  'trace.findings': findings,
};
