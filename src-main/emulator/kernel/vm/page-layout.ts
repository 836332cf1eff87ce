/**
 * How shared structures lie on a page, and where each byte of a page is kept.
 *
 * The first 16 bytes of a slot are columns of the machine state, so that every change is a transition.
 * Padding behind them (where sizeof (sc_shared_t) is larger) and the rest of the page behind the last slot
 * mean nothing to the kernel and are kept as plain bytes, only for pages where somebody stored there.
 */
import { WorkbenchError } from '#shared/base/errors.ts';
import { SLOT_ID_STRIDE } from '#shared/model/kinds.ts';
import { SC_SHARED_SIZE } from '#shared/model/sc-shared.ts';

export interface PageLayout {
  /** PAGESIZE, bytes. */
  readonly pageSize: number;
  /** sizeof (sc_shared_t), bytes: 16, or more where padding was appended. */
  readonly scSize: number;
}

export const DEFAULT_PAGE_LAYOUT: PageLayout = { pageSize: 4096, scSize: SC_SHARED_SIZE };

/** Slots of a page. */
export function slotsOf({ pageSize, scSize }: PageLayout): number {
  return Math.floor(pageSize / scSize);
}

/** Checks a layout. Throws WorkbenchError `scenario-rule` where the emulator cannot hold it. */
export function checkPageLayout(layout: PageLayout): PageLayout {
  const { pageSize, scSize } = layout;
  if (!Number.isInteger(scSize) || scSize < SC_SHARED_SIZE) {
    throw new WorkbenchError('scenario-rule', `The shared structure has ${scSize} bytes; 16 is the least.`);
  }
  const slots = slotsOf(layout);
  if (!Number.isInteger(pageSize) || slots < 1 || slots > SLOT_ID_STRIDE) {
    throw new WorkbenchError(
      'scenario-rule',
      `A page of ${pageSize} bytes holds ${slots} shared structures; 1 to ${SLOT_ID_STRIDE} are possible.`,
    );
  }
  return layout;
}
