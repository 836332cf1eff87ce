/** Tells a pass what happens, change by change: for what no scenario can show, as user code of the emulator behaves. */
import type { Ns } from '#shared/base/brands.ts';
import type { Finding } from '#shared/model/findings.ts';
import { FindingsPass } from '../pass.ts';
import type { TraceChanges } from '../trace-changes.ts';

/** Findings of one detector in a trace of the emulator that ends at `endNs`. */
export function foundInTold(
  id: string,
  endNs: Ns,
  tell: (changes: TraceChanges) => void,
): readonly Finding[] {
  const pass = new FindingsPass({ source: 'emulator', tickNs: 10_000_000 });
  tell(pass.changes);
  pass.changes.finish(endNs);
  return pass.result().findings.filter((finding) => finding.id === id);
}
