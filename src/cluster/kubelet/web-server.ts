/** What the kubelet answers on its port 10250 over HTTP, as far as it knows what is asked there. Models pkg/kubelet/server/server.go. */
import type { Pod } from '../../kubernetes/api/index.ts';
import { toBytes } from '../../kubernetes/protocols/streaming.ts';
import type { HttpAnswer, HttpRequest } from '../../kubernetes/protocols/http.ts';
import { respond } from '../../simulation/process/effects.ts';
import { turn, type KubeletState } from './kubelet-state.ts';

const workUs = 500;

const answer = (code: number, type: string, body: string): HttpAnswer => ({ code, headers: [['Content-Length', String(body.length)], ['Content-Type', type]], body });
const text = (code: number, body: string): HttpAnswer => answer(code, 'text/plain; charset=utf-8', body);

const shown = ({ apiVersion: _version, kind: _kind, ...pod }: Pod, status: Pod['status']): object => ({ ...pod, status: status ?? pod.status ?? {} });
/** The Pods it takes care of, as it sees them. */
const podList = ({ workers }: KubeletState): string =>
  JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [...workers.values()].filter(({ removed }) => !removed).map(({ pod, status }) => shown(pod, status)) });

function answered(state: KubeletState, { method, path }: HttpRequest): HttpAnswer {
  const [where = ''] = path.split('?');
  if (/^\/healthz(\/(ping|log|syncloop))?$/.test(where)) return text(200, 'ok');
  if (where !== '/pods' && where !== '/pods/') return text(404, '404 page not found\n');
  return method === 'GET' || method === 'HEAD' ? answer(200, 'application/json', toBytes(podList(state))) : text(405, '405: Method Not Allowed');
}

export const answerHttp = turn((at, { id, body }) => {
  const asked = body as HttpRequest;
  const given = answered(at.state, asked);
  at.effects.push(respond(id, { type: 'http.Response', body: asked.method === 'HEAD' ? { ...given, body: '' } : given }, workUs));
});
