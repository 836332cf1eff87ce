import { describe, expect, it } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { SC_FLGS, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { cv_wait_sig_begin, cv_wait_sig_end, CV_WAIT } from './cv-wait-sig.ts';
import { SIG_IGN, sigHandler } from './signal-context.ts';
import { signalFixture, type SignalFixture } from './signal-fixture.ts';
import { issig_forreal, issig_justlooking, psig, setcontext } from './signal.ts';
import {
  lwp_sigmask,
  prhold,
  replaceMask,
  restoreMask,
  sigtimedwait_begin,
  sigtimedwait_end,
} from './sigmask.ts';
import { sigtoproc } from './sigpost.ts';
import { EMPTYSET, inSet, SIGCONT, SIGKILL, sigread, sigset, SIGSTOP, SIGTSTP } from '../context/sigset.ts';

const SIGINT = 2;
const SIGUSR1 = 16;
const SIGUSR2 = 17;
const ALL_MASKABLE = [0xffbffeff | 0, -1, 0x7ff];

const hold = (f: SignalFixture, t = 0): readonly number[] => sigread(f.k.machine, KIND.t_hold0, t);
const pending = (f: SignalFixture, t = 0): readonly number[] => sigread(f.k.machine, KIND.t_sig0, t);
const sigblock = (f: SignalFixture): number =>
  f.k.machine.get(KIND.sc_sigblock, f.k.machine.get(KIND.t_schedctl, f.k.machine.curthread));

describe('sending a signal', () => {
  it('calls a running thread into the kernel and wakes a sleeping one', () => {
    const f = signalFixture(3);
    f.c.signals.setAction(0, SIGUSR1, sigHandler());
    sigtoproc(f.c, 0, 1, SIGUSR1);
    expect(f.called).toEqual([1]);
    f.run(2);
    cv_wait_sig_begin(f.c, f.block);
    expect(f.state(2)).toBe(TS.SLEEP);
    f.run(0);
    sigtoproc(f.c, 0, 2, SIGUSR1);
    expect(f.state(2)).toBe(TS.RUN);
  });

  it('leaves a thread alone that sleeps where no signal may wake it', () => {
    const f = signalFixture(2);
    f.run(1);
    f.block();
    f.run(0);
    sigtoproc(f.c, 0, 1, SIGUSR1);
    expect(f.state(1)).toBe(TS.SLEEP);
    expect(inSet(sigread(f.k.machine, KIND.t_sig0, 1), SIGUSR1)).toBe(true);
  });

  it('gives a signal for the process to the first thread that does not block it, in either way', () => {
    const f = signalFixture(3);
    lwp_sigmask(f.c, 'SIG_BLOCK', sigset(SIGUSR1));
    f.run(1);
    f.store(KIND.sc_sigblock, 1);
    f.run(0);
    sigtoproc(f.c, 0, null, SIGUSR1);
    expect(f.called).toEqual([2]);
    expect(f.k.machine.get(KIND.t_sig_check, 1)).toBe(0);
    f.run(2);
    expect(issig_forreal(f.c)).toBe(SIGUSR1);
    expect(sigread(f.k.machine, KIND.p_sig0, 0)).toEqual(EMPTYSET);
  });

  it('throws an ignored signal away, unless a thread blocks it and may change its mind', () => {
    const f = signalFixture(1);
    f.c.signals.setAction(0, SIGINT, SIG_IGN);
    sigtoproc(f.c, 0, 0, SIGINT);
    expect(pending(f)).toEqual(EMPTYSET);
    lwp_sigmask(f.c, 'SIG_BLOCK', sigset(SIGINT));
    sigtoproc(f.c, 0, 0, SIGINT);
    expect(pending(f)).toEqual(sigset(SIGINT));
    lwp_sigmask(f.c, 'SIG_UNBLOCK', sigset(SIGINT));
    expect(issig_forreal(f.c)).toBe(0);
    expect(pending(f)).toEqual(EMPTYSET);
  });
});

describe('sc_sigblock', () => {
  it('holds a signal back while the kernel just looks, and becomes the mask when it looks in earnest', () => {
    const f = signalFixture(1);
    f.store(KIND.sc_sigblock, 1);
    sigtoproc(f.c, 0, 0, SIGUSR1);
    expect(issig_justlooking(f.c)).toBe(false);
    expect(hold(f)).toEqual(EMPTYSET);
    expect(sigblock(f)).toBe(1);
    expect(issig_forreal(f.c)).toBe(0);
    expect(hold(f)).toEqual(ALL_MASKABLE);
    expect(sigblock(f)).toBe(0);
  });

  it('does not hold back SIGKILL', () => {
    const f = signalFixture(1);
    f.store(KIND.sc_sigblock, 1);
    sigtoproc(f.c, 0, 0, SIGKILL);
    expect(issig_justlooking(f.c)).toBe(true);
    expect(issig_forreal(f.c)).toBe(SIGKILL);
    expect(psig(f.c)).toEqual({ kind: 'exit', signal: SIGKILL });
  });

  it.each<[string, (f: SignalFixture) => void, readonly number[]]>([
    ['lwp_sigmask', (f) => void lwp_sigmask(f.c, 'SIG_SETMASK', EMPTYSET), EMPTYSET],
    ['lwp_sigmask that adds', (f) => void lwp_sigmask(f.c, 'SIG_BLOCK', sigset(SIGINT)), ALL_MASKABLE],
    ['sigsuspend', (f) => replaceMask(f.c, sigset(SIGINT), CAUSE.sigsuspend), sigset(SIGINT)],
    ['setcontext', (f) => setcontext(f.c, sigset(SIGUSR2)), sigset(SIGUSR2)],
    ['/proc', (f) => prhold(f.c, 0, sigset(SIGUSR2)), sigset(SIGUSR2)],
  ])('is finished by %s before the mask changes', (_, change, expected) => {
    const f = signalFixture(1);
    f.store(KIND.sc_sigblock, 1);
    change(f);
    expect(sigblock(f)).toBe(0);
    expect(hold(f)).toEqual(expected);
  });

  it('is finished by /proc for another thread, too', () => {
    const f = signalFixture(2);
    f.store(KIND.sc_sigblock, 1);
    f.run(1);
    prhold(f.c, 0, EMPTYSET);
    expect(hold(f)).toEqual(EMPTYSET);
    expect(f.k.locks.pLockHeld(0)).toBe(false);
  });
});

describe('taking a signal', () => {
  it("blocks the signal and its action's mask during the handler, and lets them go when it returns", () => {
    const f = signalFixture(1);
    f.c.signals.setAction(0, SIGUSR1, sigHandler(sigset(SIGUSR2)));
    lwp_sigmask(f.c, 'SIG_SETMASK', sigset(SIGINT));
    sigtoproc(f.c, 0, 0, SIGUSR1);
    sigtoproc(f.c, 0, 0, SIGUSR2);
    f.c.signals.setAction(0, SIGUSR2, sigHandler());
    expect(issig_forreal(f.c)).toBe(SIGUSR1);
    const outcome = psig(f.c);
    expect(outcome).toEqual({ kind: 'handler', signal: SIGUSR1, oldMask: sigset(SIGINT) });
    expect(hold(f)).toEqual(sigset(SIGINT, SIGUSR1, SIGUSR2));
    expect(issig_forreal(f.c)).toBe(0);
    setcontext(f.c, sigset(SIGINT));
    expect(f.k.machine.get(KIND.t_sig_check, 0)).toBe(1);
    expect(issig_forreal(f.c)).toBe(SIGUSR2);
  });

  it('gives back the mask from before sigsuspend, not the one in force when the signal came', () => {
    const f = signalFixture(1);
    f.c.signals.setAction(0, SIGUSR1, sigHandler());
    lwp_sigmask(f.c, 'SIG_SETMASK', sigset(SIGUSR1, SIGINT));
    replaceMask(f.c, EMPTYSET, CAUSE.sigsuspend);
    sigtoproc(f.c, 0, 0, SIGUSR1);
    issig_forreal(f.c);
    expect(psig(f.c)).toMatchObject({ oldMask: sigset(SIGUSR1, SIGINT) });
  });

  it('puts the mask back where a poll ends without a signal', () => {
    const f = signalFixture(1);
    lwp_sigmask(f.c, 'SIG_SETMASK', sigset(SIGINT));
    replaceMask(f.c, EMPTYSET, CAUSE.pollsys);
    restoreMask(f.c, CAUSE.pollsys);
    expect(hold(f)).toEqual(sigset(SIGINT));
  });

  it('hands a signal that was waited for to sigtimedwait instead of taking it', () => {
    const f = signalFixture(1);
    lwp_sigmask(f.c, 'SIG_SETMASK', sigset(SIGUSR1));
    const old = sigtimedwait_begin(f.c, sigset(SIGUSR1));
    cv_wait_sig_begin(f.c, f.block);
    sigtoproc(f.c, 0, 0, SIGUSR1);
    f.run(0);
    expect(cv_wait_sig_end(f.c, false)).toBe(CV_WAIT.interrupted);
    expect(sigtimedwait_end(f.c, sigset(SIGUSR1), old)).toBe(SIGUSR1);
    expect(hold(f)).toEqual(sigset(SIGUSR1));
    expect(issig_justlooking(f.c)).toBe(false);
  });
});

describe('stopping', () => {
  it('stops every thread of the process until SIGCONT, which also takes back a stop not yet seen', () => {
    const f = signalFixture(2);
    sigtoproc(f.c, 0, 0, SIGTSTP);
    sigtoproc(f.c, 0, 0, SIGCONT);
    expect(issig_forreal(f.c)).toBe(0);
    sigtoproc(f.c, 0, 0, SIGSTOP);
    expect(issig_forreal(f.c)).toBe(-SIGSTOP);
    expect(f.called).toEqual([1]);
    f.run(1);
    expect(issig_forreal(f.c)).toBe(-SIGSTOP);
    f.k.machine.set(KIND.t_state, 0, TS.STOPPED, CAUSE.stop);
    sigtoproc(f.c, 0, null, SIGCONT);
    expect(f.state(0)).toBe(TS.RUN);
    expect(issig_forreal(f.c)).toBe(0);
  });
});

describe('cancellation', () => {
  it('ends a sleep at once with EINTR and leaves SC_EINTR_FLG', () => {
    const f = signalFixture(1);
    f.store(KIND.sc_flgs, SC_FLGS.SC_CANCEL_FLG);
    cv_wait_sig_begin(f.c, f.block);
    expect(f.state(0)).toBe(TS.RUN);
    f.run(0);
    expect(cv_wait_sig_end(f.c, false)).toBe(CV_WAIT.interrupted);
    expect(f.flags(0)).toBe(SC_FLGS.SC_CANCEL_FLG | SC_FLGS.SC_EINTR_FLG);
  });

  it('waits where all signals are blocked', () => {
    const f = signalFixture(1);
    f.store(KIND.sc_flgs, SC_FLGS.SC_CANCEL_FLG);
    f.store(KIND.sc_sigblock, 1);
    cv_wait_sig_begin(f.c, f.block);
    expect(f.state(0)).toBe(TS.SLEEP);
    f.run(0);
    expect(cv_wait_sig_end(f.c, false)).toBe(CV_WAIT.woken);
    expect(f.flags(0)).toBe(SC_FLGS.SC_CANCEL_FLG);
  });
});
