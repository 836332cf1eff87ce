/**
 * Runs dispatcher vectors (dispatcher/README.md): the functions of disp.c, and some of thread.c, cpu.c and cpupart.c, one
 * by one. Compared are the result, the calls and probes in order, and the whole state.
 */
import { PRIORITY_LEVELS } from '#shared/model/queues.ts';
import {
  kpqpri,
  kpreemptpri,
  minclsyspri,
  rechoose_interval,
} from '#main/emulator/kernel/disp/disp-context.ts';
import { runOperation } from './dispatcher-operations.ts';
import { dispatcherViewOf } from './dispatcher-view.ts';
import { DispatcherWorld } from './dispatcher-world.ts';
import type { VectorDriver, VectorLine, VectorResult } from './driver.ts';
import { firstDifference } from './json.ts';
import { VectorArguments } from './vector-arguments.ts';
import { runVector } from './vector-runner.ts';

export const dispatcherDriver: VectorDriver = {
  kind: 'dispatcher',
  accepts: (header) => header.dispatcher !== undefined,
  run,
};

/** What the header tells of the kernel, and the emulator has built in. */
const CONSTANTS = { npri: PRIORITY_LEVELS, kpqpri, kpreemptpri, minclsyspri, rechoose_interval };

function run(lines: readonly VectorLine[]): VectorResult {
  const header = new VectorArguments(lines[0]!, 1);
  if (header.number('format') !== 1) header.fail(`unknown format ${header.number('format')}`);
  if (header.number('dispatcher') !== 1) header.fail(`unknown kind ${header.number('dispatcher')}`);
  for (const [name, builtIn] of Object.entries(CONSTANTS)) {
    const difference = firstDifference(header.number(name), builtIn, name);
    if (difference !== null) {
      return { passed: false, difference: { line: 1, operation: 'header', ...difference } };
    }
  }
  const world = new DispatcherWorld({
    ncpus: header.number('ncpus'),
    nparts: header.number('nparts'),
    nosteal_nsec: header.number('nosteal_nsec'),
    halt: header.flag('halt'),
  });
  return runVector(lines, {
    machine: world.machine,
    initial: dispatcherViewOf(world),
    step(line, lineNumber) {
      const ret = runOperation(world, line, lineNumber);
      return { ret, calls: world.calls.length === 0 ? undefined : world.calls };
    },
    view: () => dispatcherViewOf(world),
  });
}
