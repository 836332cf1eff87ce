/** A decision in words, whichever system decided. */
import { isSliceExtension } from '#shared/model/causes.ts';
import { explainDecision, type DecisionText } from '../../../trace-data/decode/decisions.ts';
import type { EventRow } from '../../../trace-data/decode/event-row.ts';
import type { NameTable } from '../../../trace-data/decode/names.ts';
import { explainSlice, NO_SLICE_FACTS, type SliceFacts } from '../../../trace-data/decode/slice-extension.ts';

/**
 * @param extension what is known of the extension that the decision is about; null where it is about none, or nothing
 *   is
 */
export function decisionText(row: EventRow, extension: SliceFacts | null, names: NameTable): DecisionText {
  return isSliceExtension(row.cause)
    ? explainSlice(row, extension ?? NO_SLICE_FACTS, names)
    : explainDecision({
        outcome: row.object,
        place: row.cause,
        timeleft: row.oldValue,
        without: row.newValue,
      });
}
