/** A pipe over a WebSocket: the browser's own, and that of the library `ws`, which has the same interface. */
import { decodeMessage, encodeMessage } from './codec.ts';
import type { Pipe } from './messages.ts';

/** The part of WebSocket that is used here. */
export interface SocketLike {
  binaryType: string;
  readonly readyState: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

const OPEN = 1;
const CLOSED = 3;
/** RFC 6455, 7.4.1: a message of a kind or with content that the endpoint cannot take. */
const UNSUPPORTED_DATA = 1003;
const NORMAL = 1000;

/**
 * Wraps a socket that is open. Bytes that are no message of ours close it.
 *
 * @param decode for an end that cannot trust the other one: `decodeUntrustedMessage`
 */
export function socketPipe<Out, In>(
  socket: SocketLike,
  decode: (bytes: ArrayBuffer) => unknown = decodeMessage,
): Pipe<Out, In> {
  socket.binaryType = 'arraybuffer';
  return {
    send(message) {
      const bytes = encodeMessage(message);
      if (socket.readyState === OPEN) socket.send(bytes);
    },
    onMessage(listener) {
      socket.addEventListener('message', ({ data }) => {
        let message: In;
        try {
          if (!(data instanceof ArrayBuffer)) throw new TypeError('text');
          message = decode(data) as In;
        } catch {
          socket.close(UNSUPPORTED_DATA, 'not a message of the workbench');
          return;
        }
        listener(message);
      });
    },
    onClose(listener) {
      if (socket.readyState === CLOSED) listener();
      else socket.addEventListener('close', listener);
    },
    close: () => socket.close(NORMAL),
  };
}
