import type { KubeProxyState } from '../../cluster/kube-proxy/proxier.ts';
import { rulesOf, serviceLabel } from '../../cluster/kube-proxy/rules.ts';
import type { EndpointSlice, KubeObject, Service } from '../../kubernetes/api/index.ts';
import type { World } from '../../simulation/world.ts';
import type { NodeRules, ServiceAnswer, ServiceEndpoint, ServiceQuery } from '../port/service-view.ts';

/** Who answers for a Service, and what each node's kube-proxy has made of it so far. */
export function serviceAnswer(world: World, objects: Iterable<KubeObject>, { namespace, name }: ServiceQuery): ServiceAnswer {
  let service: Service | undefined;
  const slices: EndpointSlice[] = [];
  for (const object of objects) {
    if (object.metadata.namespace !== namespace) continue;
    if (object.kind === 'Service' && object.metadata.name === name) service = object as Service;
    else if (object.kind === 'EndpointSlice' && object.metadata.labels?.[serviceLabel] === name) slices.push(object as EndpointSlice);
  }
  const key = `${namespace}/${name}`;
  const proxies: NodeRules[] = [];
  for (const process of world.processes()) {
    if (process.program !== 'kube-proxy') continue;
    // The rules are the kernel's: they stay when kube-proxy stops.
    const state = process.snapshot?.state as KubeProxyState | undefined;
    const has = (state?.rules ?? process.disk as KubeProxyState['rules'] | undefined)?.get(key) ?? [];
    const shouldHave = service === undefined ? [] : rulesOf(service, slices, process.host);
    const [have, want] = [flat(has), flat(shouldHave)];
    proxies.push({
      node: process.host, running: process.running,
      rules: has.map(({ clusterIP, port, protocol, nodePort, endpoints }) => ({
        port: `${clusterIP}:${port}/${protocol}${nodePort === undefined ? '' : `, node port ${nodePort}`}`, endpoints: endpoints.map((one) => `${one.address}:${one.port}`),
      })),
      stale: [...have].filter((one) => !want.has(one)), missing: [...want].filter((one) => !have.has(one)),
    });
  }
  return { type: 'service', endpoints: slices.flatMap(endpointsOf).sort((a, b) => (a.pod < b.pod ? -1 : 1)), proxies };
}

const flat = (rules: ReturnType<typeof rulesOf>): ReadonlySet<string> => new Set(rules.flatMap(({ endpoints }) => endpoints.map((one) => `${one.address}:${one.port}`)));

const endpointsOf = (slice: EndpointSlice): readonly ServiceEndpoint[] => (slice.endpoints ?? []).map(({ addresses, conditions, nodeName, targetRef }) => {
  const ready = conditions?.ready !== false;
  return {
    address: addresses[0] ?? '', pod: targetRef?.name ?? '', namespace: targetRef?.namespace ?? '', node: nodeName ?? '',
    ready, serving: conditions?.serving ?? ready, terminating: conditions?.terminating === true,
  };
});
