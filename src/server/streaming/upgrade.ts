/**
 * exec, attach and port-forward over HTTP: which of their protocols a client speaks, and from there into the world.
 * Models staging/src/k8s.io/apiserver/pkg/endpoints/handlers and apimachinery/pkg/util/{remotecommand,portforward}/constants.go.
 */
import { STATUS_CODES, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Status } from '../../kubernetes/api/index.ts';
import { frames, type ConnectEnd, type ConnectOptions } from '../../kubernetes/protocols/streaming.ts';
import { askerOf, type Asker } from '../credentials.ts';
import { refusedAtTheDoor } from '../door.ts';
import type { LiveSession } from '../live-session.ts';
import { carryChannels, carryPortChannels } from './channels.ts';
import type { Conversation, Wire, Wish } from './conversation.ts';
import { carryPortForward } from './port-forward.ts';
import { carryStreams } from './remote-command.ts';
import { SpdyConnection } from './spdy.ts';

export const upgradePath = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(exec|attach|portforward)$/;
const tunnel = 'SPDY/3.1+portforward.k8s.io';
const channels = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const spdyCommand = ['v5.channel.k8s.io', 'v4.channel.k8s.io'];
const spdyForward = 'portforward.k8s.io';

export function wishOf(url: URL, asker: Asker, userAgent: string): Wish | undefined {
  const match = upgradePath.exec(url.pathname);
  if (match === null) return undefined;
  const [, namespace, name, subresource] = match.map(decodeURIComponent) as [string, string, string, 'exec' | 'attach' | 'portforward'];
  const on = (option: string): boolean => ['1', 'true'].includes(url.searchParams.get(option) ?? '');
  const container = url.searchParams.get('container') ?? '';
  const options: ConnectOptions = { ...(container !== '' && { container }), command: url.searchParams.getAll('command'), stdin: on('stdin'), stdout: on('stdout'), stderr: on('stderr'), tty: on('tty') };
  return { request: { verb: 'connect', group: '', version: 'v1', resource: 'pods', subresource, namespace, name, ...asker, userAgent, body: options }, options, ports: url.searchParams.getAll('ports').flatMap((list) => list.split(',')).map(Number).filter((port) => port > 0) };
}

/** Takes such upgrades; false where it is for somebody else. */
export function podUpgrades(live: LiveSession, server: Server, loopbackOnly: boolean, anonymous: boolean): (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 32 * 1024 * 1024 });
  let speaks = '';
  sockets.on('headers', (headers) => { if (speaks !== '') headers.push(`Sec-WebSocket-Protocol: ${speaks}`); });
  server.on('close', () => sockets.close());

  /** ws allows no `/` in a protocol's name, so it is told of none and the answer named by hand. */
  const webSocket = (request: IncomingMessage, socket: Duplex, head: Buffer, protocol: string, serve: (socket: WebSocket) => void): void => {
    delete request.headers['sec-websocket-protocol'];
    speaks = protocol;
    sockets.handleUpgrade(request, socket, head, serve);
    speaks = '';
  };

  return (request, socket, head) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const wish = wishOf(url, askerOf(request, anonymous), request.headers['user-agent'] ?? '');
    if (wish === undefined) return false;
    const refused = refusedAtTheDoor(request, loopbackOnly);
    if (refused !== undefined) { refuse(socket, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...refused } as unknown as Status); return true; }
    const offered = `${request.headers['sec-websocket-protocol'] ?? request.headers['x-stream-protocol-version'] ?? ''}`.split(',').map((one) => one.trim());
    const forward = wish.request.subresource === 'portforward';
    if (/websocket/i.test(request.headers.upgrade ?? '')) {
      const protocol = forward ? [tunnel, ...channels].find((one) => offered.includes(one)) : channels.find((one) => offered.includes(one));
      if (protocol === undefined) refuse(socket, badRequest(`unable to upgrade: no protocol of ${offered.join(', ')} is spoken here`));
      else if (protocol === tunnel) whenOpen(live, wish, socket, () => webSocket(request, socket, head, tunnel, (to) => carryPortForward(live, wish, overWebSocket(to))));
      else if (forward) whenOpen(live, wish, socket, () => webSocket(request, socket, head, protocol, (to) => carryPortChannels(live, wish, to)));
      else whenOpen(live, wish, socket, (conversation) => webSocket(request, socket, head, protocol, (to) => carryChannels(conversation, to, protocol.startsWith('v5'))));
    } else if (/^spdy\/3\.1$/i.test(request.headers.upgrade ?? '')) {
      const protocol = forward ? spdyForward : spdyCommand.find((one) => offered.includes(one)) ?? spdyCommand[1]!;
      const answer = (): void => { socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: ${protocol}\r\n\r\n`); };
      if (forward) whenOpen(live, wish, socket, () => { answer(); carryPortForward(live, wish, overSocket(socket, head)); });
      else whenOpen(live, wish, socket, (conversation) => { answer(); carryStreams(conversation, wish.options, overSocket(socket, head)); });
    } else refuse(socket, badRequest('Upgrade request required'));
    return true;
  };
}

/** Asks the world, and goes on when it has agreed; a refusal is an ordinary answer. */
function whenOpen(live: LiveSession, { request }: Wish, socket: Duplex, go: (conversation: Conversation) => void): void {
  let listener: ((type: string, body: unknown) => void) | undefined;
  let onEnd: (() => void) | undefined;
  let agreed = false;
  let ended = false;
  const early: [string, unknown][] = [];
  const { say, hangUp } = live.converse(request, (reply) => {
    if (reply.what === 'ended') {
      ended = true;
      if (!agreed) refuse(socket, unavailable(reply.reason));
      onEnd?.();
    } else if (reply.what !== 'said') return;
    else if (reply.type === frames.opened) {
      agreed = true;
      go({ say, hangUp, listen: (hear, end) => { listener = hear; onEnd = end; for (const [type, body] of early) hear(type, body); if (ended) end(); } });
    } else if (!agreed && reply.type === frames.status) { agreed = true; refuse(socket, (reply.body as ConnectEnd).status); } else if (listener === undefined) early.push([reply.type, reply.body]);
    else listener(reply.type, reply.body);
  });
  socket.on('close', hangUp);
}

const failure = (code: number, reason: string, message: string): Status => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code }) as Status;
const badRequest = (message: string): Status => failure(400, 'BadRequest', message);
const unavailable = (reason: string): Status => failure(503, 'ServiceUnavailable', `error trying to reach service: dial tcp: ${reason}`);

export function refuse(socket: Duplex, status: Status): void {
  const body = JSON.stringify(status);
  const code = status.code ?? 500;
  socket.end(`HTTP/1.1 ${code} ${STATUS_CODES[code] ?? 'Error'}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
}

const overSocket = (socket: Duplex, head: Buffer): Wire => ({
  connect(opened) {
    const spdy = new SpdyConnection((bytes) => void socket.write(bytes), opened, () => socket.destroy());
    if (head.length > 0) spdy.receive(head);
    socket.on('data', (bytes: Buffer) => spdy.receive(bytes));
    return spdy;
  },
  onClose: (closed) => { socket.on('close', closed); },
  close: () => { socket.end(); },
});

const overWebSocket = (socket: WebSocket): Wire => ({
  connect(opened) {
    const spdy = new SpdyConnection((bytes) => { socket.send(bytes); }, opened, () => socket.terminate());
    socket.on('message', (data) => spdy.receive(data as Buffer));
    return spdy;
  },
  onClose: (closed) => { socket.on('close', closed); socket.on('error', () => socket.terminate()); },
  close: () => { socket.close(1000); },
});
