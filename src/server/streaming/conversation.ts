/** What passes between the ways a client can speak and the world. */
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import type { ConnectOptions } from '../../kubernetes/protocols/streaming.ts';
import type { SpdyConnection } from './spdy.ts';

/** What a client wants of a Pod, and the way there. */
export interface Wish { readonly request: ApiRequest; readonly options: ConnectOptions; readonly ports: readonly number[] }

/** A conversation that the world has agreed to; what came of it before anybody listened is told first. */
export interface Conversation {
  listen(hear: (type: string, body: unknown) => void, ended: () => void): void;
  say(frame: string, body: unknown): void;
  hangUp(): void;
}

/** Bytes both ways, whatever carries them. */
export interface Wire { connect(opened: ConstructorParameters<typeof SpdyConnection>[1]): SpdyConnection; onClose(closed: () => void): void; close(): void }
