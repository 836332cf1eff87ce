/** From processor sets and events about CPUs to their plans. */
import type { CpuId } from '#shared/base/brands.ts';
import type { CpuEventPlan, TargetPlan } from '../emulator/plan.ts';
import type { Names } from './build-process-steps.ts';
import type { CpuEventText, TimedText } from './schema.ts';
import type { ValuePath } from './yaml-source.ts';

/** What the builder knows. */
export interface CpuNames {
  /** Number of a processor set; 0 for `default`. Reports a name that is not known. */
  part(name: string, path: ValuePath): number;
  /** Reports a CPU that the machine does not have. */
  checkCpu(cpu: CpuId, path: ValuePath): void;
}

export function isCpuEvent(event: TimedText): event is CpuEventText {
  return 'offline' in event || 'online' in event || 'assign' in event || 'bind' in event;
}

/** The plan of an event about a CPU or a processor set. */
export function cpuEventPlan(
  event: CpuEventText,
  cpus: CpuNames,
  names: Names,
  path: ValuePath,
): CpuEventPlan {
  if ('offline' in event) {
    cpus.checkCpu(event.offline, [...path, 'offline']);
    return { event: 'offline', cpu: event.offline, forced: event.forced ?? false };
  }
  if ('online' in event) {
    cpus.checkCpu(event.online, [...path, 'online']);
    return { event: 'online', cpu: event.online };
  }
  if ('assign' in event) {
    cpus.checkCpu(event.assign, [...path, 'assign']);
    const part = cpus.part(event.set, [...path, 'set']);
    return { event: 'assign', cpu: event.assign, part, forced: event.forced ?? false };
  }
  return {
    event: 'bind',
    part: cpus.part(event.bind, [...path, 'bind']),
    target: targetOf(event, names, path),
  };
}

function targetOf(
  event: { process?: string | undefined; lwp?: string | undefined },
  names: Names,
  path: ValuePath,
): TargetPlan {
  const { process, lwp } = event;
  if (lwp !== undefined && process === undefined) {
    names.refer('LWP', lwp, [...path, 'lwp']);
    return { kind: 'lwp', name: lwp };
  }
  if (process === undefined || lwp !== undefined) {
    names.report(path, 'found no process and no LWP, or both, expected one of them');
    return { kind: 'self' };
  }
  names.refer('process', process, [...path, 'process']);
  return { kind: 'process', name: process };
}
