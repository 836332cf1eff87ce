/** Messages on a pipe between a window and its service. Structured-clonable; the WebSocket pipe encodes them. */
import type { WireError } from '../base/errors.ts';

export type ClientMessage =
  | { readonly type: 'request'; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly type: 'cancel'; readonly id: number };

export type ServerMessage =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown };

/**
 * One end of a duplex channel. Messages arrive in order or not at all; `onClose` fires once.
 */
export interface Pipe<Out, In> {
  send(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
