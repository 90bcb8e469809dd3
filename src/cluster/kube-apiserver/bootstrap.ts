/** What every cluster has from its first start on. Models pkg/controlplane/controller/{systemnamespaces,kubernetesservice}. */
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { setTimer } from '../../simulation/process/effects.ts';
import { formatIp, parseCidr } from './allocators.ts';
import type { UserInfo } from './authentication/user-info.ts';
import { cacheKey, servedAs, type Served } from './served.ts';
import { cached, type Finished, type Inflight, type Step } from './state.ts';
import { create } from './writes.ts';

interface First { readonly resource: string; readonly namespace?: string; readonly body: { readonly metadata: { readonly name: string } } }

const retryUs = 1_000_000;

const namespaces: readonly First[] = ['kube-system', 'kube-public', 'kube-node-lease', 'default'].map((name) => ({
  resource: 'namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
}));

const firstObjects = (serviceCidr: string): readonly First[] => [
  ...namespaces,
  {
    resource: 'services', namespace: 'default',
    body: {
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'kubernetes', namespace: 'default', labels: { provider: 'kubernetes', component: 'apiserver' } },
      spec: { type: 'ClusterIP', clusterIP: formatIp(parseCidr(serviceCidr).base + 1), ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }], sessionAffinity: 'None' },
    } as First['body'],
  },
];

const loopback: UserInfo = { name: 'system:apiserver', groups: ['system:masters'] };

/** A request the server makes to itself, past no network. */
export function ownRequest(step: Step, served: Served, request: Omit<ApiRequest, 'user' | 'userAgent' | 'group' | 'version' | 'resource'>, hook: string): Inflight {
  return {
    id: '', served, hook, user: loopback, receivedAtUs: step.env.nowUs, eventId: step.env.eventId, looked: {}, lookups: 0, attempts: 0, authorization: 'loopback',
    request: { ...request, resource: served.info.resource, group: served.info.group, version: served.info.version, user: 'system:apiserver', userAgent: 'kube-apiserver/v1.36.0' },
  };
}

/** Makes the first objects, one after the other, leaving out those that are there. */
export function bootstrap(step: Step, from = 0): void {
  const objects = firstObjects(step.state.serviceCidr);
  for (let i = from; i < objects.length; i++) {
    const { resource, namespace, body } = objects[i]!;
    if (cached(step.state, resource, cacheKey(servedAs(resource), namespace, body.metadata.name)) !== undefined) continue;
    return create(step, ownRequest(step, servedAs(resource), { verb: 'create', namespace, body }, `bootstrap/${i}`));
  }
  step.effects.push(setTimer('own-lease', 0));
}

/** One of the first objects is there, or could not be made now. */
export function bootstrapOn(step: Step, { hook, code }: Finished): void {
  const index = Number(hook.slice('bootstrap/'.length));
  if (code < 500) bootstrap(step, index + 1);
  else step.effects.push(setTimer('bootstrap', retryUs, { body: index }));
}
