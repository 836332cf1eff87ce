/**
 * Connections that have not shown the token: any user of this machine can open them, and so can a page of any site.
 * Their number is limited, and a new one replaces the one that has been silent for longest, so that a client that holds
 * many open does not keep the person's window out.
 */
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** A browser opens up to six for each window's files. */
export const MAX_STRANGERS = 64;
/** For a request's head; and to close a connection on which nothing happens, whichever side has to go on. */
const HEAD_MS = 5_000;
const SILENCE_MS = 20_000;
/** How often the server looks for requests that take too long. */
export const CHECK_MS = 1_000;

export class Strangers {
  /** In order of coming. */
  private readonly silent = new Set<Duplex>();
  /** Those that have sent a whole request. */
  private readonly asked = new Set<Duplex>();

  constructor(server: Server) {
    server.headersTimeout = HEAD_MS;
    server.requestTimeout = 2 * HEAD_MS;
    server.timeout = SILENCE_MS;
    server.on('connection', (socket) => {
      this.silent.add(socket);
      socket.once('close', () => this.leave(socket));
      if (this.silent.size + this.asked.size > MAX_STRANGERS) this.sendOneAway();
    });
    server.on('request', ({ socket }) => {
      if (this.silent.delete(socket)) this.asked.add(socket);
    });
  }

  /** It is no stranger any more, or has gone. */
  leave(socket: Duplex): void {
    this.silent.delete(socket);
    this.asked.delete(socket);
  }

  private sendOneAway(): void {
    const [oldest] = this.silent.size > 1 ? this.silent : this.asked;
    if (oldest === undefined) return;
    this.leave(oldest);
    oldest.destroy();
  }
}
