/** port-forward: each connection of the client is a pair of SPDY streams, and a conversation of its own in the world. Models cri-streaming/pkg/streaming/portforward/httpstream.go. */
import { frames, type Bytes, type ConnectEnd } from '../../kubernetes/protocols/streaming.ts';
import type { LiveSession } from '../live-session.ts';
import type { SpdyStream } from './spdy.ts';
import type { Wire, Wish } from './conversation.ts';

interface Ears { readonly data: (bytes: Buffer) => void; readonly failed: (why: string) => void; readonly ended: () => void }
export interface PortConnection { readonly say: (bytes: Buffer | undefined) => void; readonly hangUp: () => void }

/** One connection to one port of the Pod. */
export function openPort(live: LiveSession, { request }: Wish, port: number, { data, failed, ended }: Ears): PortConnection {
  const { say, hangUp } = live.converse({ ...request, body: { port } }, (reply) => {
    if (reply.what === 'said' && reply.type === frames.stdout) data(Buffer.from((reply.body as Bytes).data, 'latin1'));
    else if (reply.what === 'said' && reply.type === frames.status) {
      const { status } = reply.body as ConnectEnd;
      if (status.status !== 'Success') failed((status.message ?? '').replace(/^Internal error occurred: /, ''));
    } else if (reply.what === 'ended') ended();
  });
  return { hangUp, say: (bytes) => { if (bytes === undefined) say(frames.stdinEnd, {}); else say(frames.stdin, { data: bytes.toString('latin1') } satisfies Bytes); } };
}

export function carryPortForward(live: LiveSession, wish: Wish, wire: Wire): void {
  const errors = new Map<string, SpdyStream>();
  const open = new Set<PortConnection>();
  const spdy = wire.connect((stream) => {
    const { streamtype: kind, requestid: id = '', port = '' } = stream.headers;
    if (kind === 'error') { errors.set(id, stream); return; }
    const error = errors.get(id);
    errors.delete(id);
    if (kind !== 'data' || error === undefined || !(Number(port) > 0)) { stream.reset(); return; }
    const connection = openPort(live, wish, Number(port), {
      data: (bytes) => stream.write(bytes), failed: (why) => error.write(Buffer.from(why)),
      ended: () => { open.delete(connection); stream.end(); error.end(); },
    });
    open.add(connection);
    stream.onData = (bytes) => connection.say(bytes);
  });
  wire.onClose(() => {
    spdy.close();
    for (const { hangUp } of open) hangUp();
  });
}
