/** A window's pipe over its WebSocket, with a bound on what waits for a window that reads slowly or not at all. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { decodeUntrustedMessage } from '#shared/api/codec.ts';
import type { ServerMessage, ServerPipe } from '#shared/api/messages.ts';
import { socketPipe } from '#shared/api/socket-pipe.ts';

/** With so many bytes waiting, no further request is begun. */
const FULL_BYTES = 8 << 20;
/** What was begun before, and events, are still sent up to here; then the window is given up. */
const MOST_BYTES = 64 << 20;

/** @param connection what `webSocket` writes to */
export function windowPipe(webSocket: WebSocket, connection: Duplex): ServerPipe {
  const pipe = socketPipe<ServerMessage, unknown>(webSocket, decodeUntrustedMessage);
  return {
    ...pipe,
    send(message) {
      if (webSocket.bufferedAmount > MOST_BYTES) webSocket.terminate();
      else pipe.send(message);
    },
    isFull: () => webSocket.bufferedAmount > FULL_BYTES,
    onDrain: (listener) => void connection.on('drain', listener),
  };
}
