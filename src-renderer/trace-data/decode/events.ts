/** Rows of the event table in words. */
import type { CauseId, LwpId } from '#shared/base/brands.ts';
import { CAUSE, CAUSE_NAMES, CAUSE_SPECS, type CauseSide } from '#shared/model/causes.ts';
import { KIND, KIND_SPECS } from '#shared/model/kinds.ts';
import { decisionName, isTimeleftKnown } from './decisions.ts';
import type { EventRow } from './event-row.ts';
import type { NameTable } from './names.ts';
import { sliceTimerOf, sliceTimerText } from './slice-extension.ts';
import { formatField } from './values.ts';

export interface EventText {
  /** The field's kernel name, or what happened. */
  readonly what: string;
  /** What the field belongs to where that is not the row's LWP or CPU; '' else. */
  readonly subject: string;
  readonly cause: string;
  readonly by: CauseSide;
  /** `3 → 2`, or what a note says. */
  readonly change: string;
}

export function describeEvent(row: EventRow, names: NameTable): EventText {
  const spec = KIND_SPECS[row.kind];
  const what = names.field(row.kind, row.object);
  const base = {
    what,
    subject: subjectOf(row, names),
    cause: CAUSE_NAMES[row.cause] ?? `cause ${row.cause}`,
    by: CAUSE_SPECS[row.cause]?.by ?? ('machine' as const),
  };
  if (spec?.note) return { ...base, ...noteText(row, names) };
  const from = formatField(row.kind, row.oldValue, names);
  const to = formatField(row.kind, row.newValue, names);
  return { ...base, change: `${from} → ${to}` };
}

function subjectOf(row: EventRow, names: NameTable): string {
  switch (KIND_SPECS[row.kind]?.subject) {
    case 'slot':
      return names.slot(row.object);
    case 'page':
      return names.page(row.object);
    case 'process':
      return names.process(row.object);
    case 'sync':
      return names.sync(row.object);
    default:
      return '';
  }
}

function noteText(row: EventRow, names: NameTable): Pick<EventText, 'what' | 'change'> {
  switch (row.kind) {
    case KIND.decision:
      return {
        what: decisionName(row.object, row.cause),
        change: isTimeleftKnown(row.cause, row.oldValue) ? `timeleft ${row.oldValue}` : '',
      };
    case KIND.slice_timer:
      return { what: 'extension timer', change: sliceTimerText(sliceTimerOf(row), names) };
    case KIND.slice_syscall:
      return { what: 'system call', change: names.syscall(row.object) };
    case KIND.events_lost:
      return { what: 'events lost', change: row.newValue < 0 ? 'number unknown' : String(row.newValue) };
    case KIND.chain_broken:
      return {
        what: 'switch missing',
        change: `expected ${lwpOrIdle(row.oldValue, names)}, found ${lwpOrIdle(row.newValue, names)}`,
      };
    case KIND.cpu_event_refused:
      return { what: 'refused', change: refusal(row) };
    default:
      return { what: 'mark', change: String(row.object) };
  }
}

/** sys/errno.h */
const EBUSY = 16;
const EINVAL = 22;

/** Why psradm or psrset was refused. */
function refusal({ cause, newValue, object }: EventRow): string {
  const set = object < 0 ? '' : object === 0 ? 'default set: ' : `set ${object}: `;
  const ofThread = cause === CAUSE.cpupart_move_thread;
  switch (newValue) {
    case EBUSY:
      return ofThread
        ? `${set}EBUSY, the thread is bound to a CPU of another set`
        : `${set}EBUSY, the last CPU of its set, or threads are bound to it`;
    case EINVAL:
      return ofThread ? `${set}EINVAL, the set has no CPU` : `${set}EINVAL, the CPU is offline`;
    default:
      return `${set}error ${newValue}`;
  }
}

const lwpOrIdle = (lwp: LwpId, names: NameTable): string => (lwp < 0 ? 'idle' : names.lwp(lwp));

/** Function and side, to stand after "by": "ts_preempt, kernel". */
export function writtenBy(cause: CauseId): string {
  const name = CAUSE_NAMES[cause] ?? `cause ${cause}`;
  switch (CAUSE_SPECS[cause]?.by) {
    case 'kernel':
      return `${name}, kernel`;
    case 'user':
      return `${name}, user code`;
    case 'import':
      return `${name}, in the source`;
    default:
      return `${name}, machine`;
  }
}
