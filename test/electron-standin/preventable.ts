/** Events whose listeners may prevent what they announce. */
import type { EventEmitter } from 'node:events';

/** Emits such an event. @returns whether nobody has prevented it */
export function emitPreventable(emitter: EventEmitter, name: string, ...rest: unknown[]): boolean {
  let prevented = false;
  const event = { preventDefault: () => (prevented = true) };
  emitter.emit(name, event, ...rest);
  return !prevented;
}
