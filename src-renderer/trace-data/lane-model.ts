/**
 * Which rows the timeline has: CPUs, locks, each process with its threads, then all processes of a single
 * thread under one heading. What the reader filtered,
 * hid, collapsed or pinned decides what is left; pinned rows stand first, in the order they were pinned.
 */
import type { ProcessId } from '#shared/base/brands.ts';
import type { LaneRef, LwpInfo, ProcessInfo, TraceSummary } from '#shared/api/contract.ts';
import { threadWords } from '#shared/model/thread-words.ts';

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
  /** Small print: a thread's number, how many lanes. */
  readonly detail: string;
  /** The group that the lane belongs to; a group's own key for a group. */
  readonly group: string;
  readonly pinned: boolean;
}

/** The parts of a trace summary that make lanes. */
export type LaneSource = Pick<TraceSummary, 'source' | 'cpus' | 'processes' | 'lwps' | 'syncs'>;

export interface LanePreferences {
  /** Words that must all occur in a lane's name, process or kind. */
  readonly filter: string;
  readonly hidden: ReadonlySet<string>;
  readonly collapsed: ReadonlySet<string>;
  /** Order that the reader gave to the lanes of a group, by group key; a group that is not in it keeps the trace's. */
  readonly order?: ReadonlyMap<string, readonly string[]>;
  /**
   * Lanes that go first in their group, in this order, unless the reader ordered it: those linked with what is
   * selected.
   */
  readonly linked?: ReadonlySet<string>;
  /** Lane keys in the order in which they were pinned. */
  readonly pinned: readonly string[];
}

export const laneKey = (kind: LaneKind, id: number): string => `${kind}:${id}`;
const CPU_GROUP = 'group:cpus';
export const SYNC_GROUP = 'group:locks';
/** Processes of one thread each need no heading of their own: it would say the same again. */
const SINGLE_GROUP = 'group:single';
const processGroup = (process: ProcessId): string => `group:process:${process}`;

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
function processTitle(process: ProcessInfo): string {
  return process.pid > 0 ? `${process.name} ${process.pid}` : process.name;
}

/** A heading and all lanes under it, in the trace's order. */
export interface LaneGroup {
  readonly key: string;
  readonly name: string;
  /** What its lanes are called: `threads`, `LWPs`, `CPUs`. */
  readonly noun: string;
  readonly lanes: readonly LaneRow[];
}

/** All lanes that a trace has, by group, in display order. */
export function laneGroups(source: LaneSource): LaneGroup[] {
  const words = threadWords(source.source);
  const numberOf = (lwp: LwpInfo): string => `${words.number} ${lwp.lwpNumber}`;
  const groups: LaneGroup[] = [
    {
      key: CPU_GROUP,
      name: 'CPUs',
      noun: source.cpus.length === 1 ? 'CPU' : 'CPUs',
      lanes: source.cpus.map((cpu) =>
        row('cpu', cpu.id, cpu.name === '' ? `CPU ${cpu.id}` : cpu.name, '', CPU_GROUP),
      ),
    },
    {
      key: SYNC_GROUP,
      name: 'Locks',
      noun: source.syncs.length === 1 ? 'lock' : 'locks',
      lanes: source.syncs.map((sync) => row('sync', sync.id, sync.name, '', SYNC_GROUP)),
    },
  ];
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
      singles.push(row('lwp', lwp.id, name, numberOf(lwp), SINGLE_GROUP));
      continue;
    }
    const key = processGroup(process.id);
    groups.push({
      key,
      name: processTitle(process),
      noun: words.many,
      lanes: members.map((lwp) => row('lwp', lwp.id, lwp.name || numberOf(lwp), numberOf(lwp), key)),
    });
  }
  const noun = singles.length === 1 ? words.one : words.many;
  groups.push({ key: SINGLE_GROUP, name: 'Other processes', noun, lanes: singles });
  return groups;
}

/** The rows in display order. Groups that are left without lanes are left out. */
export function buildRows(groups: readonly LaneGroup[], preferences: LanePreferences): LaneRow[] {
  const words = preferences.filter.toLowerCase().split(/\s+/).filter(Boolean);
  const rows: LaneRow[] = [];
  if (preferences.pinned.length > 0) {
    const byKey = new Map(groups.flatMap(({ lanes }) => lanes.map((lane) => [lane.key, lane])));
    for (const key of preferences.pinned) {
      const lane = byKey.get(key);
      if (lane !== undefined) rows.push({ ...lane, key: `pin:${key}`, pinned: true });
    }
  }
  for (const group of groups) {
    const { lanes, linkedFirst } = ordered(group, preferences);
    const shown = lanes.filter(
      (lane) =>
        !preferences.hidden.has(lane.key) &&
        matches(words, `${lane.name} ${lane.detail} ${group.name} ${lane.kind}`),
    );
    if (shown.length === 0) continue;
    rows.push(headingOf(group, shown.length, linkedFirst));
    // A filter shows what it found even where the group was folded away.
    if (words.length === 0 && preferences.collapsed.has(group.key)) continue;
    rows.push(...shown);
  }
  return rows;
}

function headingOf({ key, name, noun, lanes }: LaneGroup, shown: number, linkedFirst: boolean): LaneRow {
  const shownOf = shown < lanes.length ? `${shown} of ${lanes.length}` : String(shown);
  return {
    key,
    kind: 'group',
    id: shown,
    name,
    shortName: '',
    // The noun gives way: the group's own name needs the room.
    detail: linkedFirst ? `${shownOf}, related first` : `${shownOf} ${noun}`,
    group: key,
    pinned: false,
  };
}

function ordered(
  group: LaneGroup,
  { order, linked }: LanePreferences,
): { lanes: readonly LaneRow[]; linkedFirst: boolean } {
  const wanted = order?.get(group.key);
  if (wanted !== undefined) {
    const rank = new Map(wanted.map((key, index) => [key, index]));
    const rankOf = (lane: LaneRow): number => rank.get(lane.key) ?? wanted.length;
    return { lanes: [...group.lanes].sort((a, b) => rankOf(a) - rankOf(b)), linkedFirst: false };
  }
  if (linked === undefined || linked.size === 0) return { lanes: group.lanes, linkedFirst: false };
  const byKey = new Map(group.lanes.map((lane) => [lane.key, lane]));
  const first = [...linked].flatMap((key) => byKey.get(key) ?? []);
  // Where there is nothing else, none is first.
  if (first.length === 0 || group.lanes.length === 1) return { lanes: group.lanes, linkedFirst: false };
  return { lanes: [...first, ...group.lanes.filter(({ key }) => !linked.has(key))], linkedFirst: true };
}

/** `keys` with `key` moved by so many places; the same list where it cannot go there. */
export function moveKey(keys: readonly string[], key: string, places: number): readonly string[] {
  const from = keys.indexOf(key);
  const to = Math.min(keys.length - 1, Math.max(0, from + places));
  if (from < 0 || to === from) return keys;
  const moved = keys.filter((other) => other !== key);
  moved.splice(to, 0, key);
  return moved;
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
