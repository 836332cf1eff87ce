/**
 * The interactive class (the IA part of ts.c): TS with a boost for the processes that own the screen.
 *
 * The boost belongs to the process group in the foreground of a terminal whose session leader is itself
 * interactive; the window system, or job control, moves it.
 */
import { NONE } from '#shared/base/none.ts';
import { CAUSE } from '#shared/model/causes.ts';
import { CID, TS_FLAGS } from '#shared/model/enums.ts';
import { KIND } from '#shared/model/kinds.ts';
import type { Machine } from '../../machine.ts';
import {
  NOCHANGE,
  type ClassOps,
  type ClassParms,
  type ClassServices,
  type Cred,
  type Errno,
} from './class-ops.ts';
import type { TimeSharing } from './ts.ts';
import { IA_INTERACTIVE_OFF, IA_SET_INTERACTIVE, ia_vaparmsin } from './upri-parms.ts';

export class Interactive {
  private readonly services: ClassServices;
  private readonly machine: Machine;
  private readonly ts: TimeSharing;
  /** The function table of the class (ia_classfuncs): TS's, but for parameters and process groups. */
  readonly ia_classfuncs: ClassOps;

  constructor(services: ClassServices, ts: TimeSharing) {
    this.services = services;
    this.machine = services.machine;
    this.ts = ts;
    this.ia_classfuncs = {
      ...ts.ts_classfuncs,
      name: 'IA',
      cid: CID.IA,
      cl_vaparmsin: ia_vaparmsin,
      cl_parmsget: (t) => this.ia_parmsget(t),
      cl_parmsset: (t, parms, _reqpcid, cred) => this.ia_parmsset(t, parms, cred),
      cl_set_process_group: (sid, bg, fg) => this.ia_set_process_group(sid, bg, fg),
    };
  }

  /** What priocntl shows: TS's parameters and the mode. */
  ia_parmsget(t: number): ClassParms {
    return {
      ...this.ts.ts_parmsget(t),
      mode: this.isOn(t) ? IA_SET_INTERACTIVE : IA_INTERACTIVE_OFF,
    };
  }

  /**
   * Sets the mode, then TS's parameters. Without permission to change the mode nothing at all is done, and
   * that is no error. A session leader takes the foreground group of its terminal along.
   */
  ia_parmsset(tx: number, iaparmsp: ClassParms, reqpcredp: Cred | null): Errno {
    const { services, ts } = this;
    const mode = iaparmsp.mode!;
    if (mode === NOCHANGE) return ts.ts_parmsset(tx, iaparmsp, reqpcredp);
    if (reqpcredp !== null && !reqpcredp.iaGroup && !reqpcredp.setpriority) return 0;

    const p = services.processOf(tx);
    if (services.isBeingMade(p)) return 0;
    const pid = services.pidOf(p);
    const leads = services.sessionOf(p) === pid;
    const foreground = leads && services.hasTerminal(p) ? services.foregroundOf(p) : 0;
    const on = mode === IA_SET_INTERACTIVE;
    // The leader must be on while its group is changed: ia_set_process_group() asks it.
    if (on) ts.setInteractive(tx, true, CAUSE.ia_parmsset);
    if (foreground !== 0) {
      if (on) this.ia_set_process_group(pid, 0, foreground);
      else this.ia_set_process_group(pid, foreground, 0);
    }
    if (!on) ts.setInteractive(tx, false, CAUSE.ia_parmsset);
    return ts.ts_parmsset(tx, iaparmsp, reqpcredp);
  }

  /**
   * The terminal of session `sid` changed its foreground process group: the IA threads of `fg_pgid` are
   * turned on, those of `bg_pgid` off (0: no such group). Only where the first thread of the session leader is
   * interactive and on, and the session has a terminal. Leaders themselves are changed explicitly, never here.
   */
  ia_set_process_group(sid: number, bg_pgid: number, fg_pgid: number): void {
    const { services, machine } = this;
    const leader = services.processByPid(sid);
    if (leader === NONE || services.isBeingMade(leader)) return;
    const tx = services.firstThread(leader);
    if (tx === NONE || machine.get(KIND.t_cid, tx) !== CID.IA) return;
    if (!this.isOn(tx) || !services.hasTerminal(leader)) return;

    if (fg_pgid !== 0) this.setGroup(fg_pgid, true);
    if (bg_pgid !== 0) this.setGroup(bg_pgid, false);
  }

  private setGroup(pgid: number, on: boolean): void {
    const { services } = this;
    services.forEachInGroup(pgid, (p) => {
      if (services.isBeingMade(p) || services.pidOf(p) === services.sessionOf(p)) return;
      services.forEachThread(p, (t) => this.setThread(t, on));
    });
  }

  private setThread(t: number, on: boolean): void {
    const { machine, ts } = this;
    const cause = CAUSE.ia_set_process_group;
    if (machine.get(KIND.t_cid, t) !== CID.IA) return;
    ts.setInteractive(t, on, cause);
    ts.TS_NEWUMDPRI(t, cause);
    machine.set(KIND.ts_dispwait, t, 0, cause);
    ts.ts_change_priority(t, cause);
  }

  private isOn(t: number): boolean {
    return (this.machine.get(KIND.ts_flags, t) & TS_FLAGS.TSIASET) !== 0;
  }
}
