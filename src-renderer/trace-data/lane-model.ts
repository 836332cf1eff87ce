/**
 * Which rows the timeline has: CPUs, locks, each process with its threads, then all processes of a single
 * thread under one heading. What the reader filtered,
 * hid, collapsed or pinned decides what is left; pinned rows stand first, in the order they were pinned.
 */
import type { LaneRef, LwpInfo, ProcessInfo, TraceSummary } from '#shared/api/contract.ts';

export type LaneKind = LaneRef['kind'];

/** A lane with data, or the heading of a group of lanes. */
export interface LaneRow {
  /** Unique among the rows: `lwp:7`, `group:process:2`; a pinned copy has `pin:` in front. */
  readonly key: string;
  readonly kind: LaneKind | 'group';
  /** CPU, LWP or sync ordinal; for a group the number of lanes under it. */
  readonly id: number;
  readonly name: string;
  /** What fits where the name does not; empty where there is nothing shorter. */
  readonly shortName: string;
  /** Small print: LWP number, how many lanes. */
  readonly detail: string;
  /** The group that the lane belongs to; a group's own key for a group. */
  readonly group: string;
  readonly pinned: boolean;
}

/** The parts of a trace summary that make lanes. */
export type LaneSource = Pick<TraceSummary, 'cpus' | 'processes' | 'lwps' | 'syncs'>;

export interface LanePreferences {
  /** Words that must all occur in a lane's name, process or kind. */
  readonly filter: string;
  readonly hidden: ReadonlySet<string>;
  readonly collapsed: ReadonlySet<string>;
  /** Lane keys in the order in which they were pinned. */
  readonly pinned: readonly string[];
}

export const laneKey = (kind: LaneKind, id: number): string => `${kind}:${id}`;
export const CPU_GROUP = 'group:cpus';
export const SYNC_GROUP = 'group:locks';
/** Processes of one thread each need no heading of their own: it would say the same again. */
export const SINGLE_GROUP = 'group:single';
export const processGroup = (process: number): string => `group:process:${process}`;

/** The lane that a key names, or null for a group's. */
export function laneOfKey(key: string): LaneRef | null {
  const match = /^(?:pin:)?(cpu|lwp|sync):(\d+)$/.exec(key);
  return match === null ? null : { kind: match[1] as LaneKind, id: Number(match[2]) };
}

/**
 * What is left of a name in little room: `backend 07` is `b07`, `worker-12` is `w12`. Empty where nothing
 * shorter tells the thread from its neighbours.
 */
export function shortNameOf(name: string): string {
  const plain = name.replace(/ · .*$/, '');
  const match = /^(\p{L})[^\d]*?[\s_/:-]?(\d+)$/u.exec(plain);
  if (match !== null) return match[1]! + match[2]!;
  return plain.length < name.length ? plain : '';
}

/** Process heading: `postgres 1412`. */
export function processTitle(process: ProcessInfo): string {
  return process.pid > 0 ? `${process.name} ${process.pid}` : process.name;
}

/** An LWP's name, made up from its number where the source has none. */
export function lwpTitle(lwp: LwpInfo): string {
  return lwp.name === '' ? `LWP ${lwp.lwpNumber}` : lwp.name;
}

/** The rows in display order. Groups that are left without lanes are left out. */
export function buildRows(source: LaneSource, preferences: LanePreferences): LaneRow[] {
  const words = preferences.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const lanes = new Map<string, LaneRow>();
  const groups: { heading: LaneRow; lanes: LaneRow[] }[] = [];

  const addGroup = (key: string, name: string, noun: string, members: readonly LaneRow[]): void => {
    const shown: LaneRow[] = [];
    for (const lane of members) {
      lanes.set(lane.key, lane);
      if (preferences.hidden.has(lane.key)) continue;
      if (matches(words, `${lane.name} ${lane.detail} ${name} ${lane.kind}`)) shown.push(lane);
    }
    if (shown.length === 0) return;
    const detail =
      shown.length < members.length
        ? `${shown.length} of ${members.length} ${noun}`
        : `${shown.length} ${noun}`;
    groups.push({
      heading: {
        key,
        kind: 'group',
        id: shown.length,
        name,
        shortName: '',
        detail,
        group: key,
        pinned: false,
      },
      lanes: shown,
    });
  };

  addGroup(
    CPU_GROUP,
    'CPUs',
    source.cpus.length === 1 ? 'CPU' : 'CPUs',
    source.cpus.map((cpu) => row('cpu', cpu.id, cpu.name === '' ? `CPU ${cpu.id}` : cpu.name, '', CPU_GROUP)),
  );
  addGroup(
    SYNC_GROUP,
    'Locks',
    source.syncs.length === 1 ? 'lock' : 'locks',
    source.syncs.map((sync) => row('sync', sync.id, sync.name, '', SYNC_GROUP)),
  );
  const byProcess = new Map<number, LwpInfo[]>();
  for (const lwp of source.lwps) {
    const members = byProcess.get(lwp.process);
    if (members === undefined) byProcess.set(lwp.process, [lwp]);
    else members.push(lwp);
  }
  const singles: LaneRow[] = [];
  for (const process of source.processes) {
    const members = byProcess.get(process.id);
    if (members === undefined) continue;
    if (members.length === 1) {
      const lwp = members[0]!;
      const title = processTitle(process);
      const name = lwp.name === '' || lwp.name === process.name ? title : `${lwp.name} · ${title}`;
      singles.push(row('lwp', lwp.id, name, `LWP ${lwp.lwpNumber}`, SINGLE_GROUP));
      continue;
    }
    const key = processGroup(process.id);
    addGroup(
      key,
      processTitle(process),
      'threads',
      members.map((lwp) => row('lwp', lwp.id, lwpTitle(lwp), `LWP ${lwp.lwpNumber}`, key)),
    );
  }
  addGroup(SINGLE_GROUP, 'Other processes', singles.length === 1 ? 'thread' : 'threads', singles);

  const rows: LaneRow[] = [];
  for (const key of preferences.pinned) {
    const lane = lanes.get(key);
    if (lane !== undefined) rows.push({ ...lane, key: `pin:${key}`, pinned: true });
  }
  for (const { heading, lanes: members } of groups) {
    rows.push(heading);
    // A filter shows what it found even where the group was folded away.
    if (words.length === 0 && preferences.collapsed.has(heading.key)) continue;
    rows.push(...members);
  }
  return rows;
}

function row(kind: LaneKind, id: number, name: string, detail: string, group: string): LaneRow {
  return {
    key: laneKey(kind, id),
    kind,
    id,
    name,
    shortName: shortNameOf(name),
    detail,
    group,
    pinned: false,
  };
}

function matches(words: readonly string[], text: string): boolean {
  if (words.length === 0) return true;
  const low = text.toLowerCase();
  return words.every((word) => low.includes(word));
}
