/** Good parameters for every request; the compiler says which are missing. */
import type { RequestName, RequestParams } from '#shared/api/contract.ts';

const traceId = 'trace-1';
const window = { traceId, startNs: 0, endNs: 1e9 + 0.5, pixels: 1600 };

export const requestSamples: { readonly [Name in RequestName]: RequestParams<Name> } = {
  'workbench.hello': {},
  'recent.list': {},
  'settings.read': {},
  'settings.write': { settings: { theme: 'dark', lanes: [1, null, { pinned: true }] } },
  'trace.open': { path: '/traces/Größe 测试.sctrace' },
  'trace.close': { traceId },
  'trace.identify': { path: '/traces/ftrace.txt.gz' },
  'trace.lanes': { ...window, lanes: [{ kind: 'cpu', id: 0 }] },
  'trace.overview': { traceId, pixels: 1 },
  'trace.highlight': { traceId },
  'trace.nopreemptWindows': { ...window, lwps: [1, 2] },
  'trace.decisions': { ...window },
  'trace.slotOccupancy': window,
  'trace.cpuUpdates': window,
  'trace.cpuUse': window,
  'trace.migrations': { traceId, startNs: 0, endNs: 5e8, fromSequence: 1 },
  'trace.decisionCounts': window,
  'trace.queueLengths': { ...window, cpus: [0] },
  'trace.lockWaiters': { ...window, syncs: [0, 3] },
  'trace.wakeups': { ...window, lwps: [1] },
  'trace.aggregates': { traceId, startNs: 0, endNs: 1e9, lwps: [1, 2], cpus: [0] },
  'trace.stateAt': { traceId, sequence: 2 ** 40 },
  'trace.events': { traceId, timeNs: 5, before: 0, after: 100, filter: { kinds: [3] } },
  'trace.eventsBySequence': { traceId, sequences: [1, 7] },
  'trace.step': { traceId, fromSequence: 0, direction: 'next', what: 'decision' },
  'scenario.list': {},
  'scenario.read': { id: 'lock-convoy' },
  'scenario.check': { text: 'cpus: 2\n' },
  'record.start': { text: 'cpus: 2\n', name: 'convoy', seed: 0xffff_ffff },
  'import.start': { path: '/traces/ftrace.txt' },
  'job.cancel': { jobId: 'job-1' },
  'upload.begin': { name: 'convoy.sctrace', bytes: 3 },
  'upload.chunk': { uploadId: 'upload-1', data: Uint8Array.of(0, 127, 255) },
  'upload.end': { uploadId: 'upload-1' },
  'dialog.openFile': {},
};
