/** What the loopback host and its windows agree on before the first message. */

/** Path of the WebSocket. */
export const SOCKET_PATH = '/api';
/** Path that buys the token of this run for a one-time ticket (POST, Authorization: Ticket ...). */
export const TICKET_PATH = '/api/ticket';
/** The subprotocol that both ends speak. */
export const SUBPROTOCOL = 'schedctl-workbench.1';
/** Prefix of the second offered subprotocol, which carries the token: the URL would be logged, a header is not. */
export const TOKEN_SUBPROTOCOL_PREFIX = 'token.';
/** Names in the URL's fragment, which browsers do not send. */
export const FRAGMENT = { token: 'token', ticket: 'ticket' } as const;
