/** How much may wait for a window that reads slowly or not at all; the same for every kind of pipe. */
export const UNREAD_BYTES = {
  /** With more waiting, no further request is begun. */
  full: 8 << 20,
  /** What was begun before, and events, are still sent up to here; then the window is given up. */
  most: 64 << 20,
} as const;
