/** exec and attach over a WebSocket: the first byte of each message is its channel. Models apimachinery/pkg/util/remotecommand/constants.go: StreamProtocolV4Name, StreamProtocolV5Name. */
import type { WebSocket } from 'ws';
import { frames, type Bytes, type ConnectEnd } from '../../kubernetes/protocols/streaming.ts';
import type { LiveSession } from '../live-session.ts';
import { openPort } from './port-forward.ts';
import { readSize } from './remote-command.ts';
import type { Conversation, Wish } from './conversation.ts';

const [stdin, stdout, stderr, error, resize] = [0, 1, 2, 3, 4] as const;
/** Of v5: the client ends one channel. */
const closeSignal = 255;

const onChannel = (channel: number, bytes: Buffer): Buffer => Buffer.concat([Buffer.from([channel]), bytes]);

export function carryChannels(conversation: Conversation, socket: WebSocket, closesChannels: boolean): void {
  conversation.listen((type, body) => {
    if (type === frames.stdout || type === frames.stderr) socket.send(onChannel(type === frames.stdout ? stdout : stderr, Buffer.from((body as Bytes).data, 'latin1')));
    else if (type === frames.status) socket.send(onChannel(error, Buffer.from(JSON.stringify((body as ConnectEnd).status))));
  }, () => socket.close(1000));
  socket.on('message', (data) => {
    const bytes = data as Buffer;
    if (bytes.length === 0) return;
    if (closesChannels && bytes[0] === closeSignal) { if (bytes[1] === stdin) conversation.say(frames.stdinEnd, {}); } else if (bytes[0] === stdin && bytes.length > 1) conversation.say(frames.stdin, { data: bytes.toString('latin1', 1) } satisfies Bytes);
    else if (bytes[0] === resize) {
      const size = readSize(bytes.toString('utf8', 1));
      if (size !== undefined) conversation.say(frames.resize, size);
    }
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => conversation.hangUp());
}

/** port-forward of older clients: two channels for each port of the query, for its bytes and for its errors; the first message of each names the port. */
export function carryPortChannels(live: LiveSession, wish: Wish, socket: WebSocket): void {
  const connections = wish.ports.map((port, index) => {
    const name = Buffer.alloc(2);
    name.writeUInt16LE(port);
    socket.send(onChannel(2 * index, name));
    socket.send(onChannel(2 * index + 1, name));
    return openPort(live, wish, port, { data: (bytes) => socket.send(onChannel(2 * index, bytes)), failed: (why) => socket.send(onChannel(2 * index + 1, Buffer.from(why))), ended: () => { socket.close(1000); } });
  });
  socket.on('message', (data) => {
    const bytes = data as Buffer;
    if (bytes.length > 1 && bytes[0]! % 2 === 0) connections[bytes[0]! / 2]?.say(bytes.subarray(1));
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => { for (const { hangUp } of connections) hangUp(); });
}
