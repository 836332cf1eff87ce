/** Runs a plan to its end and keeps what the probe saw: for tests. */
import { Digest } from '#shared/base/digest.ts';
import { MachineState } from '#shared/model/machine-state.ts';
import type { Definition, TransitionBatch } from '#shared/model/transition-batch.ts';
import { Emulator, type EmulatorOptions } from '#main/emulator/engine/emulator.ts';
import type { ScenarioPlan } from '#main/emulator/plan.ts';
import { TransitionProbe } from '#shared/model/transition-probe.ts';

/** One transition as an object. */
export interface Row {
  readonly timeNs: number;
  readonly kind: number;
  readonly cpu: number;
  readonly lwp: number;
  readonly object: number;
  readonly cause: number;
  readonly old: number;
  readonly new: number;
}

export interface RecordedRun {
  readonly rows: number;
  /** Digest over every column of every row and every name. */
  readonly eventDigest: string;
  /** Digest of the emulator's machine at the end. */
  readonly stateDigest: string;
  /** The machine rebuilt from the rows. */
  readonly replayed: MachineState;
  readonly endNs: number;
}

export interface RunHooks {
  /** Sees each row in order. */
  readonly onRow?: (row: Row) => void;
  /** Sees each name in order. */
  readonly onDefinition?: (definition: Definition) => void;
  /** Called at each batch boundary with the emulator's state digest and the replayed one. */
  readonly onBatch?: (emulated: string, replayed: string) => void;
}

/** Runs `plan` to its end; throws what the emulator throws. */
export function recordRun(
  plan: ScenarioPlan,
  options: Omit<EmulatorOptions, 'probe'> & { readonly batchRows?: number } = {},
  hooks: RunHooks = {},
): RecordedRun {
  const probe = new TransitionProbe(options.batchRows ?? 4096);
  const emulator = new Emulator(plan, { ...options, probe });
  // Apart, because where a name stands among the rows depends on the size of the batches.
  const events = new Digest();
  const names = new Digest();
  const replayed = new MachineState();
  let rows = 0;
  const take = (batch: TransitionBatch): void => {
    const { timeNs, kind, cpu, lwp, object, cause, oldValue, newValue } = batch.columns;
    for (const definition of batch.definitions) {
      hooks.onDefinition?.(definition);
      for (const character of JSON.stringify(definition)) names.add(character.codePointAt(0)!);
    }
    for (let i = 0; i < batch.length; i++) {
      rows++;
      events.addWide(timeNs[i]!);
      for (const column of [kind, cpu, lwp, object, cause, oldValue, newValue]) events.add(column[i]!);
      replayed.apply(batch.columns, i, rows);
      hooks.onRow?.({
        timeNs: timeNs[i]!,
        kind: kind[i]!,
        cpu: cpu[i]!,
        lwp: lwp[i]!,
        object: object[i]!,
        cause: cause[i]!,
        old: oldValue[i]!,
        new: newValue[i]!,
      });
    }
  };
  let state: 'running' | 'done';
  do {
    state = emulator.advance();
    for (let batch = probe.takeFilled(); batch !== undefined; batch = probe.takeFilled()) {
      take(batch);
      probe.giveBack(batch);
    }
    // The batch being filled holds the rows since the last boundary: the state is compared with them applied.
    if (hooks.onBatch !== undefined || state === 'done') {
      const rest = probe.takeLast();
      take(rest);
      probe.giveBack(rest);
      hooks.onBatch?.(emulator.machine.state.digest(), replayed.digest());
    }
  } while (state === 'running');
  return {
    rows,
    eventDigest: events.hex() + names.hex(),
    stateDigest: emulator.machine.state.digest(),
    replayed,
    endNs: emulator.timeNs,
  };
}
