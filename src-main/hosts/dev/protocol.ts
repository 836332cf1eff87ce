/** What `npm run dev` and the hosts that it starts tell each other. */

/** Variable with the token of the run: windows keep it while hosts come and go. */
export const DEV_TOKEN = 'SCHEDCTL_WORKBENCH_DEV_TOKEN';
/** Variable with the address of the window's server, for Electron. */
export const DEV_WINDOW = 'SCHEDCTL_WORKBENCH_DEV_WINDOW';

/** The loopback host can be reached. */
export interface HostReady {
  /** Of an address that works once. */
  readonly fragment: string;
}
