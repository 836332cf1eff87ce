/** The colours that bars are painted in. */
import type { Packed } from '../../theme/theme-colours.ts';

/** Colours of bars, mixed with the lane's background where they are shown dimmed. */
export interface BarColours {
  readonly run: Packed;
  readonly spin: Packed;
  readonly spinStripe: Packed;
  readonly runnable: Packed;
  readonly preempted: Packed;
  readonly sleep: Packed;
  readonly park: Packed;
  readonly stop: Packed;
  readonly hold: Packed;
  /** A lock whose holder waits for a CPU, and one whose holder is blocked. */
  readonly heldWaiting: Packed;
  readonly heldBlocked: Packed;
  readonly hatch: Packed;
  /** Between neighbouring runs on a CPU lane. */
  readonly seam: Packed;
}

/** The colours of a thread's bars: dimmed while another one is selected, of its own where threads are coloured. */
export type ColoursOf = (lwp: number) => BarColours;
