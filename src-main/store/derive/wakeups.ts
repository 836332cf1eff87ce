/**
 * Wake-ups: who made which LWP runnable, when, and when it ran.
 *
 * A wake-up is t_state becoming TS_RUN from anything but a CPU or a run queue, with a reason that says so: woken,
 * or runnable for the first time. (An import may learn of one for a thread that it took for runnable already.)
 * The waker is the LWP on the CPU where that happened; nobody for a timer (`timeout`), for what happens on an idle
 * CPU, and for the world outside. It has run when t_state becomes TS_ONPROC; never, where it stopped or
 * ended before.
 *
 * Hot: allocates only for an LWP's first wake-up.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { OFF_CPU_REASON, TS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { MachineState } from '#shared/model/machine-state.ts';
import type { WakeupNodes } from '../pyramid/points.ts';
import type { TileBuilder } from '../pyramid/tile-builder.ts';
import type { DerivedRows } from './derived-rows.ts';
import type { SeriesRegistry } from './series-registry.ts';

class WakeupTrack {
  readonly lwp: number;
  builder: TileBuilder<WakeupNodes> | null = null;
  /** Woken and not run yet. */
  pending = false;
  wakeNs = 0;
  waker: number = NONE;
  wakerCpu: number = NONE;
  sequence = 0;
  /** Cause of the reason that it has for being off its CPU. */
  reasonCause: number = NONE;

  constructor(lwp: number) {
    this.lwp = lwp;
  }
}

export class WakeupDeriver {
  private readonly state: MachineState;
  private readonly series: SeriesRegistry;
  private readonly rows: DerivedRows;
  private readonly tracks: (WakeupTrack | undefined)[] = [];

  constructor(state: MachineState, series: SeriesRegistry, rows: DerivedRows) {
    this.state = state;
    this.series = series;
    this.rows = rows;
  }

  /** off_cpu_reason was assigned. */
  reasonChanged(
    lwp: number,
    oldReason: number,
    reason: number,
    cause: number,
    cpu: number,
    timeNs: number,
    sequence: number,
  ): void {
    const track = this.track(lwp);
    track.reasonCause = cause;
    if (oldReason !== OFF_CPU_REASON.unknown || reason !== OFF_CPU_REASON.woken) return;
    if (this.state.read(KIND.t_state, lwp) === TS.RUN) this.woken(track, cpu, timeNs, sequence);
  }

  /** t_state was assigned, on `cpu`. */
  stateChanged(
    lwp: number,
    oldState: number,
    state: number,
    cpu: number,
    timeNs: number,
    sequence: number,
  ): void {
    const track = this.track(lwp);
    if (state === TS.ONPROC) {
      if (track.pending) this.end(track, timeNs, cpu);
      return;
    }
    if (track.pending) this.end(track, NONE, NONE);
    if (state !== TS.RUN || oldState === TS.ONPROC || oldState === TS.RUN) return;
    const reason = this.state.read(KIND.off_cpu_reason, lwp);
    if (reason !== OFF_CPU_REASON.woken && reason !== OFF_CPU_REASON.created) return;
    this.woken(track, cpu, timeNs, sequence);
  }

  /** The LWP has ended: its wake-ups are complete. */
  ended(lwp: number): void {
    const track = this.tracks[lwp];
    if (track === undefined) return;
    if (track.pending) this.end(track, NONE, NONE);
    if (track.builder !== null) this.series.retire(track.builder);
    this.tracks[lwp] = undefined;
  }

  /** The trace ends: who was woken and has not run yet never will. */
  finish(): void {
    for (const track of this.tracks) if (track?.pending === true) this.end(track, NONE, NONE);
  }

  private woken(track: WakeupTrack, cpu: number, timeNs: number, sequence: number): void {
    const { lwp } = track;
    const waker =
      cpu < 0 || track.reasonCause === CAUSE.timeout ? NONE : this.state.read(KIND.cpu_dispthread, cpu);
    track.pending = true;
    track.wakeNs = timeNs;
    track.waker = waker === lwp ? NONE : waker;
    track.wakerCpu = cpu;
    track.sequence = sequence;
    const builder = (track.builder ??= this.series.wakeups(lwp));
    const row = builder.push(timeNs);
    const nodes = builder.leaves;
    nodes.after[row] = NONE;
    nodes.waker[row] = track.waker;
    nodes.sequence[row] = sequence;
    nodes.wakerCpu[row] = cpu;
    nodes.runCpu[row] = NONE;
  }

  private end(track: WakeupTrack, runNs: number, runCpu: number): void {
    track.pending = false;
    const builder = track.builder!;
    const row = builder.lastRow;
    builder.leaves.after[row] = runNs < 0 ? NONE : runNs - track.wakeNs;
    builder.leaves.runCpu[row] = runCpu;
    builder.touch();
    this.rows.wakeup(track.lwp, track.waker, track.wakeNs, runNs, track.wakerCpu, runCpu, track.sequence);
  }

  private track(lwp: number): WakeupTrack {
    return (this.tracks[lwp] ??= new WakeupTrack(lwp));
  }
}
