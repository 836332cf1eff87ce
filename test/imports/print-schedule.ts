/** A schedule as the tools print it whose output is imported. */
import type { LeaveLetter, Schedule, ScheduleEvent, Task } from './random-schedule.ts';

/** A kernel from 4.14 on. */
const RAW_STATE: Readonly<Record<LeaveLetter, number>> = { R: 0, 'R+': 256, S: 1, D: 2, X: 16, Z: 32 };
const START_SECONDS = 5000;

const three = (number: number): string => String(number).padStart(3, '0');
const micros = (timeUs: number): string =>
  `${START_SECONDS + Math.floor(timeUs / 1e6)}.${String(timeUs % 1e6).padStart(6, '0')}`;

/** Name and fields as ftrace prints them. */
function ftraceEvent(event: ScheduleEvent, isRaw = false): readonly [string, string] {
  switch (event.event) {
    case 'switch': {
      const { from, state, to } = event;
      const left = isRaw ? `${RAW_STATE[state]} ` : `${state} ==> `;
      return [
        'sched_switch',
        `prev_comm=${from.name} prev_pid=${from.tid} prev_prio=120 prev_state=${left}next_comm=${to.name} next_pid=${to.tid} next_prio=120`,
      ];
    }
    case 'waking':
    case 'wakeup':
    case 'wakeupNew':
      return [
        wakeName(event.event),
        `comm=${event.task.name} pid=${event.task.tid} prio=120 target_cpu=${three(event.target)}`,
      ];
    case 'migrate':
      return [
        'sched_migrate_task',
        `comm=${event.task.name} pid=${event.task.tid} prio=120 orig_cpu=0 dest_cpu=${event.target}`,
      ];
    case 'fork':
      return [
        'sched_process_fork',
        `comm=${event.parent.name} pid=${event.parent.tid} child_comm=${event.child.name} child_pid=${event.child.tid}`,
      ];
    case 'exit':
      return ['sched_process_exit', `comm=${event.task.name} pid=${event.task.tid} prio=120`];
    default:
      return [event.name, event.fields];
  }
}

const wakeName = (event: 'waking' | 'wakeup' | 'wakeupNew'): string =>
  event === 'wakeupNew' ? 'sched_wakeup_new' : `sched_${event}`;

/** The same as the plugins of libtraceevent print it. */
function shortEvent(event: ScheduleEvent): readonly [string, string] {
  const task = ({ name, tid }: Task): string => `${name}:${tid} [120]`;
  if (event.event === 'switch') {
    return ['sched_switch', `${task(event.from)} ${event.state[0]!} ==> ${task(event.to)}`];
  }
  if (event.event === 'wakeup' || event.event === 'wakeupNew') {
    return [wakeName(event.event), `${task(event.task)} CPU:${three(event.target)}`];
  }
  return ftraceEvent(event);
}

const ftraceLine = (event: ScheduleEvent): string => {
  const [name, fields] = ftraceEvent(event);
  const { cpu, timeUs, current } = event;
  const task = current.tid === 0 ? '<idle>-0' : `${current.name}-${current.tid}`;
  return `${task.padStart(22)}   [${three(cpu)}] d..2. ${micros(timeUs)}: ${name}: ${fields}`;
};

const latencyLine = (event: ScheduleEvent): string => {
  const [name, fields] = ftraceEvent(event);
  return `${event.current.name}-${event.current.tid}   ${event.cpu}d..2. ${event.timeUs}us+: ${name}: ${fields}`;
};

const traceCmdLine =
  (isRaw: boolean, inNs: boolean, isShort: boolean) =>
  (event: ScheduleEvent): string => {
    const [name, fields] = isShort ? shortEvent(event) : ftraceEvent(event, isRaw);
    const { cpu, timeUs, current } = event;
    const task = current.tid === 0 ? '<idle>-0' : `${current.name}-${current.tid}`;
    const stamp = micros(timeUs) + (inNs ? '000' : '');
    return `${task.padStart(22)}  [${three(cpu)}] ${stamp}: ${`${name}:`.padEnd(22)} ${fields}`;
  };

const perfLine =
  (isShort: boolean, width: number) =>
  (event: ScheduleEvent): string => {
    const { cpu, timeUs, current } = event;
    const head = `${current.name.padStart(16)} ${String(current.tid).padStart(5)} [${three(cpu)}] ${micros(timeUs)}: `;
    // perf has records of its own among its tracepoints: samples, and of switches.
    if (event.event === 'foreign' && event.name === 'irq_handler_entry')
      return `${head}    250000 cpu-cycles: `;
    if (event.event === 'foreign' && event.name === 'softirq_entry') {
      return `${head}PERF_RECORD_SWITCH_CPU_WIDE OUT preempt  next pid/tid:     1/1    `;
    }
    const [name, fields] = isShort ? shortEvent(event) : ftraceEvent(event);
    return `${head}${`sched:${name}`.padStart(width)}: ${fields}`;
  };

const quoted = (name: string, text: string): string => `${name} = "${text}"`;

function ctfFields(event: ScheduleEvent, id: 'pid' | 'tid'): readonly [string, string] {
  const shift = id === 'tid' ? 100 : 0;
  const task = (prefix: string, { name, tid }: Task): string =>
    `${quoted(`${prefix}comm`, name)}, ${prefix}${id} = ${tid}`;
  switch (event.event) {
    case 'switch': {
      const state =
        id === 'tid' && event.state === 'R' ? '( "TASK_RUNNING" : container = 0 )' : RAW_STATE[event.state];
      return [
        'sched_switch',
        `${task('prev_', event.from)}, prev_prio = ${120 - shift}, prev_state = ${state}, ${task('next_', event.to)}, next_prio = ${120 - shift}`,
      ];
    }
    case 'waking':
    case 'wakeup':
    case 'wakeupNew':
      return [
        wakeName(event.event),
        `${task('', event.task)}, prio = ${120 - shift}, target_cpu = ${event.target}`,
      ];
    case 'migrate':
      return [
        'sched_migrate_task',
        `${task('', event.task)}, prio = ${120 - shift}, orig_cpu = 0, dest_cpu = ${event.target}`,
      ];
    case 'fork':
      return [
        'sched_process_fork',
        id === 'pid'
          ? `${task('', event.parent)}, ${task('child_', event.child)}`
          : `${task('parent_', event.parent)}, parent_pid = 1, ${task('child_', event.child)}, child_pid = 1`,
      ];
    case 'exit':
      return ['sched_process_exit', `${task('', event.task)}, prio = ${120 - shift}`];
    default:
      return [event.name, 'nr = 1'];
  }
}

const perfCtfLine = (event: ScheduleEvent): string => {
  const [name, fields] = ctfFields(event, 'pid');
  const { tid } = event.current;
  return `[${micros(event.timeUs)}000] (+0.000001000) sched:${name}: { cpu_id = ${event.cpu} }, { perf_ip = 0xFFFF, perf_tid = ${tid}, perf_pid = ${tid}, ${fields} }`;
};

const lttngLine = (event: ScheduleEvent): string => {
  const [name, fields] = ctfFields(event, 'tid');
  const { name: comm, tid } = event.current;
  return `[${micros(event.timeUs)}000] (+0.000001000) box ${name}: { cpu_id = ${event.cpu} }, { procname = "${comm}", pid = ${tid === 0 ? 0 : 7}, tid = ${tid} }, { ${fields} }`;
};

const bpftraceLine = (event: ScheduleEvent): string | null => {
  const head = `${micros(event.timeUs).replace('.', '')}000 ${event.cpu}`;
  const task = ({ name, tid }: Task): string => `${name}/${tid}`;
  if (event.event === 'switch') {
    return `${head} switch ${task(event.from)} 120 ${RAW_STATE[event.state]} -> ${task(event.to)} 120`;
  }
  if (event.event !== 'waking') return null;
  return `${head} waking ${task(event.current)} -> ${task(event.task)} target=${event.target}`;
};

export interface Printer {
  readonly name: string;
  /** Whether threads that are made and moved are in it. */
  readonly isWhole: boolean;
  readonly print: (schedule: Schedule) => string;
}

function printer(
  name: string,
  line: (event: ScheduleEvent) => string | null,
  before: readonly string[] = [],
  after: readonly string[] = [],
): Printer {
  return {
    name,
    isWhole: line !== bpftraceLine,
    print: ({ events }) =>
      `${[...before, ...events.map(line).filter((text) => text !== null), ...after].join('\n')}\n`,
  };
}

export const PRINTERS: readonly Printer[] = [
  printer('ftrace', ftraceLine, ['# tracer: nop', '#']),
  printer('ftrace, latency-format', latencyLine, ['# nop latency trace v1.1.5 on 6.1.0']),
  printer('trace-cmd report', traceCmdLine(false, false, true), ['cpus=8']),
  printer('trace-cmd report without plugins', traceCmdLine(false, false, false), ['cpus=8']),
  printer('trace-cmd report -R', traceCmdLine(true, false, false), ['cpus=8']),
  printer('trace-cmd report -t', traceCmdLine(false, true, true), ['cpus=8']),
  printer('perf script', perfLine(false, 0)),
  printer('perf script with plugins', perfLine(true, 0)),
  printer('perf sched script', perfLine(false, 24)),
  printer('babeltrace2 of perf', perfCtfLine),
  printer('babeltrace2 of LTTng', lttngLine),
  printer('bpftrace', bpftraceLine, ['Attaching 3 probes...']),
  printer(
    'systrace',
    ftraceLine,
    ['<!DOCTYPE html>', '<script class="trace-data" type="application/text">', '# tracer: nop'],
    ['</script>'],
  ),
];
