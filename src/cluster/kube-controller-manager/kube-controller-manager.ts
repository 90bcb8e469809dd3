import { objectKey, type ReplicaSet } from '../../kubernetes/api/index.ts';
import type { Job } from '../../kubernetes/api/batch-v1.ts';
import type { DaemonSet } from '../../kubernetes/api/kept-specs.ts';
import { lister, type InformerSpec } from '../../kubernetes/client-go/index.ts';
import type { Component, ComponentSummary } from '../component.ts';
import { controllers } from './controllers/registry.ts';
import { kubeControllerManagerMachine } from './kube-controller-manager-machine.ts';
import { initialState } from './leading.ts';
import type { ManagerState } from './work.ts';

/** The controllers that bring what is nearer to what is wanted. */
export const kubeControllerManager: Component<ManagerState> = {
  name: 'kube-controller-manager',
  machine: kubeControllerManagerMachine,
  initial: (input) => initialState(input),
  descriptor: {
    title: 'Controller manager',
    duty: 'Runs the controllers that compare what is wanted with what is there and ask the API server for the difference.',
    where: 'control-plane',
    rank: 20, breadth: 1.6,
    upstream: 'cmd/kube-controller-manager, pkg/controller',
    glyph: 'c-m',
  },
  dials: [{ component: 'kube-apiserver', protocols: ['api'] }],
  summary,
};

function summary(state: ManagerState): ComponentSummary {
  if (!state.election.leading) return { line: 'standing by' };
  const busy = state.controllers.reduce((sum, { queue, running }) => sum + queue.ready.size + running.size, 0);
  return { line: busy === 0 ? 'leading, nothing to do' : `leading, ${busy} ${busy === 1 ? 'key' : 'keys'} in work`, gauges: gauges(state), counters: queueLengths(state) };
}

/** Kinds that are followed only from their first object on. */
const followedSets = [
  { informer: 'statefulsets.apps', word: 'statefulset', figures: ({ spec, status }: ReplicaSet) => ({ desired: spec.replicas ?? 1, actual: status?.availableReplicas ?? 0 }) },
  { informer: 'daemonsets.apps', word: 'daemonset', figures: ({ status = {} }: DaemonSet) => ({ desired: status.desiredNumberScheduled ?? 0, actual: status.numberAvailable ?? 0 }) },
  { informer: 'jobs.batch', word: 'job', figures: ({ spec, status = {} }: Job) => ({ desired: spec.completions ?? 1, actual: status.succeeded ?? 0 }) },
] as const;
const nameOf = ({ name, resource }: InformerSpec): string => name ?? resource;

function gauges({ client }: ManagerState) {
  const rows: { name: string; desired: number; actual: number }[] = [];
  for (const deployment of lister(client, 'deployments').all()) {
    rows.push({ name: `deployment ${objectKey(deployment)}`, desired: deployment.spec.replicas ?? 1, actual: deployment.status?.availableReplicas ?? 0 });
  }
  for (const set of lister(client, 'replicasets').all()) {
    const desired = set.spec.replicas ?? 1;
    const actual = set.status?.replicas ?? 0;
    if (desired > 0 || actual > 0) rows.push({ name: `replicaset ${objectKey(set)}`, desired, actual });
  }
  for (const { informer, word, figures } of followedSets) {
    if (!client.informers.some(({ spec }) => nameOf(spec) === informer)) continue;
    for (const set of lister(client, informer as 'replicasets').all()) rows.push({ name: `${word} ${objectKey(set)}`, ...figures(set as never) });
  }
  for (const service of lister(client, 'services').all()) {
    if (service.spec.selector === undefined) continue;
    let desired = 0; let actual = 0;
    for (const slice of lister(client, 'endpointslices').byIndex('service', objectKey(service))) {
      for (const { conditions } of slice.endpoints ?? []) { desired += 1; if (conditions?.ready !== false) actual += 1; }
    }
    rows.push({ name: `endpoints ${objectKey(service)}`, desired, actual });
  }
  return rows;
}

function queueLengths(state: ManagerState): Readonly<Record<string, number>> {
  return Object.fromEntries(controllers.map(({ name }, index) => [name, state.controllers[index]!.queue.ready.size + state.controllers[index]!.running.size]));
}
