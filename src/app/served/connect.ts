import type { FromSession, ToSession } from '../../session/port/protocol.ts';
import type { SessionConnection } from '../../store/connection.ts';

const retryMs = 1_000;

/** The session of a server, over a WebSocket. A server that comes back has the page begin anew: its world may be another. */
export function connectServed(address: URL): SessionConnection {
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
  const early: ToSession[] = [];
  let hear: (answer: FromSession) => void = () => undefined;
  let closed = false;
  const socket = new WebSocket(address);
  socket.addEventListener('open', () => { for (const request of early.splice(0)) socket.send(JSON.stringify(request)); });
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => hear(JSON.parse(data) as FromSession));
  socket.addEventListener('close', () => {
    if (closed) return;
    hear({ type: 'failed', message: 'The connection to the served cluster is lost. This page goes on by itself when the server is back.' });
    comeBack(address);
  });
  return {
    served: true,
    send: (request) => { if (socket.readyState === WebSocket.CONNECTING) early.push(request); else socket.send(JSON.stringify(request)); },
    listen(next) { hear = next; },
    close() { closed = true; socket.close(); },
  };
}

function comeBack(address: URL): void {
  setTimeout(() => {
    const next = new WebSocket(address);
    next.addEventListener('open', () => location.reload());
    next.addEventListener('error', () => comeBack(address));
  }, retryMs);
}
