/**
 * A log for contributors: `WORKBENCH_DEBUG=recorder,store` (or `*`) prints what these rooms do, one line an
 * operation, on stderr. It is Node's `util.debuglog` with a variable of its own, so that Node's own rooms stay quiet,
 * and with lines that come in order from all threads.
 *
 *     0.482 recorder  begins  path="/tmp/run.sctrace" producer="scenario"
 */
import { writeSync } from 'node:fs';
import { threadId } from 'node:worker_threads';
import { terminalText } from '#main/bootstrap/terminal-text.mjs';

export const DEBUG_ROOMS = ['recorder', 'store', 'importers', 'service', 'hosts'] as const;
export type DebugRoom = (typeof DEBUG_ROOMS)[number];

/** Variable that lists the rooms. */
const DEBUG_VARIABLE = 'WORKBENCH_DEBUG';

export type DebugFacts = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Prints a line where its room is listed. An operation, not an event of a trace, is worth one.
 *
 * @param what happened, in a word or two
 * @param facts made only where they are printed
 */
export type DebugLog = (what: string, facts?: () => DebugFacts) => void;

const STDERR = 2;
const quiet: DebugLog = () => undefined;

/** Which rooms a value of the variable lists; names that are no rooms list nothing. */
export function listedRooms(value: string | undefined): ReadonlySet<DebugRoom> {
  const names = (value ?? '').split(',').map((name) => name.trim());
  return new Set(DEBUG_ROOMS.filter((room) => names.includes(room) || names.includes('*')));
}

/** The line of an operation: nothing in it acts on a terminal, whatever a trace or a file is called. */
export function debugLine(room: DebugRoom, what: string, facts: DebugFacts, atMs: number): string {
  const told = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? JSON.stringify(value) : String(value)}`);
  const thread = threadId === 0 ? '' : ` [thread ${threadId}]`;
  return terminalText(`${(atMs / 1000).toFixed(3)} ${room.padEnd(9)} ${what}${thread}${told.join('')}`);
}

/** The log of a room, to be made once for each file: quiet, it costs a call. */
export function debugLog(room: DebugRoom, variable = process.env[DEBUG_VARIABLE]): DebugLog {
  if (!listedRooms(variable).has(room)) return quiet;
  return (what, facts) => {
    const line = debugLine(room, what, facts?.() ?? {}, process.uptime() * 1000);
    try {
      // At once, and by the system: a thread's own stderr waits for the main thread.
      writeSync(STDERR, `${line}\n`);
    } catch {
      // Its reader is gone.
    }
  };
}
