/**
 * Who ran where, from the sched_switch lines of a text alone: what an import must agree with. Knows nothing of the
 * importers: a line is a CPU, a stamp and a switch, and a run is from the line that shows a thread come in to the
 * CPU's next switch line, if the same thread leaves there.
 *
 * Reads ftrace (both layouts), trace-cmd report and perf script, with libtraceevent's plugins or without.
 */
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

export interface Run {
  readonly cpu: number;
  readonly tid: number;
  readonly startNs: number;
  readonly endNs: number;
}

export interface SwitchRuns {
  /** In order of their ends. */
  readonly runs: readonly Run[];
  readonly switches: number;
  /** Switch lines from another thread than the one that came in with the CPU's previous one. */
  readonly brokenChains: number;
  /** Switch lines that are in no form that is known here. */
  readonly unread: number;
}

const HEAD = String.raw`\[(\d{3,})\]\s+(?:\S+\s+)?(\d+)(?:\.(\d{1,9}))?:\s+`;
const LATENCY_HEAD = String.raw`-\d+\s+(\d+)\S*\s+(\d+)us[^:]?:\s+`;
const NAME = String.raw`(?:\d+\s+)?(?:sched:)?sched_switch:\s+(.*)$`;
const LINE = new RegExp(HEAD + NAME);
const LATENCY_LINE = new RegExp(LATENCY_HEAD + NAME);
const KEYS =
  /^prev_comm=(?:.*) prev_pid=(\d+) prev_prio=-?\d+ prev_state=\S+ (?:==> )?next_comm=(?:.*) next_pid=(\d+) next_prio=-?\d+/;
const SHORT = /^.*:(\d+) \[-?\d+\] \S+ ==> .*:(\d+) \[-?\d+\]/;
const LOST = /^CPU:(\d+) \[LOST |\[(\d{3,})\]\s+\d+\.\d+: PERF_RECORD_LOST/;

/** Nanoseconds of a stamp; a stamp without a dot counts units of its own. */
function nanoseconds(whole: string, fraction: string | undefined): bigint {
  return fraction === undefined ? BigInt(whole) : BigInt(whole + fraction.padEnd(9, '0'));
}

/** @param origin the stamp that is time 0, as the text writes it */
export function runsOfSwitchLines(text: string, origin: string): SwitchRuns {
  const [whole, fraction] = origin.split('.');
  const start = nanoseconds(whole!, fraction);
  const on = new Map<number, { tid: number; sinceNs: number }>();
  const runs: Run[] = [];
  const counts = { switches: 0, brokenChains: 0, unread: 0 };
  for (const line of text.split(/\r?\n/)) {
    const ordinary = LINE.exec(line);
    const match = ordinary ?? LATENCY_LINE.exec(line);
    if (match === null) {
      const lost = LOST.exec(line);
      if (lost !== null) on.delete(Number(lost[1] ?? lost[2]));
      continue;
    }
    const fields = KEYS.exec(match.at(-1)!) ?? SHORT.exec(match.at(-1)!);
    if (fields === null) {
      counts.unread++;
      continue;
    }
    counts.switches++;
    const cpu = Number(match[1]);
    const timeNs =
      ordinary === null
        ? Number(BigInt(match[2]!) - start) * 1000
        : Number(nanoseconds(match[2]!, match[3]) - start);
    const from = Number(fields[1]);
    const before = on.get(cpu);
    if (before !== undefined && before.tid !== from) counts.brokenChains++;
    else if (before !== undefined && from !== 0) {
      runs.push({ cpu, tid: from, startNs: before.sinceNs, endNs: timeNs });
    }
    on.set(cpu, { tid: Number(fields[2]), sinceNs: timeNs });
  }
  return { runs, ...counts };
}

/** The text of a file, plain or gzip; every byte one character. */
export async function textOf(path: string): Promise<string> {
  const bytes = await readFile(path);
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return (isPacked ? gunzipSync(bytes) : bytes).toString('latin1');
}
