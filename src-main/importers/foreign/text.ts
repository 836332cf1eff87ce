/** Text of other tools that is known and not read: it has lost what a timeline needs. */
import type { ForeignFormat } from '../format.ts';
import type { Head } from '../input/head.ts';
import { isLockLog, LOCK_LOG } from '../lock-log/lock-log.ts';
import { isRseqStats, RSEQ_STATS } from '../rseq-stats/rseq-stats.ts';
import { shellWord } from './shell-word.ts';

const PERF_SCRIPT = 'perf script --ns --show-lost-events -i perf.data > trace.txt';
const LINES_TRIED = 50;

const someLine =
  (pattern: RegExp) =>
  (head: Head): boolean =>
    head.lines.slice(0, LINES_TRIED).some((line) => pattern.test(line));

/** A line of perf script, up to its stamp. */
const PERF_LINE =
  /^\s*\S.*?\s+(?:-?\d+\/)?-?\d+\s+(?:\[\d{3,}\]\s+)?(\d+\.\d{6,9}):\s+(?:\d+ +)?[\w:/,.=-]+:/;
/** trace-cmd report names the file before each line where it prints several. */
const TRACE_CMD_LINE = /^ *([^\s:]{1,64}): (?=.*-\d+ +(?:\([ \d-]+\) +)?\[\d+\] )/;
/**
 * Task, thread, CPU, flags, preempt count, index, and the time three times over: of latency-format with the option
 * verbose.
 */
const VERBOSE_LINE =
  /^ *\S.{0,20} +\d+ +\d+ \d+ [0-9a-f]{8} [0-9a-f]{1,16} \[[0-9a-f]{1,16}\] -?\d+\.\d{3}ms \(\+-?\d+\.\d{3}ms\): /;
const GRAPH_LINE = /^\s*(?:\d+\.\d+ \|)?\s*\d+\)\s.*(?:\|  |\/\* .* \*\/)/;

/** Stamps that begin at zero and do not grow. */
function isDeltatime(head: Head): boolean {
  let last = NaN;
  for (const line of head.lines) {
    const match = PERF_LINE.exec(line);
    if (match === null) continue;
    const time = Number(match[1]);
    if (Number.isNaN(last) && time !== 0) return false;
    if (time < last) return true;
    last = time;
  }
  return false;
}

/** Two heads, of which each trace has one, or lines of two named files. */
function hasSeveralMachines(head: Head): boolean {
  const lines = head.lines;
  const heads = lines.filter((line) => /^(?: *\S+: +)?cpus=\d+\s*$/.test(line)).length;
  const names = new Set(
    lines.map((line) => TRACE_CMD_LINE.exec(line)?.[1]).filter((name) => name !== undefined),
  );
  const files = [...names].filter((name) => name.includes('.'));
  return (
    files.length > 1 ||
    (heads > 1 && names.size > 1) ||
    lines.some((line) => /^\s*VM:\d+ VCPU:\d+ /.test(line))
  );
}

export const textFormats: readonly ForeignFormat[] = [
  {
    name: 'several-machines',
    title: 'a report of several machines in one text (a host and its guests)',
    recognise: hasSeveralMachines,
    advice: () =>
      'CPU 0 and thread 300 of one are not those of the other. Print each by itself and import each: trace-cmd report -i host.dat > host.txt',
  },
  {
    name: 'perf-deltatime',
    title: 'the text of perf script --deltatime',
    recognise: isDeltatime,
    advice: () =>
      `Its stamps are differences, rounded each, so no time of it is exact. Print it with times: ${PERF_SCRIPT}`,
  },
  {
    name: 'function-graph',
    title: 'the text of the tracer function_graph',
    recognise: (head) =>
      head.lines.slice(0, LINES_TRIED).some((line) => /^# tracer: function_graph\b/.test(line)) ||
      (head.lines.some((line) => GRAPH_LINE.test(line)) &&
        !head.lines.some((line) => /^# tracer: /.test(line))),
    advice: () =>
      'Its lines have neither times nor threads, so the sched events in it tell no timeline. Record them without it: echo nop > current_tracer, echo 1 > events/sched/enable (both in /sys/kernel/tracing), and give the file trace.',
  },
  {
    name: 'ftrace-verbose',
    title: 'ftrace text with the options latency-format and verbose',
    recognise: someLine(VERBOSE_LINE),
    advice: () =>
      'Such lines are not read. Turn both off, which loses nothing, and read the buffer again: echo noverbose > trace_options, echo nolatency-format > trace_options (both in /sys/kernel/tracing), and give the file trace.',
  },
  {
    name: 'babeltrace-names',
    title: 'the text of babeltrace2 with the names of all fields (--names)',
    recognise: someLine(/^timestamp = .*, name = "?[\w:]+"?, /),
    advice: () => 'Print it without them: babeltrace2 --clock-seconds FOLDER > trace.txt',
  },
  {
    name: 'perf-json',
    title: 'the JSON of perf data convert',
    recognise: (head) => /^\s*\{\s*"linux-perf-json-version"/.test(head.text),
    advice: () =>
      `It lacks the fields of the events (the thread switched in, the state of the one switched out), so it has no timeline. Turn the perf.data that it was made of into text with: ${PERF_SCRIPT}`,
  },
  {
    name: 'perf-timehist',
    title: 'the table of perf sched timehist',
    recognise: someLine(/^\s*time\s+cpu\s+task name\s+wait time\s+sch delay\s+run time/),
    advice: () =>
      `It is rounded to microseconds and has no states, so preempted and sleeping threads look the same. Turn the perf.data that it was made of into text with: ${PERF_SCRIPT}`,
  },
  {
    name: 'perf-timehist-summary',
    title: 'the summary of perf sched timehist',
    recognise: someLine(/^\s*comm\s+parent\s+sched-in\s+run-time\s/),
    advice: () =>
      `It has sums and no events. Turn the perf.data that it was made of into text with: ${PERF_SCRIPT}`,
  },
  {
    name: 'perf-latency',
    title: 'the table of perf sched latency',
    recognise: someLine(/^\s*Task\s+\|\s+Runtime ms\s+\|\s+Switches\s+\|/),
    advice: () =>
      `It has sums and no events. Turn the perf.data that it was made of into text with: ${PERF_SCRIPT}`,
  },
  {
    name: 'perf-map',
    title: 'the map of perf sched map',
    recognise: (head) => /^[ *A-Z0-9.-]{2,4000}\s+\d+\.\d{6} secs\b/.test(head.lines[0] ?? ''),
    advice: () =>
      `It has no states and no wake-ups. Turn the perf.data that it was made of into text with: ${PERF_SCRIPT}`,
  },
  {
    name: LOCK_LOG,
    title: 'a lock log',
    recognise: (head) => isLockLog(head.lines[0] ?? ''),
    advice: (path) =>
      `It records lock holders and no context switches. Import it with the trace of the same run: choose both files together in the window, or schedctl-workbench import TRACE --locks ${shellWord(path)} -o run.sctrace`,
  },
  {
    name: RSEQ_STATS,
    title: 'a copy of /sys/kernel/debug/rseq/stats',
    recognise: (head) => isRseqStats(head.lines),
    advice: (path) =>
      `It has counts and no times. Import two copies, from before and after the run, with the trace of the run: choose all three files together in the window, or schedctl-workbench import TRACE --rseq-stats BEFORE ${shellWord(path)} -o run.sctrace`,
  },
  {
    name: 'dtrace-aggregation',
    title: 'the output of a DTrace aggregation',
    recognise: someLine(/^\s*value\s+-{3,} Distribution -{3,} count/),
    advice: () =>
      'It has counts and no times. Record with the script that comes with this program: dtrace -q -s schedctl.d -o schedctl.log (traces/scripts/schedctl.d).',
  },
];
