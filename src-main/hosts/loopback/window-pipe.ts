/** A window's pipe over its WebSocket, with a bound on what waits for a window that reads slowly or not at all. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { decodeUntrustedMessage } from '#shared/api/codec.ts';
import type { ServerMessage, ServerPipe } from '#shared/api/messages.ts';
import { socketPipe } from '#shared/api/socket-pipe.ts';
import { UNREAD_BYTES } from '../unread-answers.ts';

/** @param connection what `webSocket` writes to */
export function windowPipe(webSocket: WebSocket, connection: Duplex): ServerPipe {
  const pipe = socketPipe<ServerMessage, unknown>(webSocket, decodeUntrustedMessage);
  return {
    ...pipe,
    send(message) {
      if (webSocket.bufferedAmount > UNREAD_BYTES.most) webSocket.terminate();
      else pipe.send(message);
    },
    isFull: () => webSocket.bufferedAmount > UNREAD_BYTES.full,
    onDrain: (listener) => void connection.on('drain', listener),
  };
}
