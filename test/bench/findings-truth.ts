/**
 * What really happened in a run, from the emulator's own rows and nothing else: for each hold the time of others that
 * overlapped the holder's time off its CPU. Naive on purpose: it looks at every lock at every instant.
 */
import { SYNC_KIND, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { TransitionBatch } from '#shared/model/transition-batch.ts';

export interface HoldTruth {
  readonly lock: number;
  readonly lwp: number;
  readonly startNs: number;
  preemptedNs: number;
  asleepNs: number;
  spunNs: number;
  /** The kernel took its request back in it. */
  isRevoked: boolean;
}

export class Truth {
  readonly holds: HoldTruth[] = [];
  /** A cycle of waits stands at the end. */
  hasDeadlock = false;
  /** LWPs that ended with a request that they had set. */
  leaked = 0;
  private nowNs = 0;
  private readonly state: number[] = [];
  private readonly alive: number[] = [];
  private readonly spins: number[] = [];
  private readonly wants: number[] = [];
  private readonly asks: number[] = [];
  private readonly open = new Map<number, HoldTruth>();
  private readonly notLocks = new Set<number>();

  add({ columns, length, definitions }: TransitionBatch): void {
    for (const one of definitions) {
      if (one.table === 'sync' && (one.kind === SYNC_KIND.condition || one.kind === SYNC_KIND.semaphore)) {
        this.notLocks.add(one.id);
      }
    }
    const { timeNs, kind, lwp, object, newValue } = columns;
    for (let row = 0; row < length; row++) {
      this.pass(timeNs[row]!);
      const id = lwp[row]!;
      const value = newValue[row]!;
      switch (kind[row]!) {
        case KIND.t_state:
          this.state[id] = value;
          break;
        case KIND.user_spin:
          this.spins[id] = value;
          break;
        case KIND.t_wchan:
          this.wants[id] = value;
          break;
        case KIND.lwp_alive:
          this.alive[id] = value;
          if (value === 0 && this.asks[id] === 1) this.leaked++;
          break;
        case KIND.sc_nopreempt:
          if (id >= 0) this.asks[id] = value;
          break;
        case KIND.sync_owner:
          this.owned(object[row]!, value);
          break;
      }
    }
  }

  finish(endNs: number): void {
    this.pass(endNs);
    for (const hold of this.open.values()) this.close(hold);
    for (let lwp = 0; lwp < this.wants.length; lwp++) {
      let next = lwp;
      for (let steps = 0; steps < 64 && next >= 0; steps++) {
        next = this.open.get(this.wants[next] ?? -1)?.lwp ?? -1;
        if (next === lwp) this.hasDeadlock = true;
      }
    }
  }

  private owned(lock: number, owner: number): void {
    if (this.notLocks.has(lock)) return;
    const before = this.open.get(lock);
    if (before !== undefined && before.lwp === owner) return;
    if (before !== undefined) this.close(before);
    this.open.delete(lock);
    if (owner < 0) return;
    this.open.set(lock, {
      lock,
      lwp: owner,
      startNs: this.nowNs,
      preemptedNs: 0,
      asleepNs: 0,
      spunNs: 0,
      isRevoked: false,
    });
  }

  private close(hold: HoldTruth): void {
    if (this.nowNs > hold.startNs) this.holds.push(hold);
  }

  private pass(timeNs: number): void {
    const ns = timeNs - this.nowNs;
    this.nowNs = timeNs;
    if (ns <= 0) return;
    for (const hold of this.open.values()) {
      const state = this.state[hold.lwp];
      if (state === TS.ONPROC) continue;
      for (let lwp = 0; lwp < this.wants.length; lwp++) {
        if (this.wants[lwp] !== hold.lock || this.alive[lwp] === 0) continue;
        if (state === TS.RUN) hold.preemptedNs += ns;
        else hold.asleepNs += ns;
        if (this.spins[lwp] === 1 && this.state[lwp] === TS.ONPROC) hold.spunNs += ns;
      }
    }
  }
}
