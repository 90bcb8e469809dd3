/** What the kubelet answers on its port 10250 over HTTP, as far as it knows what is asked there. Models pkg/kubelet/server/server.go. */
import type { Pod } from '../../kubernetes/api/index.ts';
import { toBytes } from '../../kubernetes/protocols/streaming.ts';
import type { HttpAnswer, HttpRequest } from '../../kubernetes/protocols/http.ts';
import type { ListContainerStatsResponse } from '../../kubernetes/protocols/cri.ts';
import { request, respond } from '../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import { turn, type KubeletState, type Turn } from './kubelet-state.ts';
import { resourceMetrics } from './resource-metrics.ts';

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
  if (asked.method === 'GET' && asked.path.split('?')[0] === '/metrics/resource') return void at.effects.push(request(`metrics/${id}`, at.state.input.runtime, { type: 'cri.ListContainerStats', body: {} }));
  const given = answered(at.state, asked);
  at.effects.push(respond(id, { type: 'http.Response', body: asked.method === 'HEAD' ? { ...given, body: '' } : given }, workUs));
  return undefined;
});

/** The runtime has said what its containers take, or is silent. */
export function metricsRead(at: Turn, { id, type, body }: ProcessEvent): void {
  const known = type === 'cri.ListContainerStatsResponse' ? resourceMetrics(body as ListContainerStatsResponse) : noMetrics;
  at.effects.push(respond(id.slice('metrics/'.length), { type: 'http.Response', body: answer(200, 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores', toBytes(known)) }, workUs));
}
const noMetrics = '# HELP resource_scrape_error [STABLE] 1 if there was an error while getting container metrics, 0 otherwise\n# TYPE resource_scrape_error gauge\nresource_scrape_error 1\n';
