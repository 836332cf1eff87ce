/** Records the emulator: runs a scenario and hands on its transitions. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WorkbenchError } from '#shared/base/errors.ts';
import type { TransitionSink } from '#shared/model/transition-batch.ts';
import { Emulator } from '../emulator/engine/emulator.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import type { Producer, ProducerContext, ProducerEnd, ProducerSpec } from './producer.ts';

/** Between looks at messages (a cancel), where no batch had to be waited for. */
const LISTEN_EVERY_MS = 50;
const NS_PER_S = 1e9;

/** Throws WorkbenchError scenario-invalid. */
export function openScenario(spec: ProducerSpec & { readonly kind: 'scenario' }): Producer {
  const { cpus, seed, durationNs } = spec;
  const plan = parseScenario(spec.text, spec.fileName, { cpus, seed, durationNs });
  const probe = new TransitionProbe();
  const emulator = new Emulator(plan, { probe });
  return {
    source: {
      source: 'emulator',
      sourceDetail: `${plan.title} (${spec.fileName}, seed ${emulator.seed})`,
      tickNs: NS_PER_S / plan.hz,
      clock: 'virtual',
      clockUnit: 'nanosecond',
      clockOrigin: null,
      plannedNs: emulator.durationNs,
      scenario: spec.text,
    },
    run: (sink, context) => runEmulator(emulator, probe, sink, context),
  };
}

async function runEmulator(
  emulator: Emulator,
  probe: TransitionProbe,
  sink: TransitionSink,
  { signal, reached }: ProducerContext,
): Promise<ProducerEnd> {
  let listened = performance.now();
  const handOn = async (): Promise<void> => {
    await probe.drain(sink);
    reached(Math.min(1, emulator.timeNs / emulator.durationNs));
  };
  const handOnAll = async (): Promise<void> => {
    await handOn();
    await probe.finish(sink);
  };

  let done = false;
  while (!done && !signal.aborted) {
    try {
      done = emulator.advance() === 'done';
    } catch (thrown) {
      // A broken rule ends the recording, but what led to it is the point of having one.
      await handOnAll();
      throw thrown;
    }
    await handOn();
    if (performance.now() - listened > LISTEN_EVERY_MS) {
      await nextTurn();
      listened = performance.now();
    }
  }
  await handOnAll();
  if (!done) throw new WorkbenchError('cancelled', 'The recording was cancelled.');
  return { incompleteReason: null, warnings: [], source: {}, report: null };
}
