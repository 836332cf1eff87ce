/**
 * Good parameters for every request; the compiler says which are missing. Every pipe carries them, every query answers
 * them, and they are what hostile messages are made of. Those of queries are for a trace of some 30,000 events over 60
 * ms.
 */
import { KIND } from '../../model/kinds.ts';
import type { RequestName, RequestParams } from '../contract.ts';

const traceId = 'trace-1';
const window = { traceId, startNs: 20_000_000, endNs: 30_000_000.5, pixels: 500 };
const range = { traceId, startNs: window.startNs, endNs: window.endNs };
const filter = { kinds: [KIND.decision], lwps: [1], cpus: [0], causes: [3], objects: [1] };
const around = { traceId, sequence: 9000, before: 5, after: 5 };

type Samples<Name extends RequestName> = readonly [RequestParams<Name>, ...RequestParams<Name>[]];

export const requestSamples: { readonly [Name in RequestName]: Samples<Name> } = {
  'workbench.hello': [{}],
  'recent.list': [{}],
  'settings.read': [{}],
  'settings.write': [{ settings: { theme: 'dark', lanes: [1, null, { pinned: true }] } }],
  'trace.open': [{ path: '/traces/Größe 测试.sctrace' }],
  'trace.close': [{ traceId }],
  'trace.identify': [{ path: '/traces/ftrace.txt.gz' }],
  'trace.summary': [{ traceId }],
  'trace.lanes': [
    {
      ...window,
      lanes: [
        { kind: 'lwp', id: 1 },
        { kind: 'cpu', id: 0 },
        { kind: 'sync', id: 0 },
      ],
    },
  ],
  'trace.overview': [
    { traceId, pixels: 500 },
    { traceId, pixels: 1 },
  ],
  'trace.highlight': [{ traceId }],
  'trace.findings': [{ traceId, recompute: false }],
  'trace.neighbours': [{ traceId, lane: { kind: 'cpu', id: 0 }, timeNs: window.startNs }],
  'trace.nopreemptWindows': [{ ...window, lwps: [1] }],
  'trace.decisions': [window, { ...window, lwps: [1] }],
  'trace.decisionCounts': [window],
  'trace.slotOccupancy': [window],
  'trace.cpuUpdates': [window],
  'trace.cpuUse': [window],
  'trace.migrations': [range, { ...range, fromSequence: 12_000 }],
  'trace.queueLengths': [{ ...window, cpus: [0] }],
  'trace.lockWaiters': [{ ...window, syncs: [0] }],
  'trace.wakeups': [{ ...window, lwps: [1] }],
  'trace.aggregates': [range, { ...range, lwps: [1], cpus: [0], syncs: [0], processes: [0] }],
  'trace.longest': [{ ...range, what: 'runQueue', atLeastNs: 0, belowNs: 1e9, limit: 200 }],
  'trace.stateAt': [
    { traceId, timeNs: window.startNs },
    { traceId, sequence: 20_000 },
    { traceId, sequence: 2 ** 40 },
    { traceId },
  ],
  'trace.events': [
    { traceId, timeNs: window.startNs, before: 5, after: 5 },
    { ...around, filter },
  ],
  'trace.eventsBySequence': [{ traceId, sequences: [1, 20_000] }],
  'trace.step': [
    { traceId, fromSequence: 100, direction: 'next', what: 'switch', lwp: 1 },
    { traceId, fromSequence: 20_000, direction: 'previous', what: 'decision' },
  ],
  'trace.stepFiltered': [{ traceId, fromSequence: 100, direction: 'next', filter }],
  'trace.findEvents': [
    { traceId, text: 'swtch worker', fromSequence: 9000, direction: 'previous', limit: 10 },
  ],
  'trace.history': [
    { ...around, kind: KIND.sc_yield, subject: 1 },
    { traceId, kind: KIND.t_state, subject: 1, before: 5, after: 0 },
  ],
  'notes.list': [{ traceId }],
  'notes.save': [
    {
      traceId,
      note: { kind: 'annotation', startNs: 5, endNs: 9.5, content: { text: 'hier', colour: null } },
    },
  ],
  'notes.delete': [{ traceId, noteId: 'trace-1' }],
  'sql.run': [
    {
      traceId,
      queryId: 'q-1',
      sql: 'SELECT 1',
      rowLimit: 10,
      timeLimitMs: 1000,
      pageRows: 5,
    },
  ],
  'sql.page': [{ traceId, queryId: 'q-1', first: 500, count: 500 }],
  'sql.cancel': [{ traceId, queryId: 'q-1' }],
  'sql.tables': [{}],
  'scenario.list': [{}],
  'scenario.read': [{ id: 'lock-convoy' }],
  'scenario.check': [{ text: 'cpus: 2\n' }],
  'record.start': [{ text: 'cpus: 2\n', name: 'convoy', seed: 0xffff_ffff }],
  'import.start': [{ path: '/traces/ftrace.txt', also: ['/traces/locks.csv'] }],
  'export.tables': [{}],
  'export.start': [{ traceId, format: 'csv', table: 'lwp_state', range: { startNs: 0, endNs: 5.5 } }],
  'export.files': [{ jobId: 'job-1' }],
  'export.read': [{ jobId: 'job-1', file: 0, offset: 2 ** 33, bytes: 1 << 22 }],
  'job.cancel': [{ jobId: 'job-1' }],
  'upload.begin': [{ name: 'convoy.sctrace', bytes: 3 }],
  'upload.chunk': [{ uploadId: 'upload-1', data: Uint8Array.of(0, 127, 255) }],
  'upload.end': [{ uploadId: 'upload-1' }],
  'upload.cancel': [{ uploadId: 'upload-1' }],
  'dialog.openFiles': [{}],
  'window.open': [{ path: '/traces/convoy.sctrace' }],
};
