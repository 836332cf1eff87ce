/** What states, classes and kinds are called in front of people. Tables by the numbers of enums.ts. */
import { CID, LANE_STATE, nameOf, OFF_CPU_REASON, WINDOW_END, type LaneState } from '#shared/model/enums.ts';

export interface StateLook {
  readonly name: string;
  /** Token of its colour, without the leading dashes. */
  readonly token: string;
}

export const STATE_LOOKS: Readonly<Record<LaneState, StateLook>> = {
  [LANE_STATE.unknown]: { name: 'unknown', token: 'hatch' },
  [LANE_STATE.running]: { name: 'running', token: 'st-run' },
  [LANE_STATE.spinning]: { name: 'spinning', token: 'st-spin' },
  [LANE_STATE.runnable]: { name: 'runnable', token: 'st-rq' },
  [LANE_STATE.preempted]: { name: 'preempted', token: 'st-pre' },
  [LANE_STATE.sleeping]: { name: 'sleeping', token: 'st-sleep' },
  [LANE_STATE.blocked]: { name: 'blocked', token: 'st-sleep' },
  [LANE_STATE.parked]: { name: 'parked', token: 'st-park' },
  [LANE_STATE.stopped]: { name: 'stopped', token: 'st-stop' },
  [LANE_STATE.exited]: { name: 'exited', token: 'st-sleep' },
};

/** Why an LWP is off its CPU, to stand after its state; '' where the state says it all. */
export const REASON_TEXT: Readonly<Record<number, string>> = {
  [OFF_CPU_REASON.none]: '',
  [OFF_CPU_REASON.woken]: 'woken up',
  [OFF_CPU_REASON.preempted]: 'lost its CPU',
  [OFF_CPU_REASON.yielded]: 'yielded',
  [OFF_CPU_REASON.created]: 'for the first time',
  [OFF_CPU_REASON.timer]: 'until a time',
  [OFF_CPU_REASON.park]: 'in lwp_park',
  [OFF_CPU_REASON.lock]: 'on a lock',
  [OFF_CPU_REASON.condition]: 'for a condition',
  [OFF_CPU_REASON.io]: 'for a device or another process',
  [OFF_CPU_REASON.uninterruptible]: 'uninterruptible',
  [OFF_CPU_REASON.stopped]: '',
  [OFF_CPU_REASON.exited]: '',
  [OFF_CPU_REASON.unknown]: 'the source does not say why',
};

const CLASS_TITLES: Readonly<Record<number, string>> = {
  [CID.SYS]: 'System class',
  [CID.TS]: 'Time-sharing class',
  [CID.IA]: 'Interactive class',
  [CID.FX]: 'Fixed-priority class',
  [CID.FSS]: 'Fair-share class',
  [CID.RT]: 'Real-time class',
};

export const classTitle = (cid: number): string => CLASS_TITLES[cid] ?? `class ${cid}`;
export const className = (cid: number): string => nameOf(CID, cid);

/** How a nopreempt window ended. */
const WINDOW_END_TEXT: Readonly<Record<number, string>> = {
  [WINDOW_END.open]: 'still set',
  [WINDOW_END.unused]: 'never needed',
  [WINDOW_END.honoured]: 'deferred and answered by a yield',
  [WINDOW_END.overrun]: 'deferred, cleared without the yield',
  [WINDOW_END.forced]: 'revoked by the kernel',
  [WINDOW_END.abandoned]: 'left behind by an exit',
  [WINDOW_END.aborted]: 'deferred, ended by another system call',
  [WINDOW_END.endedByCall]: 'deferred, ended by a system call',
};

/** How a nopreempt window ended, where there is little room. */
const WINDOW_END_BRIEF: Readonly<Record<number, string>> = {
  [WINDOW_END.open]: 'still set',
  [WINDOW_END.unused]: 'never needed',
  [WINDOW_END.honoured]: 'yielded',
  [WINDOW_END.overrun]: 'no yield',
  [WINDOW_END.forced]: 'revoked',
  [WINDOW_END.abandoned]: 'left behind',
  [WINDOW_END.aborted]: 'another call',
  [WINDOW_END.endedByCall]: 'by a call',
};

/** The same of time slice extensions of Linux, in full and brief; what is not here is as above. */
const EXTENSION_END: Readonly<Record<number, readonly [text: string, brief: string]>> = {
  [WINDOW_END.open]: ['its end is not known', 'no end known'],
  [WINDOW_END.honoured]: ['yielded', 'yielded'],
  [WINDOW_END.forced]: ['expired or revoked', 'taken back'],
  [WINDOW_END.aborted]: ['ended by another system call', 'another call'],
  [WINDOW_END.endedByCall]: ['ended by a system call', 'by a call'],
};

/** What a window is called, as a system calls it. */
export const windowName = (isLinux: boolean): string => (isLinux ? 'extension' : 'nopreempt');

export const windowEndText = (end: number, isLinux: boolean): string =>
  (isLinux ? EXTENSION_END[end]?.[0] : undefined) ?? WINDOW_END_TEXT[end] ?? '';

export const windowEndBrief = (end: number, isLinux: boolean): string =>
  (isLinux ? EXTENSION_END[end]?.[1] : undefined) ?? WINDOW_END_BRIEF[end] ?? '';
