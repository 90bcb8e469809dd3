import { PMap, PSet } from '../../simulation/collections/index.ts';
import { createClient } from '../../kubernetes/client-go/index.ts';
import type { Component } from '../component.ts';
import { kubeProxyMachine } from './kube-proxy-machine.ts';
import type { KubeProxyInput, KubeProxyState } from './proxier.ts';
import { serviceLabel, type Rule } from './rules.ts';

/** Turns Services into the node's packet rules. */
export const kubeProxy: Component<KubeProxyState> = {
  name: 'kube-proxy',
  machine: kubeProxyMachine,
  initial(raw, disk) {
    const input = raw as KubeProxyInput;
    const client = createClient({
      apiServer: input.apiServer, user: 'system:kube-proxy', userAgent: 'kube-proxy/v1.36.0 (linux/amd64)', qps: 5, burst: 10,
      informers: [
        { group: '', version: 'v1', resource: 'services', labelSelector: '!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name' },
        {
          group: 'discovery.k8s.io', version: 'v1', resource: 'endpointslices', labelSelector: '!service.kubernetes.io/headless,!service.kubernetes.io/service-proxy-name',
          indices: { service: ({ metadata }) => [`${metadata.namespace ?? 'default'}/${metadata.labels?.[serviceLabel] ?? ''}`] },
        },
      ],
    });
    return {
      input, client, rules: (disk as PMap<string, readonly Rule[]> | undefined) ?? PMap(), dirty: PSet(), writeAll: true, lastSyncUs: undefined, timerSet: false,
    };
  },
  // The rules are the kernel's: they stay when kube-proxy stops, and are gone when the machine loses power.
  survives: (state, cause) => (cause === 'power-loss' ? undefined : state.rules),
  descriptor: {
    title: 'kube-proxy',
    duty: 'Writes the rules by which connections to a Service reach one of its Pods.',
    where: 'node',
    rank: 20,
    upstream: 'https://github.com/kubernetes/kubernetes/tree/release-1.36/pkg/proxy',
    glyph: 'P',
  },
  dials: [{ component: 'kube-apiserver', protocols: ['api'] }, { component: 'load-balancer', protocols: ['api'] }],
  summary(state) {
    let rules = 0;
    let endpoints = 0;
    for (const list of state.rules.values()) for (const rule of list) { rules++; endpoints += rule.endpoints.length; }
    return { line: `iptables · ${rules} rule${rules === 1 ? '' : 's'}`, counters: { services: state.rules.size, rules, endpoints } };
  },
};
