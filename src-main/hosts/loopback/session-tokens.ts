/**
 * The proof that a window was opened by the person who started the host: a new secret for each run. Only
 * digests are compared, in constant time.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits, as they stand in an address. */
export const newSecret = (): string => randomBytes(32).toString('base64url');
const digest = (secret: string) => createHash('sha256').update(secret).digest();

/** A ticket is used by the browser that was just started, so it need not live long. */
const TICKET_LIFE_MS = 60_000;

export interface SessionTokens {
  /** The secret of this run. */
  readonly token: string;
  isToken(candidate: string): boolean;
  /**
   * Makes a ticket that buys the token once, within a minute. For command lines, which other users of the
   * machine can read.
   */
  issueTicket(): string;
  /** The token, or null for a ticket that was used, is too old, or never was one. */
  redeem(ticket: string): string | null;
}

export function createSessionTokens(
  nowMs: () => number = Date.now,
  token: string = newSecret(),
): SessionTokens {
  const tokenDigest = digest(token);
  /** Expiry by the digest of the ticket: a look-up by digest tells nothing about the ticket. */
  const tickets = new Map<string, number>();
  return {
    token,
    isToken: (candidate) => timingSafeEqual(digest(candidate), tokenDigest),
    issueTicket() {
      const ticket = newSecret();
      tickets.set(digest(ticket).toString('hex'), nowMs() + TICKET_LIFE_MS);
      return ticket;
    },
    redeem(ticket) {
      const key = digest(ticket).toString('hex');
      const expiresMs = tickets.get(key);
      tickets.delete(key);
      return expiresMs !== undefined && nowMs() <= expiresMs ? token : null;
    },
  };
}
