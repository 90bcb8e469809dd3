import { List, PMap, PSet } from '../../simulation/collections/index.ts';
import { createClient } from '../../kubernetes/client-go/index.ts';
import type { Component } from '../component.ts';
import { kubeletMachine } from './kubelet-machine.ts';
import type { KubeletInput, KubeletState } from './kubelet-state.ts';
import { kubeletVersion } from './node-status.ts';

/** The node's agent: brings the Pods that are bound to its node to life, and tells how they are. */
export const kubelet: Component<KubeletState> = {
  name: 'kubelet',
  machine: kubeletMachine,
  initial(raw) {
    const input = raw as KubeletInput;
    const client = createClient({
      apiServer: input.apiServer, user: `system:node:${input.node}`, userAgent: `kubelet/${kubeletVersion} (linux/amd64)`, qps: 50, burst: 100,
      // Events have a client of their own (eventRecordQPS, eventBurst), so that a flood of them holds back nothing else.
      identities: { events: { user: `system:node:${input.node}`, userAgent: `kubelet/${kubeletVersion} (linux/amd64)`, qps: 50, burst: 100 } },
      informers: [
        { group: '', version: 'v1', resource: 'pods', fieldSelector: `spec.nodeName=${input.node}` },
        { group: '', version: 'v1', resource: 'nodes', fieldSelector: `metadata.name=${input.node}` },
      ],
    });
    return {
      input, client, workers: PMap(), claimed: { pods: 0, cpu: 0, memory: 0, storage: 0 }, awaitRelist: PSet(), awaitRoom: PSet(), fetched: PMap(), statusQueue: List(), statusBusy: undefined, nextCall: 0, conversations: PMap(), following: PMap(),
      relist: { underWay: false, beganAtUs: 0, trueAtUs: 0, timerSet: false, done: false, sandboxes: [], containers: [], sandboxesSeen: [] },
      node: { registered: false, asking: false, registerBackOffUs: 0, runtimeOkAtUs: -1, networkReady: false, reportedAtUs: 0, node: undefined, lease: undefined, images: PMap() },
    };
  },
  descriptor: {
    title: 'kubelet',
    duty: 'Runs the Pods bound to its node through the container runtime and reports their status.',
    where: 'node',
    rank: 10,
    upstream: 'https://github.com/kubernetes/kubernetes/tree/release-1.36/pkg/kubelet',
    glyph: 'K',
  },
  dials: [{ component: 'kube-apiserver', protocols: ['api'] }, { component: 'load-balancer', protocols: ['api'] }, { component: 'containerd', protocols: ['cri'] }],
  summary(state) {
    let running = 0;
    let busy = 0;
    let ending = 0;
    for (const worker of state.workers.values()) {
      if (worker.status?.phase === 'Running') running++;
      if (worker.sync !== undefined) busy++;
      if (worker.stage === 'terminating') ending++;
    }
    const pods = `${state.workers.size} ${state.workers.size === 1 ? 'Pod' : 'Pods'}`;
    const doing = state.workers.size === 0 ? 'no Pods' : busy > 0 ? `syncing ${busy} of ${pods}` : ending > 0 ? `stopping ${ending} of ${pods}` : `${running} of ${pods} running`;
    return {
      line: state.node.registered ? doing : 'registering the node',
      gauges: [{ name: 'Pods', desired: state.workers.size, actual: running }],
      counters: { syncing: busy, terminating: ending, 'statuses to send': state.statusQueue.size + (state.statusBusy === undefined ? 0 : 1) },
    };
  },
};
