/** Recordings, imports and exports under way: shown in the taskbar, and asked about before the app ends. */
import { app, dialog, type BrowserWindow } from 'electron';
import type { HostedService } from '#main/workbench/service.ts';

/** Electron's values for setProgressBar. */
const NO_PROGRESS = -1;
const UNKNOWN_PROGRESS = 2;

/** Shows how far jobs are, on the icons of all windows. */
export function showProgressInTaskbar(service: HostedService, windows: () => readonly BrowserWindow[]): void {
  const set = (fraction: number): void => {
    for (const window of windows()) window.setProgressBar(fraction);
  };
  service.subscribe((name, payload) => {
    if (name === 'job.progress') {
      set((payload as { readonly fraction: number | null }).fraction ?? UNKNOWN_PROGRESS);
    } else if (name === 'job.done' || name === 'job.failed') {
      // The job that has just ended is still among them.
      if (service.runningJobs().length <= 1) set(NO_PROGRESS);
    }
  });
}

type JobKind = ReturnType<HostedService['runningJobs']>[number];

const KEPT = 'If you quit now, it stops here. The part so far is kept and opens as an incomplete trace.';
const QUESTIONS: Readonly<Record<JobKind, { readonly message: string; readonly detail: string }>> = {
  record: { message: 'A recording is running.', detail: KEPT },
  import: { message: 'An import is running.', detail: KEPT },
  export: { message: 'An export is running.', detail: 'If you quit now, its file is not written.' },
};
/** What is asked about where several are running: the one that costs most to lose. */
const JOB_KINDS = Object.keys(QUESTIONS) as JobKind[];

export class QuitQuestion {
  private readonly service: HostedService;
  private confirmed = false;
  private asking = false;

  constructor(service: HostedService) {
    this.service = service;
  }

  /**
   * Whether the app may end now. Where something is being recorded the person is asked, and the app ends later
   * if they say so.
   */
  mayEnd(window: BrowserWindow | null): boolean {
    const jobs = this.service.runningJobs();
    if (this.confirmed || jobs.length === 0) return true;
    if (!this.asking)
      void this.ask(
        window,
        JOB_KINDS.find((kind) => jobs.includes(kind))!,
      );
    return false;
  }

  private async ask(window: BrowserWindow | null, kind: JobKind): Promise<void> {
    this.asking = true;
    const question = {
      type: 'question' as const,
      ...QUESTIONS[kind],
      buttons: ['Go on', 'Quit'],
      defaultId: 0,
      cancelId: 0,
    };
    try {
      const { response } = await (window === null
        ? dialog.showMessageBox(question)
        : dialog.showMessageBox(window, question));
      if (response !== 1) return;
      this.confirmed = true;
      app.quit();
    } finally {
      this.asking = false;
    }
  }
}
