/**
 * SPDY/3.1 as Kubernetes speaks it: streams that the client opens with headers, bytes both ways, an end for each direction.
 * Models moby/spdystream, which has no flow control. kubectl before 1.30 speaks it after an upgrade, later ones in a WebSocket for port-forward.
 */
import { constants, createDeflate, createInflate } from 'node:zlib';
import { spdyDictionary } from './spdy-dictionary.ts';

const types = { synStream: 1, synReply: 2, rstStream: 3, ping: 6, goAway: 7, headers: 8 } as const;
const finFlag = 1;
const mostFrameBytes = 16 * 1024 * 1024;
/** What is said at once goes out in pieces of this size. */
const pieceBytes = 32 * 1024;

export interface SpdyStream {
  readonly id: number;
  readonly headers: { readonly [name: string]: string };
  /** What the client sends, and (undefined) that it sends no more. */
  onData: (bytes: Buffer | undefined) => void;
  write(bytes: Buffer): void;
  /** This end sends no more. */
  end(): void;
  reset(): void;
}

export class SpdyConnection {
  private readonly streams = new Map<number, SpdyStream>();
  private readonly inflate = createInflate({ dictionary: spdyDictionary });
  private readonly deflate = createDeflate({ dictionary: spdyDictionary });
  private waiting: Buffer = Buffer.alloc(0);
  private work: Promise<void> = Promise.resolve();
  private readonly send: (bytes: Buffer) => void;
  private readonly opened: (stream: SpdyStream) => void;
  private readonly broken: (why: string) => void;

  constructor(send: (bytes: Buffer) => void, opened: (stream: SpdyStream) => void, broken: (why: string) => void) {
    [this.send, this.opened, this.broken] = [send, opened, broken];
    for (const codec of [this.inflate, this.deflate]) codec.on('error', (error) => this.broken(error.message));
  }

  /** Bytes of the connection, cut anywhere. */
  receive(bytes: Buffer): void {
    this.waiting = this.waiting.length === 0 ? bytes : Buffer.concat([this.waiting, bytes]);
    while (this.waiting.length >= 8) {
      const length = this.waiting.readUIntBE(5, 3);
      if (length > mostFrameBytes) return this.broken('frame too large');
      if (this.waiting.length < 8 + length) return;
      const frame = this.waiting.subarray(0, 8 + length);
      this.waiting = this.waiting.subarray(8 + length);
      // Headers are unpacked one after another: the frames wait for each other.
      this.work = this.work.then(() => this.frame(frame)).catch((error: unknown) => this.broken((error as Error).message));
    }
  }

  close(): void {
    this.inflate.close();
    this.deflate.close();
    this.streams.clear();
  }

  private async frame(frame: Buffer): Promise<void> {
    const flags = frame[4]!;
    const body = frame.subarray(8);
    if ((frame[0]! & 0x80) === 0) return this.data(frame.readUInt32BE(0), flags, body);
    switch (frame.readUInt16BE(2)) {
      case types.synStream: return this.open(body, flags);
      case types.headers: await this.unpack(body.subarray(4)); return;
      case types.ping: this.control(types.ping, 0, body); return;
      case types.rstStream: this.forget(body.readUInt32BE(0) & 0x7fffffff); return;
      default: return;
    }
  }

  private forget(id: number): void {
    const stream = this.streams.get(id);
    this.streams.delete(id);
    stream?.onData(undefined);
  }

  private data(id: number, flags: number, body: Buffer): void {
    const stream = this.streams.get(id);
    if (body.length > 0) stream?.onData(body);
    if ((flags & finFlag) !== 0) stream?.onData(undefined);
  }

  private async open(body: Buffer, flags: number): Promise<void> {
    const id = body.readUInt32BE(0) & 0x7fffffff;
    const headers = await this.unpack(body.subarray(10));
    const reply = Buffer.alloc(4);
    reply.writeUInt32BE(id);
    let ended = false;
    const stream: SpdyStream = {
      id, headers, onData: () => undefined,
      write: (bytes) => { for (let at = 0; at < bytes.length && !ended; at += pieceBytes) this.sendData(id, 0, bytes.subarray(at, at + pieceBytes)); },
      end: () => { if (!ended) this.sendData(id, finFlag, Buffer.alloc(0)); ended = true; },
      reset: () => { ended = true; this.streams.delete(id); this.control(types.rstStream, 0, Buffer.concat([reply, Buffer.from([0, 0, 0, 5])])); },
    };
    this.streams.set(id, stream);
    this.control(types.synReply, 0, Buffer.concat([reply, await this.pack()]));
    this.opened(stream);
    if ((flags & finFlag) !== 0) stream.onData(undefined);
  }

  private sendData(id: number, flags: number, bytes: Buffer): void {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(id);
    head[4] = flags;
    head.writeUIntBE(bytes.length, 5, 3);
    this.send(Buffer.concat([head, bytes]));
  }

  private control(type: number, flags: number, body: Buffer): void {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(0x8003);
    head.writeUInt16BE(type, 2);
    head[4] = flags;
    head.writeUIntBE(body.length, 5, 3);
    this.send(Buffer.concat([head, body]));
  }

  private async unpack(block: Buffer): Promise<{ readonly [name: string]: string }> {
    await new Promise<void>((resolve, reject) => { this.inflate.write(block, (error) => (error ? reject(error) : resolve())); });
    const bytes = (this.inflate.read() as Buffer | null) ?? Buffer.alloc(0);
    const headers: Record<string, string> = Object.create(null) as Record<string, string>;
    let at = 4;
    const text = (): string => {
      const length = bytes.readUInt32BE(at);
      at += 4 + length;
      return bytes.toString('latin1', at - length, at);
    };
    for (let left = bytes.readUInt32BE(0); left > 0; left--) headers[text().toLowerCase()] = text();
    return headers;
  }

  /** No headers at all. */
  private async pack(): Promise<Buffer> {
    this.deflate.write(Buffer.alloc(4));
    await new Promise<void>((resolve) => { this.deflate.flush(constants.Z_SYNC_FLUSH, () => resolve()); });
    return (this.deflate.read() as Buffer | null) ?? Buffer.alloc(0);
  }
}
