/** `kubectl logs -f`: the log as a stream of the world, from the container through its kubelet and the API server; it ends when the container does, and breaks off where one of them is lost. */
import type { ServerResponse } from 'node:http';
import type { Status } from '../kubernetes/api/index.ts';
import type { ApiRequest } from '../kubernetes/protocols/api.ts';
import { frames, type Bytes, type ConnectEnd } from '../kubernetes/protocols/streaming.ts';
import type { Reply } from '../session/port/protocol.ts';
import type { LiveSession } from './live-session.ts';

export const isFollowed = ({ subresource, verb, query }: ApiRequest): boolean => subresource === 'log' && verb === 'get' && query?.follow === true;

export function followLog(live: LiveSession, request: ApiRequest, response: ServerResponse, refuse: (status: Status) => void, silent: (reply: Reply) => void): void {
  const hear = (type: string, body: unknown): void => {
    if (type === frames.stdout) return void response.write(Buffer.from((body as Bytes).data, 'latin1').toString());
    if (type === frames.status) return refuse((body as ConnectEnd).status);
    if (type !== frames.opened) return;
    response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
    response.flushHeaders();
  };
  const { hangUp } = live.converse(request, (reply) => {
    if (reply.what === 'said') hear(reply.type, reply.body);
    else if (!response.headersSent) silent(reply);
    // Whoever reads is told that there would have been more.
    else if (reply.what === 'ended' && reply.reason !== 'closed') response.destroy();
    else response.end();
  });
  response.on('close', hangUp);
}
