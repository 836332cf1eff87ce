/** Where derived rows go: one method for each derived table, columns in the table's order without its id. */
export interface DerivedRows {
  lwpState(
    lwp: number,
    startNs: number,
    endNs: number,
    state: number,
    cpu: number,
    other: number,
    sync: number,
    flags: number,
  ): void;
  cpuRun(cpu: number, lwp: number, startNs: number, endNs: number): void;
  slotOccupancy(timeNs: number, page: number, used: number): void;
  nopreemptWindow(
    lwp: number,
    slot: number,
    startNs: number,
    endNs: number,
    firstDeferredNs: number,
    yieldAskedNs: number,
    yieldedNs: number,
    deferrals: number,
    end: number,
    startSequence: number,
    endSequence: number,
  ): void;
  /** @param timeleft UNKNOWN_VALUE where none was compared, or it is not known */
  decision(
    sequence: number,
    timeNs: number,
    lwp: number,
    cpu: number,
    outcome: number,
    place: number,
    timeleft: number,
    without: number,
  ): void;
  lockHold(sync: number, lwp: number, startNs: number, endNs: number): void;
  lockWait(sync: number, lwp: number, startNs: number, endNs: number, holder: number): void;
  wakeup(
    lwp: number,
    waker: number,
    wakeNs: number,
    runNs: number,
    wakerCpu: number,
    runCpu: number,
    sequence: number,
  ): void;
}
