/** `/livez`, `/readyz`, `/healthz`: asked of the API server in the world. Models staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go: handleRootHealth. */
import type { ServerResponse } from 'node:http';
import type { ApiRequest } from '../kubernetes/protocols/api.ts';
import type { LiveSession } from './live-session.ts';

export const healthPath = /^\/(readyz|livez|healthz)(?:\/([^/]*))?\/?$/;

/** `ping` is answered by whoever listens; `etcd` by a read that only etcd can answer. */
const checks = ['ping', 'etcd'] as const;
const probe: ApiRequest = { verb: 'get', group: '', version: 'v1', resource: 'namespaces', name: 'default', user: 'kubernetes-admin', userAgent: 'kube-probe/1.36' };

export function answerHealth(live: LiveSession, path: string, query: URLSearchParams, response: ServerResponse): void {
  const [, root = '', one = ''] = healthPath.exec(path)!;
  const say = (code: number, text: string): void => { response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache, private' }).end(text); };
  if (one !== '' && !checks.some((check) => check === one)) return say(404, '404 page not found\n');
  const asked = one === '' ? checks : checks.filter((check) => check === one);
  const excluded = new Set(query.getAll('exclude'));
  const hangUp = live.send(probe, (reply) => {
    // Nobody listens at the API server's address at all.
    if (reply.what !== 'response') return say(503, `error trying to reach service: dial tcp: ${reply.what === 'ended' ? reply.reason : 'no answer'}\n`);
    const failed = (check: string): boolean => check === 'etcd' && reply.response.code >= 500 && !excluded.has(check);
    const lines = asked.map((check) => (excluded.has(check) ? `[+]${check} excluded: ok\n` : failed(check) ? `[-]${check} failed: reason withheld\n` : `[+]${check} ok\n`)).join('');
    if (asked.some(failed)) return say(500, one === '' ? `${lines}${root} check failed\n` : 'internal server error: reason withheld\n');
    return say(200, query.has('verbose') && one === '' ? `${lines}${root} check passed\n` : 'ok');
  });
  response.on('close', hangUp);
}
