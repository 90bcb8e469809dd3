/** exec and attach over SPDY: one stream each for what goes in, what comes out, how it ended and the terminal's size. Models kubelet's cri-streaming/pkg/streaming/remotecommand/httpstream.go. */
import { frames, type Bytes, type ConnectEnd, type ConnectOptions, type TerminalSize } from '../../kubernetes/protocols/streaming.ts';
import type { SpdyStream } from './spdy.ts';
import type { Conversation, Wire } from './conversation.ts';

export function readSize(text: string): TerminalSize | undefined {
  const match = /"Width":(\d{1,5}),"Height":(\d{1,5})/i.exec(text);
  return match === null ? undefined : { width: Number(match[1]), height: Number(match[2]) };
}

export function carryStreams(conversation: Conversation, { stdin = false, stdout = false, stderr = false, tty = false }: ConnectOptions, wire: Wire): void {
  const streams = new Map<string, SpdyStream>();
  const awaited = ['error', ...(stdin ? ['stdin'] : []), ...(stdout ? ['stdout'] : []), ...(stderr && !tty ? ['stderr'] : []), ...(tty ? ['resize'] : [])];
  const spdy = wire.connect((stream) => {
    const kind = stream.headers['streamtype'] ?? '';
    streams.set(kind, stream);
    if (kind === 'stdin') stream.onData = (bytes) => { if (bytes === undefined) conversation.say(frames.stdinEnd, {}); else conversation.say(frames.stdin, { data: bytes.toString('latin1') } satisfies Bytes); };
    if (kind === 'resize') {
      stream.onData = (bytes) => {
        const size = bytes === undefined ? undefined : readSize(bytes.toString());
        if (size !== undefined) conversation.say(frames.resize, size);
      };
    }
    if (awaited.every((each) => streams.has(each))) listen();
  });
  const end = (): void => {
    for (const stream of streams.values()) stream.end();
    setTimeout(() => wire.close(), 100);
  };
  let listening = false;
  const listen = (): void => {
    if (listening) return;
    listening = true;
    conversation.listen((type, body) => {
      if (type === frames.stdout || type === frames.stderr) streams.get(type === frames.stdout ? 'stdout' : 'stderr')?.write(Buffer.from((body as Bytes).data, 'latin1'));
      else if (type === frames.status) streams.get('error')?.write(Buffer.from(JSON.stringify((body as ConnectEnd).status)));
    }, end);
  };
  wire.onClose(() => { spdy.close(); conversation.hangUp(); });
}
