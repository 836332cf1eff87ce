/** A slice in words: what, how long, why. For the tip and for screen readers. */
import { LANE_FLAG, type LaneColumns } from '#shared/api/contract.ts';
import { LANE_STATE, type LaneState } from '#shared/model/enums.ts';
import type { NameTable } from '#renderer/trace-data/decode/names.ts';
import { STATE_LOOKS } from '#renderer/trace-data/decode/states.ts';
import { formatDuration, formatTime } from '#renderer/trace-data/format-time.ts';
import type { LaneKind } from '#renderer/trace-data/lane-model.ts';

export interface SliceText {
  readonly title: string;
  /** Beside the title. */
  readonly aside: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** @param row a row of `columns`, of a lane of kind `kind` */
export function sliceText(kind: LaneKind, columns: LaneColumns, row: number, names: NameTable): SliceText {
  const state = columns.state[row]! as LaneState;
  const start = columns.startNs[row]!;
  const length = formatDuration(columns.endNs[row]! - start);
  const lwp = columns.lwp[row]!;
  const cpu = columns.cpu[row]!;
  const sync = columns.sync[row]!;
  const flags = columns.flags[row]!;
  const look = STATE_LOOKS[state] ?? STATE_LOOKS[LANE_STATE.unknown];
  const onCpu = state === LANE_STATE.running || state === LANE_STATE.spinning;
  const facts: [string, string][] = [];

  if (kind === 'lwp') {
    if (state === LANE_STATE.preempted && lwp >= 0) facts.push(['by', names.lwp(lwp)]);
    if (sync >= 0) facts.push([state === LANE_STATE.running ? 'lock' : 'for', names.sync(sync)]);
  } else {
    if (lwp >= 0)
      facts.push([
        kind === 'sync' ? 'holder' : names.words.one,
        `${names.lwp(lwp)}, ${names.lwpOrigin(lwp)}`,
      ]);
    if (kind === 'sync')
      facts.push(['holder is', cpu >= 0 && onCpu ? `${look.name} on ${names.cpu(cpu)}` : look.name]);
  }
  if ((flags & LANE_FLAG.holdsLock) !== 0) facts.push(['and', 'holds a lock']);
  if ((flags & LANE_FLAG.uncertain) !== 0) facts.push(['note', 'the source is not exact here']);
  if ((flags & LANE_FLAG.merged) !== 0)
    facts.push(['note', 'several short intervals; zoom in to tell them apart']);
  facts.push(['from', `${formatTime(start)} s`]);
  return {
    title: kind === 'sync' ? `Held ${length}` : `${capital(look.name)} ${length}`,
    aside: kind === 'lwp' && cpu >= 0 ? (onCpu ? names.cpu(cpu) : `last on ${names.cpu(cpu)}`) : '',
    facts,
  };
}
