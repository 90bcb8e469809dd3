import type { Component } from '../component.ts';
import { kubeApiserverMachine } from './kube-apiserver-machine.ts';
import { initialApiServer, type ApiServerState } from './state.ts';

/** Models cmd/kube-apiserver: the only door to etcd, and the place where everybody watches. */
export const kubeApiserver: Component<ApiServerState> = {
  name: 'kube-apiserver',
  machine: kubeApiserverMachine,
  initial: (input) => initialApiServer(input),
  descriptor: {
    title: 'kube-apiserver',
    duty: 'Checks every request, keeps the objects in etcd and tells all who watch what changed.',
    where: 'control-plane',
    role: 'front-door',
    upstream: 'https://github.com/kubernetes/kubernetes/tree/release-1.36/staging/src/k8s.io/apiserver',
    glyph: 'A',
  },
  dials: [{ component: 'etcd', protocols: ['etcd'] }, { component: 'kubelet', protocols: ['kubelet', 'http'] }, { component: 'containerd', protocols: ['webhook', 'http'] }],
  summary(state) {
    let objects = 0;
    let revision = 0;
    state.caches.forEach((cache) => {
      objects += cache.objects.size;
      if (cache.revision > revision) revision = cache.revision;
    });
    return {
      line: state.etcdAnswers ? `${state.watchedResource.size} watches, revision ${revision}` : 'etcd does not answer',
      counters: { objects, watches: state.watchedResource.size, 'calls to etcd': state.calls.size, revision },
    };
  },
};
