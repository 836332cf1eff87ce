/** Makes trace files: runs a scenario, or imports another tool's trace. */
import { basename } from 'node:path';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { TransitionBatch, TransitionSink } from '#shared/model/transition-batch.ts';
import { Emulator } from '../emulator/engine/emulator.ts';
import { TransitionProbe } from '../emulator/probe.ts';
import type { ImportReport } from '../importers/import-report.ts';
import { importTrace } from '../importers/import-trace.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { TraceWriter } from '../store/trace-writer.ts';
import type { ProgressOf } from './jobs.ts';

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ProgressOf) => void;
}

export interface MadeTrace {
  readonly path: string;
  readonly events: number;
  readonly durationNs: number;
  readonly digest: string;
  readonly bytes: number;
  readonly complete: boolean;
}

export interface ScenarioToRecord {
  readonly text: string;
  /** File or scenario name, for messages. */
  readonly name: string;
  /** The trace to write; it must not exist. */
  readonly path: string;
  readonly seed?: number | undefined;
  readonly durationNs?: number | undefined;
  readonly cpus?: number | undefined;
}

/** Where a trace at `path` is while it is being written. */
export const partialPathOf = (path: string): string => `${path}.part`;

export async function recordScenario(scenario: ScenarioToRecord, run: RunOptions): Promise<MadeTrace> {
  const plan = parseScenario(scenario.text, scenario.name);
  const probe = new TransitionProbe();
  const emulator = new Emulator(plan, { probe, ...scenario });
  const writer = new TraceWriter(scenario.path, {
    source: 'emulator',
    sourceDetail: `${plan.title}, seed ${emulator.seed}`,
    tickNs: 1e9 / plan.hz,
    clock: 'virtual',
    scenario: scenario.text,
  });
  let done = false;
  while (!done && !run.signal.aborted) {
    done = emulator.advance() === 'done';
    for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) {
      writer.write(batch);
      probe.giveBack(batch);
    }
    await new Promise((resolve) => setImmediate(resolve));
    run.onProgress({
      events: writer.events,
      timeNs: writer.timeNs,
      fraction: writer.timeNs / emulator.durationNs,
      bytes: writer.bytes,
      eventsPerSecond: 0,
    });
  }
  writer.write(probe.takeLast());
  return { ...writer.finish({ incompleteReason: done ? null : 'cancelled' }), complete: done };
}

export async function importFile(
  { source, path }: { readonly source: string; readonly path: string },
  run: RunOptions,
): Promise<MadeTrace & { readonly report: ImportReport }> {
  const writer = new TraceWriter(path, {
    source: 'import',
    sourceDetail: basename(source),
    tickNs: null,
    clock: '',
    scenario: null,
  });
  const sink: TransitionSink = {
    write: (batch: TransitionBatch) => {
      writer.write(batch);
      batch.length = 0;
      batch.definitions = [];
      return Promise.resolve(batch);
    },
  };
  try {
    const report = await importTrace(source, sink, {
      signal: run.signal,
      onProgress: ({ bytesRead, bytesTotal, timeNs }) =>
        run.onProgress({
          events: writer.events,
          timeNs,
          fraction: bytesTotal > 0 ? bytesRead / bytesTotal : null,
          bytes: writer.bytes,
          eventsPerSecond: 0,
        }),
    });
    const written = writer.finish({
      incompleteReason: report.complete ? null : 'the source is cut off',
      warnings: report.warnings,
      source: { source: report.format, clock: report.clock },
    });
    return { ...written, complete: report.complete, report };
  } catch (thrown) {
    writer.discard();
    throw thrown instanceof WorkbenchError ? thrown : new WorkbenchError('internal', String(thrown));
  }
}
