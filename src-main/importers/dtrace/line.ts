/** Lines of the script traces/scripts/schedctl.d; its head describes the format. */
import type { CpuId, LwpId } from '#shared/base/brands.ts';

/** What every line says. */
export interface ScriptLine {
  readonly time: string;
  readonly cpu: CpuId;
  readonly event: string;
  readonly pid: number;
  readonly lwp: LwpId;
  /** kthread_t address, hexadecimal. */
  readonly address: string;
  readonly class: string;
  readonly priority: number;
  /** What the event says beside that; as many as {@link FIELDS} says. */
  readonly more: readonly string[];
  readonly name: string;
  /** Where the time stands in the line. */
  readonly timeAt: number;
}

/** Events of the script, and how many fields each has between the priority and the name. */
const FIELDS: Readonly<Record<string, number>> = {
  begin: 1,
  'on-cpu': 0,
  'off-cpu': 6,
  enqueue: 2,
  dequeue: 1,
  preempt: 0,
  'remain-cpu': 0,
  sleep: 0,
  wakeup: 2,
  'change-pri': 1,
  tick: 0,
  surrender: 0,
  'schedctl-nopreempt': 1,
  'schedctl-preempt': 1,
  'schedctl-failsafe': 1,
  'schedctl-yield': 2,
  slot: 1,
  exit: 0,
};

/** Without `quiet`, dtrace puts the CPU, the probe's id and its name before the line. */
const LINE =
  /^(?:\s*\d{1,5}\s+\d{1,9}\s+\S{1,200}\s+)?S(\d{1,4}) (\d{1,19}) (\d{1,5}) ([a-z-]{1,24}) (-?\d{1,9}) (-?\d{1,9}) ([0-9a-f]{1,16}) (\S{1,16}) (-?\d{1,6})(?: (.*))?$/;
const VERSION = '1';

/** The line, or why it is none, as a sentence. */
export function parseLine(text: string): ScriptLine | string {
  const match = LINE.exec(text);
  if (match === null) return 'it is not a line of schedctl.d';
  if (match[1] !== VERSION)
    return `it is of version ${match[1]!} of the format, and only ${VERSION} is known`;
  const event = match[4]!;
  const count = FIELDS[event];
  if (count === undefined) return `its event ${event} is not one of schedctl.d`;
  const rest = (match[10] ?? '').split(' ');
  if (rest.length < count) return `its ${event} has too few fields`;
  return {
    time: match[2]!,
    cpu: Number(match[3]),
    event,
    pid: Number(match[5]),
    lwp: Number(match[6]),
    address: match[7]!,
    class: match[8]!,
    priority: Number(match[9]),
    more: rest.slice(0, count),
    name: rest.slice(count).join(' '),
    timeAt: text.indexOf(` ${match[2]!} `) + 1,
  };
}
