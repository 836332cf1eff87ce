/** The loopback host's window: finds the token of this run and opens the WebSocket with it. */
import type { ClientPipe } from '#shared/api/messages.ts';
import { socketPipe } from '#shared/api/socket-pipe.ts';
import {
  FRAGMENT,
  SOCKET_PATH,
  SUBPROTOCOL,
  TICKET_PATH,
  TOKEN_SUBPROTOCOL_PREFIX,
} from '#shared/api/socket-protocol.ts';
import { WorkbenchError } from '#shared/base/errors.ts';

const STORED_TOKEN = 'schedctl-workbench.token';

const refused = () =>
  new WorkbenchError(
    'closed',
    'The workbench does not answer. Open the full address that "npm start" printed, ' +
      'or start the workbench again if it has ended.',
  );

/**
 * The token: from the address the first time, then from this tab's own storage, so that reloading works
 * while the secret does not stay in the address bar and the history.
 */
async function findToken(location: Location, storage: Storage): Promise<string> {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const ticket = fragment.get(FRAGMENT.ticket);
  let token = fragment.get(FRAGMENT.token);
  if (ticket !== null) {
    const headers = { Authorization: `Ticket ${ticket}` };
    const response = await fetch(TICKET_PATH, { method: 'POST', headers }).catch(() => null);
    if (response?.ok) token = await response.text();
  }
  if (token !== null) {
    storage.setItem(STORED_TOKEN, token);
    history.replaceState(null, '', location.pathname);
  }
  const stored = storage.getItem(STORED_TOKEN);
  if (stored === null) throw refused();
  return stored;
}

/** Connects to the host that served this page. @throws {WorkbenchError} `closed` where it refuses. */
export async function connectSocket(location: Location, storage: Storage): Promise<ClientPipe> {
  const token = await findToken(location, storage);
  const socket = new WebSocket(`ws://${location.host}${SOCKET_PATH}`, [
    SUBPROTOCOL,
    TOKEN_SUBPROTOCOL_PREFIX + token,
  ]);
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    // The browser does not tell why; a stale token is the usual reason.
    socket.addEventListener('error', () => reject(refused()));
  });
  return socketPipe(socket);
}
