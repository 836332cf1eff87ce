/** From the steps, arrivals and events of process-schema.ts to their plans: names become indexes. */
import type { Ns } from '#shared/base/brands.ts';
import type {
  ClassChangePlan,
  DurationPlan,
  ProcessStepPlan,
  SignalSetPlan,
  TargetPlan,
  TimedPlan,
} from '../emulator/plan.ts';
import { EAGAIN, EINVAL, ENOMEM } from '../emulator/errno.ts';
import { FILLSET, sigset } from '../emulator/kernel/context/sigset.ts';
import type {
  ClassText,
  CpuEventText,
  ProjectEventText,
  MaskText,
  ProcessStepText,
  RandomDurationText,
  TimedText,
} from './schema.ts';
import { SIGNAL_NUMBERS, type SignalName } from './signal-names.ts';
import type { ValuePath } from './yaml-source.ts';

/** What names mean in a scenario; each reports a name that is not known. */
export interface Names {
  program(name: string, path: ValuePath): number;
  source(name: string, path: ValuePath): number;
  project(name: string, path: ValuePath): number;
  /** An LWP or a process of this name will exist at some time. */
  declare(kind: 'LWP' | 'process', name: string): void;
  /** One is referred to. */
  refer(kind: 'LWP' | 'process', name: string, path: ValuePath): void;
  duration(text: RandomDurationText, path: ValuePath): DurationPlan;
  classChange(text: ClassText, path: ValuePath): ClassChangePlan;
  report(path: ValuePath, message: string): void;
}

const NO_SIGNALS: SignalSetPlan = [0, 0, 0];
const ERRORS = { ENOMEM, EAGAIN, EINVAL } as const;
const FAILING = { page: 'segkp_get_withanonmap', address: 'map_addr', mapping: 'as_map' } as const;

/** The plan of a step about processes, LWPs, signals or cancellation. */
export function processStepPlan(
  step: ProcessStepText,
  names: Names,
  path: ValuePath,
  line: number,
): ProcessStepPlan {
  if ('spawn' in step) {
    const spawn = typeof step.spawn === 'string' ? { program: step.spawn } : step.spawn;
    const program = names.program(spawn.program, [...path, 'spawn']);
    const name = ('name' in spawn ? spawn.name : undefined) ?? spawn.program;
    const count = ('count' in spawn ? spawn.count : undefined) ?? 1;
    if (count === 1) names.declare('LWP', name);
    else for (let copy = 0; copy < count; copy++) names.declare('LWP', `${name} ${copy}`);
    return { op: 'spawn', program, name, count, line };
  }
  if ('fork' in step) {
    const at = [...path, 'fork'];
    const fork = typeof step.fork === 'string' ? { program: step.fork } : step.fork;
    const kind = ('kind' in fork ? fork.kind : undefined) ?? 'fork1';
    const program = names.program(fork.program, at);
    const siblings = 'siblings' in fork ? fork.siblings : undefined;
    if (siblings !== undefined && kind !== 'forkall') {
      names.report([...at, 'siblings'], `found siblings for ${kind}, expected them with forkall only`);
    }
    const name = ('name' in fork ? fork.name : undefined) ?? fork.program;
    names.declare('process', name);
    names.declare('LWP', name);
    return {
      op: 'fork',
      kind,
      program,
      siblings: siblings === undefined ? null : names.program(siblings, [...at, 'siblings']),
      name,
      line,
    };
  }
  if ('exec' in step) return { op: 'exec', program: names.program(step.exec, [...path, 'exec']), line };
  if ('send' in step) {
    return { op: 'send', signal: SIGNAL_NUMBERS[step.send], target: targetPlan(step, names, path), line };
  }
  if ('await' in step) return { op: 'await', source: names.source(step.await, [...path, 'await']), line };
  if ('sigsuspend' in step) return { op: 'sigsuspend', set: maskOf(step.sigsuspend), line };
  if ('sigtimedwait' in step) {
    const timeout = timeoutOf(step.timeout, names, path);
    return { op: 'sigtimedwait', set: setOf(step.sigtimedwait), timeout, line };
  }
  if ('poll' in step) {
    const source = names.source(step.poll, [...path, 'poll']);
    const timeout = timeoutOf(step.timeout, names, path);
    return { op: 'poll', source, timeout, mask: holdOf(step.sigmask), line };
  }
  if ('sigmask' in step) return { op: 'sigmask', ...maskPlan(step.sigmask), line };
  if ('proc' in step) {
    names.refer('LWP', step.proc, [...path, 'proc']);
    return { op: 'proc', lwp: step.proc, hold: holdOf(step.hold), line };
  }
  if ('newtask' in step) {
    return { op: 'newtask', project: names.project(step.newtask, [...path, 'newtask']), line };
  }
  if ('priocntl' in step) {
    const change = names.classChange(step.priocntl, [...path, 'priocntl']);
    return { op: 'priocntl', change, target: targetPlan(step, names, path), line };
  }
  if ('page_fault' in step) {
    return { op: 'page_fault', duration: names.duration(step.page_fault, [...path, 'page_fault']), line };
  }
  const [op, lwp] =
    'cancel' in step ? (['cancel', step.cancel] as const) : (['look_at', step.look_at] as const);
  names.refer('LWP', lwp, [...path, op]);
  return { op, lwp, line };
}

/** The plan of something that happens at a time. */
export function timedPlan(
  event: Exclude<TimedText, CpuEventText | ProjectEventText>,
  names: Names,
  path: ValuePath,
  line: number,
  timeNs: Ns,
): TimedPlan {
  if ('signal' in event) {
    const target = targetPlan(event, names, path);
    if (target.kind === 'self') {
      names.report(path, 'found a signal without a target, expected process or lwp');
    }
    return { event: 'signal', timeNs, line, signal: SIGNAL_NUMBERS[event.signal], target };
  }
  if ('proc' in event) {
    names.refer('LWP', event.proc, [...path, 'proc']);
    return { event: 'proc', timeNs, line, lwp: event.proc, hold: holdOf(event.hold) };
  }
  if ('priocntl' in event) {
    const target = targetPlan(event, names, path);
    if (target.kind === 'self') {
      names.report(path, 'found priocntl without a target, expected process or lwp');
    }
    const change = names.classChange(event.priocntl, [...path, 'priocntl']);
    return { event: 'priocntl', timeNs, line, change, target };
  }
  if ('heal' in event) return { event: 'heal', timeNs, line };
  const nth = event.nth === 'every' ? 0 : (event.nth ?? 1);
  return {
    event: 'fail',
    timeNs,
    line,
    call: FAILING[event.fail],
    error: ERRORS[event.error ?? 'ENOMEM'],
    nth,
  };
}

/** A set of signals as three words. */
function setOf(signals: readonly SignalName[]): SignalSetPlan {
  return sigset(...signals.map((name) => SIGNAL_NUMBERS[name]));
}

function maskOf(text: MaskText): SignalSetPlan {
  return text === 'none' ? NO_SIGNALS : text === 'all' ? FILLSET : setOf(text);
}

/** A mask, null where there is none to set. */
function holdOf(text: MaskText | undefined): SignalSetPlan | null {
  return text === undefined ? null : maskOf(text);
}

function timeoutOf(text: RandomDurationText | undefined, names: Names, path: ValuePath): DurationPlan | null {
  return text === undefined ? null : names.duration(text, [...path, 'timeout']);
}

function maskPlan(text: Extract<ProcessStepText, { sigmask: unknown }>['sigmask']): {
  how: 'SIG_BLOCK' | 'SIG_UNBLOCK' | 'SIG_SETMASK';
  set: SignalSetPlan;
} {
  if (text === 'none' || text === 'all') return { how: 'SIG_SETMASK', set: maskOf(text) };
  if ('block' in text) return { how: 'SIG_BLOCK', set: setOf(text.block) };
  if ('unblock' in text) return { how: 'SIG_UNBLOCK', set: setOf(text.unblock) };
  return { how: 'SIG_SETMASK', set: setOf(text.set) };
}

function targetPlan(
  to: { readonly process?: string | undefined; readonly lwp?: string | undefined },
  names: Names,
  path: ValuePath,
): TargetPlan {
  const { process, lwp } = to;
  if (process !== undefined && lwp !== undefined) {
    names.report([...path, 'lwp'], 'found both process and lwp, expected one of them');
  }
  if (process !== undefined) {
    names.refer('process', process, [...path, 'process']);
    return { kind: 'process', name: process };
  }
  if (lwp === undefined) return { kind: 'self' };
  names.refer('LWP', lwp, [...path, 'lwp']);
  return { kind: 'lwp', name: lwp };
}
