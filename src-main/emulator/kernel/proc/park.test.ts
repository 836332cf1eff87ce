import { describe, expect, it } from 'vitest';
import { CAUSE } from '#shared/model/causes.ts';
import { SC_FLGS, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import { EINTR, ESRCH, ETIME } from '../../errno.ts';
import { lwp_create, proc_create } from './process.ts';
import { lwp_park, lwp_park_resume, lwp_unpark } from './park.ts';
import { sigHandler } from './signal-context.ts';
import { signalFixture } from './signal-fixture.ts';
import { sigtoproc } from './sigpost.ts';
import { SIGSTOP } from '../context/sigset.ts';

const SIGUSR1 = 16;

/** Thread 1 has parked; thread 0 is current. */
function parked(): ReturnType<typeof signalFixture> {
  const f = signalFixture(2);
  f.run(1);
  f.store(KIND.sc_flgs, SC_FLGS.SC_PARK_FLG);
  expect(lwp_park(f.c, f.block)).toEqual({ step: 'switch' });
  expect(f.state(1)).toBe(TS.SLEEP);
  f.run(0);
  return f;
}

describe('lwp_park', () => {
  it('sleeps until lwp_unpark, and clears the parking flag on the way out', () => {
    const f = parked();
    expect(f.flags(1)).toBe(SC_FLGS.SC_PARK_FLG);
    expect(lwp_unpark(f.c, 1)).toBe(0);
    expect(f.state(1)).toBe(TS.RUN);
    f.run(1);
    expect(lwp_park_resume(f.c, f.block, false)).toEqual({ step: 'done', error: 0 });
    expect(f.flags(1)).toBe(0);
    expect(f.k.machine.get(KIND.t_unpark, 1)).toBe(0);
  });

  it('returns at once where an unpark came first, and only once', () => {
    const f = signalFixture(2);
    lwp_unpark(f.c, 1);
    f.run(1);
    f.store(KIND.sc_flgs, SC_FLGS.SC_PARK_FLG);
    expect(lwp_park(f.c, f.block)).toEqual({ step: 'done', error: 0 });
    f.store(KIND.sc_flgs, SC_FLGS.SC_PARK_FLG);
    expect(lwp_park(f.c, f.block)).toEqual({ step: 'switch' });
  });

  it('returns at once where user code took the flag back: a spurious wake-up instead of a deadlock', () => {
    const f = signalFixture(1);
    expect(lwp_park(f.c, f.block)).toEqual({ step: 'done', error: EINTR });
    expect(f.state(0)).toBe(TS.ONPROC);
  });

  it('parks a thread without a shared structure', () => {
    const f = signalFixture(1);
    lwp_create(f.k, 1, 0, CAUSE.setup);
    f.run(1);
    expect(lwp_park(f.c, f.block)).toEqual({ step: 'switch' });
  });

  it('ends with EINTR for a signal, with ETIME for its time', () => {
    const f = parked();
    f.c.signals.setAction(0, SIGUSR1, sigHandler());
    sigtoproc(f.c, 0, 1, SIGUSR1);
    expect(f.state(1)).toBe(TS.RUN);
    f.run(1);
    expect(lwp_park_resume(f.c, f.block, false)).toEqual({ step: 'done', error: EINTR });
    expect(f.k.machine.get(KIND.lwp_cursig, 1)).toBe(SIGUSR1);

    const late = parked();
    late.run(1);
    expect(lwp_park_resume(late.c, late.block, true)).toEqual({ step: 'done', error: ETIME });
  });

  it('goes back to sleep where it was woken only to stop', () => {
    const f = parked();
    sigtoproc(f.c, 0, 1, SIGSTOP);
    f.run(1);
    expect(lwp_park_resume(f.c, f.block, false)).toEqual({ step: 'stop', signal: SIGSTOP });
    f.c.signals.set_p_stopsig(0, 0);
    f.run(1);
    expect(lwp_park_resume(f.c, f.block, false)).toEqual({ step: 'switch' });
    expect(f.state(1)).toBe(TS.SLEEP);
  });

  it('does not wake a thread that sleeps for something else, but remembers the unpark', () => {
    const f = signalFixture(2);
    f.run(1);
    f.block();
    f.run(0);
    expect(lwp_unpark(f.c, 1)).toBe(0);
    expect(f.state(1)).toBe(TS.SLEEP);
    expect(f.k.machine.get(KIND.t_unpark, 1)).toBe(1);
  });

  it('cannot unpark an LWP of another process or one that is gone', () => {
    const f = signalFixture(1);
    proc_create(f.k, 1, CAUSE.setup);
    lwp_create(f.k, 1, 1, CAUSE.setup);
    expect(lwp_unpark(f.c, 1)).toBe(ESRCH);
    expect(lwp_unpark(f.c, 99)).toBe(ESRCH);
  });
});
