import type { Digest } from '#shared/base/digest.ts';

/** Adds one row of the event table to the running digest of a trace. Hot: allocates nothing. */
export function digestEvent(
  digest: Digest,
  timeNs: number,
  kind: number,
  cpu: number,
  lwp: number,
  object: number,
  cause: number,
  oldValue: number,
  newValue: number,
): void {
  digest.addWide(timeNs);
  digest.add(kind);
  digest.add(cpu);
  digest.add(lwp);
  digest.add(object);
  digest.add(cause);
  digest.add(oldValue);
  digest.add(newValue);
}
