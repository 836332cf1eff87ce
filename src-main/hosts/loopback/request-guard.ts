/**
 * Who may talk to a server on 127.0.0.1: any page that the person's browser shows can reach it, so being
 * local proves nothing.
 */

const LOCAL_NAMES = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Whether the Host header names this machine. A page of another site whose name was made to resolve to
 * 127.0.0.1 (DNS rebinding) still sends its own name. The port may be any: an SSH tunnel has its own.
 */
export function isLocalHost(host: string | undefined): host is string {
  const match = /^(\[[0-9a-f:]+\]|[^:[\]]+)(?::\d{1,5})?$/i.exec(host ?? '');
  return match !== null && LOCAL_NAMES.has(match[1]!.toLowerCase());
}

/** Whether a request comes from a page that was itself loaded from `host`. Browsers always send Origin with these. */
export function isOwnOrigin(origin: string | undefined, host: string): boolean {
  return origin?.toLowerCase() === `http://${host.toLowerCase()}`;
}
