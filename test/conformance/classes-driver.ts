/**
 * Runs class vectors (classes/README.md, fss-rt/README.md): the functions of the classes, one by one. Compared are the
 * result, the dispatcher calls and probes in order, and the whole state.
 */
import { CID } from '#shared/model/enums.ts';
import { MAX_CPUS } from '#shared/model/queues.ts';
import { fss_nice_decay, fss_nice_tick } from '#main/emulator/kernel/disp/fss-accounts.ts';
import { FX_DPTBL } from '#main/emulator/kernel/disp/fx-dptbl.ts';
import { RT_DPTBL } from '#main/emulator/kernel/disp/rt-dptbl.ts';
import { TS_DPTBL_DEFAULT, TS_DPTBL_SERVER } from '#main/emulator/kernel/disp/ts-dptbl.ts';
import { dispatchTable, runOperation } from './classes-operations.ts';
import { classesViewOf } from './classes-view.ts';
import { ClassesWorld } from './classes-world.ts';
import type { VectorDriver, VectorSubject } from './driver.ts';
import { firstDifference, type Json, type JsonDifference } from './json.ts';
import type { VectorArguments } from './vector-arguments.ts';

const NO_CPU: Json = { maxrunpri: -1, dispatch_pri: -1 };

export const classesDriver: VectorDriver = {
  kind: 'classes',
  accepts: (header) => header.classes !== undefined,
  headerDifference,
  open,
};

function open(header: VectorArguments): VectorSubject {
  const world = worldFor(header);
  const { ncpus } = world;
  const cpus: Record<string, Json> = {};
  for (let cpu = 0; cpu < ncpus; cpu++) cpus[cpu] = NO_CPU;
  return {
    machine: world.machine,
    initial: {
      threads: {},
      cpus,
      kpmaxrunpri: -1,
      lbolt: 0,
      ...(world.withFss ? { fss: { projs: {}, zones: {}, psets: {} } } : {}),
    },
    step(line, lineNumber) {
      const outcome = runOperation(world, line, lineNumber);
      const calls = world.calls.length === 0 ? undefined : world.calls;
      return { ret: outcome.ret, retval: outcome.retval, calls };
    },
    view: () => classesViewOf(world.machine, ncpus, world, world.withFss),
  };
}

/** The surroundings that the header describes, before the first operation. */
export function worldFor(header: VectorArguments): ClassesWorld {
  const withFss = header.has('fss');
  return new ClassesWorld({
    hz: header.number('hz'),
    ncpus: header.count('ncpus', MAX_CPUS),
    ts_dptbl: dispatchTable(header.rows('dptbl')),
    withFss,
    ...(withFss ? { fss_quantum: header.object('fss').number('quantum') } : {}),
    withSwapping: header.flag('swap'),
  });
}

/** Whether the emulator has the class ids and built-in tables that the header tells. */
function headerDifference(header: VectorArguments): JsonDifference | null {
  const builtIn = { default: TS_DPTBL_DEFAULT, server: TS_DPTBL_SERVER }[header.string('table')];
  const { SYS, TS, IA, FX } = CID;
  const classes = header.has('fss') ? CID : { SYS, TS, IA, FX };
  return (
    firstDifference(header.line.classes as Json, classes, 'classes') ??
    (builtIn === undefined
      ? null
      : firstDifference(
          header.rows('dptbl'),
          builtIn.map(({ globpri, quantum, tqexp, slpret, maxwait, lwait }) => [
            globpri,
            quantum,
            tqexp,
            slpret,
            maxwait,
            lwait,
          ]),
          'dptbl',
        )) ??
    firstDifference(
      header.rows('fxdptbl'),
      FX_DPTBL.map(({ globpri, quantum }) => [globpri, quantum]),
      'fxdptbl',
    ) ??
    (header.has('fss') ? fssRtDifference(header) : null)
  );
}

function fssRtDifference(header: VectorArguments): JsonDifference | null {
  // The quantum is one that an administrator may have set.
  const fss = {
    quantum: header.object('fss').number('quantum'),
    nice_tick: fss_nice_tick,
    nice_decay: fss_nice_decay,
  };
  return (
    firstDifference(
      header.rows('rtdptbl'),
      RT_DPTBL.map(({ globpri, quantum }) => [globpri, quantum]),
      'rtdptbl',
    ) ?? firstDifference(header.line.fss as Json, fss, 'fss')
  );
}
