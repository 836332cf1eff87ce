/**
 * Lines of system calls, as the events of syscalls and of raw_syscalls print them:
 *
 *     sys_getpid()   sys_getpid -> 0x51                  ftrace
 *     sys_enter_getpid:   sys_exit_getpid: 0x51          trace-cmd report, perf script
 *     sys_enter: NR 39 (0, 0, ...)   sys_exit: NR 39 = 81
 */

export interface SystemCall {
  /** False where the thread comes back from it. */
  readonly enters: boolean;
  /** `getpid`, or `number 39` where the line tells the number. */
  readonly name: string;
  /** What it returned; NaN where it enters or does not say. */
  readonly returned: number;
  /** Whether the line is of raw_syscalls, which records every call. */
  readonly isRaw: boolean;
}

export const YIELD_CALL = 'rseq_slice_yield';
/** Its number: 471 in the common table, moved by where the tables of Alpha and MIPS begin. */
const YIELD_NUMBERS: ReadonlySet<number> = new Set([471, 581, 4471, 5471, 6471]);

const NUMBER = /^NR (\d{1,10})(?: = (-?\d{1,20}))?/;
const RETURNED = /^(?:-> )?(0x[0-9a-f]{1,16}|-?\d{1,19})\s*$/;
const OPEN_PARENTHESIS = 0x28;
const COLON = 0x3a;

/**
 * @param name of the event
 * @param next the byte behind it
 * @param readText what stands behind the name, without the first byte and spaces
 * @returns null for a line that is of no system call
 */
export function readSystemCall(name: string, next: number, readText: () => string): SystemCall | null {
  if (!name.startsWith('sys_')) return null;
  if (next === COLON && (name === 'sys_enter' || name === 'sys_exit')) {
    const match = NUMBER.exec(readText());
    if (match === null) return null;
    const number = Number(match[1]);
    return {
      enters: name === 'sys_enter',
      name: YIELD_NUMBERS.has(number) ? YIELD_CALL : `number ${number}`,
      returned: Number(match[2] ?? NaN),
      isRaw: true,
    };
  }
  if (next === OPEN_PARENTHESIS) return entered(name.slice('sys_'.length));
  if (name.startsWith('sys_enter_')) return entered(name.slice('sys_enter_'.length));
  const call = name.startsWith('sys_exit_') ? name.slice('sys_exit_'.length) : name.slice('sys_'.length);
  return {
    enters: false,
    name: call,
    returned: Number(RETURNED.exec(readText())?.[1] ?? NaN),
    isRaw: false,
  };
}

const entered = (name: string): SystemCall => ({ enters: true, name, returned: NaN, isRaw: false });
