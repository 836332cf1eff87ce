/** Messages on a pipe between a window and its service. Structured-clonable; the WebSocket pipe encodes them. */
import { z } from 'zod';
import type { WireError } from '../base/errors.ts';

const requestId = z.int().min(1).max(Number.MAX_SAFE_INTEGER);

/** What a window may send. Checked by the server: a window is not trusted to be ours. */
export const clientMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('request'), id: requestId, name: z.string().max(64), params: z.unknown() }),
  z.object({ type: z.literal('cancel'), id: requestId }),
]);

export type ClientMessage =
  | { readonly type: 'request'; readonly id: number; readonly name: string; readonly params?: unknown }
  | { readonly type: 'cancel'; readonly id: number };

export type ServerMessage =
  | { readonly type: 'result'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'event'; readonly name: string; readonly payload: unknown };

/**
 * One end of a duplex channel. Messages arrive in order or not at all; `onClose` fires once, also when
 * this end closed, and at once for a listener that comes too late.
 */
export interface Pipe<Out, In> {
  /** Throws where the message cannot cross (a function in it, say); does nothing on a closed pipe. */
  send(message: Out): void;
  onMessage(listener: (message: In) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** The window's end of a pipe. */
export type ClientPipe = Pipe<ClientMessage, ServerMessage>;
/** The service's end. What arrives there has not been checked. */
export interface ServerPipe extends Pipe<ServerMessage, unknown> {
  /** Whether the window has so many unread answers that no request should start. Absent if that is unknown. */
  readonly isFull?: () => boolean;
  /** Called when a full pipe has room again. */
  readonly onDrain?: (listener: () => void) => void;
}
