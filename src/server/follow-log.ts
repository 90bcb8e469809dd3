/** `kubectl logs -f`: what a container writes, asked for again and again until it has ended. The model's kubelet tells a log at once; the real one keeps the stream open. */
import type { ServerResponse } from 'node:http';
import type { Pod } from '../kubernetes/api/index.ts';
import type { ApiRequest } from '../kubernetes/protocols/api.ts';
import type { Reply } from '../session/port/protocol.ts';
import type { LiveSession } from './live-session.ts';

const everyMs = 500;

export function followLog(live: LiveSession, request: ApiRequest, response: ServerResponse, refuse: (reply: Reply) => void): void {
  const { timestamps = false, ...asked } = request.query ?? {};
  let query: ApiRequest['query'] = { ...asked, timestamps: true };
  /** The moment of the last line that was told, and how many of that moment were. */
  let last = '';
  let told = 0;
  let containerId: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hangUp = (): void => undefined;
  response.on('close', () => { clearTimeout(timer); hangUp(); });

  const tell = (text: string): void => {
    let same = 0;
    for (const line of text.split('\n').slice(0, -1)) {
      const at = line.slice(0, line.indexOf(' '));
      same = at === last ? same + 1 : 0;
      if (at === last && same <= told) continue;
      if (at !== last) [last, same, told] = [at, 1, 1]; else told = same;
      response.write(`${timestamps ? line : line.slice(at.length + 1)}\n`);
    }
  };
  /** The rest of a container that has ended is read too; the one that comes after it is another, and its log is not this one. */
  const read = (how: 'on' | 'ended' | 'replaced'): void => {
    hangUp = live.send({ ...request, query: how === 'replaced' ? { ...query, previous: true } : query! }, (reply) => {
      const text: unknown = reply.what === 'response' ? reply.response.body : undefined;
      if (typeof text !== 'string') return response.headersSent ? void response.end() : refuse(reply);
      if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-cache, private' });
      response.flushHeaders();
      tell(text);
      const { tailLines: _tail, sinceSeconds: _since, ...rest } = query!;
      if (last !== '') query = { ...rest, sinceTime: last };
      if (how !== 'on') return void response.end();
      timer = setTimeout(look, everyMs);
      return undefined;
    });
  };
  const look = (): void => {
    const { subresource: _log, query: _query, ...pod } = request;
    hangUp = live.send(pod, (reply) => {
      const { status, spec } = (reply.what === 'response' ? reply.response.body : {}) as Partial<Pod>;
      const name = request.query?.container ?? spec?.containers[0]?.name;
      const container = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find((each) => each.name === name);
      const replaced = containerId !== undefined && container?.containerID !== containerId;
      containerId ??= container?.containerID;
      return read(replaced ? 'replaced' : container?.state?.running === undefined ? 'ended' : 'on');
    });
  };
  look();
}
