/** `/_orrery/session`: the session's port over a WebSocket, one JSON document a message. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { FromSession, ToSession } from '../session/port/protocol.ts';
import { refusedAtTheDoor } from './door.ts';
import type { LiveSession } from './live-session.ts';
import { RecentFrames, Viewer } from './viewer.ts';

export const sessionPath = '/_orrery/session';

const mostPages = 32;
/** A manifest may be as large as a body of the API. */
const mostBytes = 3 * 1024 * 1024;
/** A page that reads so slowly that this much waits for it is let go; it comes back and is told the present. */
const mostWaitingBytes = 64 * 1024 * 1024;

/** Lets pages look at the world; returns what takes an upgrade, or false where it is for somebody else. */
export function pageSocket(live: LiveSession, server: Server, loopbackOnly: boolean): (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: mostBytes, clientTracking: true });
  const recent = new RecentFrames();
  const viewers = new Set<Viewer>();
  live.watch((frame) => {
    recent.add(frame);
    for (const viewer of viewers) viewer.news();
  });
  server.on('close', () => sockets.close());
  const serve = (socket: WebSocket): void => {
    const say = (message: FromSession): void => {
      if (socket.bufferedAmount > mostWaitingBytes) return socket.terminate();
      return socket.send(JSON.stringify(message));
    };
    const viewer = new Viewer(live, recent, say);
    viewers.add(viewer);
    socket.on('message', (data) => {
      try {
        viewer.receive(JSON.parse((data as Buffer).toString()) as ToSession);
      } catch (error) {
        say({ type: 'failed', message: `The served cluster could not take a message: ${(error as Error).message}` });
      }
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => { viewer.close(); viewers.delete(viewer); });
  };
  return (request, socket, head) => {
    if ((request.url ?? '').split('?')[0] !== sessionPath) return false;
    const refused = refusedAtTheDoor(request, loopbackOnly) ?? (sockets.clients.size >= mostPages ? { code: 503, message: `${mostPages} pages look at this cluster already` } : undefined);
    if (refused === undefined) sockets.handleUpgrade(request, socket, head, serve);
    else socket.end(`HTTP/1.1 ${refused.code} Refused\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${refused.message}\n`);
    return true;
  };
}
