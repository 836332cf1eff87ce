/**
 * Runs dispatcher vectors (dispatcher/README.md): the functions of disp.c, and some of thread.c, cpu.c and cpupart.c,
 * one by one. Compared are the result, the calls and probes in order, and the whole state.
 */
import { MAX_CPUS, MAX_PARTITIONS, PRIORITY_LEVELS } from '#shared/model/queues.ts';
import {
  kpqpri,
  kpreemptpri,
  minclsyspri,
  rechoose_interval,
} from '#main/emulator/kernel/disp/disp-context.ts';
import { runOperation } from './dispatcher-operations.ts';
import { dispatcherViewOf } from './dispatcher-view.ts';
import { DispatcherWorld } from './dispatcher-world.ts';
import type { VectorDriver, VectorSubject } from './driver.ts';
import { firstDifference, type JsonDifference } from './json.ts';
import type { VectorArguments } from './vector-arguments.ts';

export const dispatcherDriver: VectorDriver = {
  kind: 'dispatcher',
  accepts: (header) => header.dispatcher !== undefined,
  headerDifference,
  open,
};

/** What the header tells of the kernel, and the emulator has built in. */
const CONSTANTS = { npri: PRIORITY_LEVELS, kpqpri, kpreemptpri, minclsyspri, rechoose_interval };

/** Features beyond the ordinary that a file may need: all that there are. */
const FEATURES = new Set([
  'race',
  'pause',
  'weak',
  'halted',
  'sysdc',
  'runqmatch',
  'cmt',
  'nosteal',
  'steal',
]);

function headerDifference(header: VectorArguments): JsonDifference | null {
  if (header.number('dispatcher') !== 1) header.fail(`unknown kind ${header.number('dispatcher')}`);
  for (const feature of header.strings('needs')) {
    if (!FEATURES.has(feature)) header.fail(`\`needs\` names ${feature}, which the driver does not know`);
  }
  for (const [name, builtIn] of Object.entries(CONSTANTS)) {
    const difference = firstDifference(header.number(name), builtIn, name);
    if (difference !== null) return difference;
  }
  return null;
}

function open(header: VectorArguments): VectorSubject {
  const world = new DispatcherWorld({
    ncpus: header.count('ncpus', MAX_CPUS),
    nparts: header.count('nparts', MAX_PARTITIONS),
    nosteal_nsec: header.number('nosteal_nsec'),
    halt: header.flag('halt'),
  });
  return {
    machine: world.machine,
    initial: dispatcherViewOf(world),
    step(line, lineNumber) {
      const ret = runOperation(world, line, lineNumber);
      return { ret, calls: world.calls.length === 0 ? undefined : world.calls };
    },
    view: () => dispatcherViewOf(world),
  };
}
