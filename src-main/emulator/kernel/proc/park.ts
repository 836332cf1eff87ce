/**
 * lwp_park() and lwp_unpark(): how libc puts a thread to sleep and wakes it (lwp_create.c).
 *
 * User code says first, by SC_PARK_FLG, that it means to park. If the flag is gone when the kernel looks (a
 * signal handler ran in between and cleared it), the call returns at once: a spurious wake-up, which the
 * caller must expect, instead of a sleep that never ends. An unpark that comes before the park is
 * remembered in t_unpark.
 *
 * As in cv-wait-sig.ts the call is split around the switch: {@link lwp_park}, and, after each `switch` or
 * `stop`, {@link lwp_park_resume}, until the step is `done`.
 */
import { CAUSE } from '#shared/model/causes.ts';
import { TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { EINTR, ESRCH, ETIME } from '../../errno.ts';
import { curproc } from '../context/kernel-context.ts';
import { schedctl_is_park, schedctl_unpark } from '../schedctl/schedctl.ts';
import { cv_wait_sig_begin, cv_wait_sig_end, CV_WAIT } from './cv-wait-sig.ts';
import type { SignalContext } from './signal-context.ts';

export type ParkStep =
  /** The call returns: 0, EINTR (signal, cancellation, flag gone) or ETIME. */
  | { readonly step: 'done'; readonly error: number }
  /** The thread is on its sleep queue, or already runnable again: the engine switches away from it. */
  | { readonly step: 'switch' }
  /** The process stops by this signal: the engine stops the thread, and resumes the call once it is continued. */
  | { readonly step: 'stop'; readonly signal: number };

// Made once: parking is frequent.
const SWITCH: ParkStep = { step: 'switch' };
const UNPARKED: ParkStep = { step: 'done', error: 0 };
const INTERRUPTED: ParkStep = { step: 'done', error: EINTR };
const TIMED_OUT: ParkStep = { step: 'done', error: ETIME };

/**
 * The current thread parks.
 *
 * @param block puts the current thread to sleep, wakeable (cv_block_sig)
 */
export function lwp_park(c: SignalContext, block: () => void): ParkStep {
  const { machine } = c.k;
  const t = machine.curthread;
  if (!schedctl_is_park(c.k)) return finish(c, t, INTERRUPTED);
  if (machine.get(KIND.t_unpark, t) !== 0) return finish(c, t, UNPARKED);
  return sleep(c, t, block);
}

/**
 * The parked thread runs again.
 *
 * @param timedOut it was the time that woke it
 */
export function lwp_park_resume(c: SignalContext, block: () => void, timedOut: boolean): ParkStep {
  const { machine } = c.k;
  const t = machine.curthread;
  c.signals.setParked(t, false);
  const result = cv_wait_sig_end(c, timedOut);
  if (result < CV_WAIT.timedOut) return { step: 'stop', signal: -result - 1 };
  if (result === CV_WAIT.interrupted) return finish(c, t, INTERRUPTED);
  if (result === CV_WAIT.timedOut) return finish(c, t, TIMED_OUT);
  if (machine.get(KIND.t_unpark, t) !== 0) return finish(c, t, UNPARKED);
  // Woken for nothing (the original waits in a loop): back to sleep.
  return sleep(c, t, block);
}

/** Wakes a parked LWP of the current process, or the next park of one that is not parked. ESRCH for another's. */
export function lwp_unpark(c: SignalContext, t: number): number {
  const { machine, procs } = c.k;
  if (machine.state.read(KIND.lwp_alive, t) === 0 || procs.ttoproc(t) !== curproc(c.k)) return ESRCH;
  machine.set(KIND.t_unpark, t, 1, CAUSE.lwp_unpark);
  if (c.signals.isParked(t) && machine.get(KIND.t_state, t) === TS.SLEEP) c.services.wakeup(t);
  return 0;
}

function sleep(c: SignalContext, t: number, block: () => void): ParkStep {
  c.signals.setParked(t, true);
  cv_wait_sig_begin(c, block);
  return SWITCH;
}

function finish(c: SignalContext, t: number, step: ParkStep): ParkStep {
  c.k.machine.set(KIND.t_unpark, t, 0, CAUSE.lwp_park);
  schedctl_unpark(c.k);
  return step;
}
