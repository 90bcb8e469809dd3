import type { Deployment, EndpointSlice, Node, Pod, ReplicaSet, Service } from '../../kubernetes/api/index.ts';
import { compileLabelSelector, compileLabelSet } from '../../kubernetes/apimachinery/label-selector.ts';
import type { ContainerdState } from '../../cluster/containerd/runtime-state.ts';
import type { World } from '../../simulation/world.ts';
import { allNodesReady, condition, stored } from '../cluster-view.ts';
import type { Checker } from './checker.ts';

/** When all faults are mended and time has passed, the cluster is what was asked for: replicas run, old ones are gone, endpoints are the Ready Pods, and runtimes run nothing else. */
export const replicasConverge: Checker = {
  name: 'replicas-converge',
  begin: (world) => ({
    atEnd: () => nodesAreReady(world) ?? deploymentsAreDone(world) ?? replicaSetsHaveTheirPods(world) ?? podsRun(world) ?? endpointsAreReadyPods(world) ?? readyPodsRun(world) ?? runtimesRunOnlyPods(world),
  }),
};

const isReady = (pod: Pod): boolean => condition(pod, 'Ready')?.status === 'True';

function nodesAreReady(world: World): string | undefined {
  if (allNodesReady(world)) return undefined;
  return stored<Node>(world, 'nodes').filter((node) => condition(node, 'Ready')?.status !== 'True').map(({ metadata }) => `Node ${metadata.name} is not Ready`)[0] ?? 'a Node is missing';
}

/** Does something that fits nowhere, or cannot be pulled, keep this workload from being complete? Then it is as it should be. */
const mayWait = (pod: Pod): boolean => {
  const scheduled = condition(pod, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') return true;
  return (pod.status?.containerStatuses ?? []).some(({ state, restartCount }) => restartCount > 0 || state?.terminated !== undefined || /^(ImagePullBackOff|ErrImagePull|InvalidImageName)$/.test(state?.waiting?.reason ?? ''));
};

function deploymentsAreDone(world: World): string | undefined {
  const pods = stored<Pod>(world, 'pods');
  for (const { metadata, spec, status } of stored<Deployment>(world, 'deployments')) {
    const name = `Deployment ${metadata.namespace}/${metadata.name}`;
    const selector = compileLabelSelector(spec.selector);
    if (pods.some((pod) => pod.metadata.namespace === metadata.namespace && selector.matches(pod.metadata.labels ?? {}) && mayWait(pod))) continue;
    const wanted = spec.replicas ?? 1;
    if (status?.observedGeneration !== metadata.generation) return `${name} is at generation ${metadata.generation}, its controller at ${status?.observedGeneration}`;
    const counts = { replicas: status?.replicas ?? 0, updated: status?.updatedReplicas ?? 0, ready: status?.readyReplicas ?? 0, available: status?.availableReplicas ?? 0 };
    for (const [what, count] of Object.entries(counts)) if (count !== wanted) return `${name} wants ${wanted} and has ${count} ${what}`;
  }
  return undefined;
}

function replicaSetsHaveTheirPods(world: World): string | undefined {
  const pods = stored<Pod>(world, 'pods');
  for (const { metadata, spec } of stored<ReplicaSet>(world, 'replicasets')) {
    const own = pods.filter((pod) => pod.metadata.ownerReferences?.some(({ uid, controller }) => uid === metadata.uid && controller === true) && pod.metadata.deletionTimestamp === undefined);
    const alive = own.filter((pod) => pod.status?.phase !== 'Failed' && pod.status?.phase !== 'Succeeded');
    if (alive.length !== (spec.replicas ?? 1)) return `ReplicaSet ${metadata.namespace}/${metadata.name} wants ${spec.replicas ?? 1} Pods and has ${alive.length}`;
  }
  return undefined;
}

/** Each Pod is where its story should have ended, and none is still Terminating. */
function podsRun(world: World): string | undefined {
  const known = new Set([...stored<ReplicaSet>(world, 'replicasets')].map(({ metadata }) => metadata.uid));
  for (const pod of stored<Pod>(world, 'pods')) {
    const { metadata, status } = pod;
    const name = `Pod ${metadata.namespace}/${metadata.name}`;
    if (metadata.deletionTimestamp !== undefined) return `${name} is still Terminating`;
    const owner = metadata.ownerReferences?.find((one) => one.controller === true);
    if (owner?.kind === 'ReplicaSet' && !known.has(owner.uid)) return `${name} has outlived its owner ${owner.name}`;
    if (status?.phase === 'Failed' || status?.phase === 'Succeeded' || mayWait(pod) || isReady(pod)) continue;
    return `${name} is ${status?.phase ?? 'without a phase'} and not Ready`;
  }
  return undefined;
}

function endpointsAreReadyPods(world: World): string | undefined {
  const slices = stored<EndpointSlice>(world, 'endpointslices');
  const pods = stored<Pod>(world, 'pods');
  for (const { metadata, spec } of stored<Service>(world, 'services')) {
    if (spec.selector === undefined || Object.keys(spec.selector).length === 0) continue;
    const selects = compileLabelSet(spec.selector);
    const wanted = pods.filter((pod) => pod.metadata.namespace === metadata.namespace && selects.matches(pod.metadata.labels ?? {}) && isReady(pod)).map((pod) => pod.status?.podIP ?? '').sort();
    const found = slices.filter((slice) => slice.metadata.namespace === metadata.namespace && slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name)
      .flatMap(({ endpoints }) => (endpoints ?? []).filter((one) => one.conditions?.ready !== false).flatMap((one) => one.addresses)).sort();
    if (wanted.join() !== found.join()) return `Service ${metadata.namespace}/${metadata.name} should lead to ${wanted.join(', ') || 'nobody'} and leads to ${found.join(', ') || 'nobody'}`;
  }
  return undefined;
}

/** A Pod that the API calls Ready has a live sandbox with that address, and running containers, on its node. */
function readyPodsRun(world: World): string | undefined {
  for (const pod of stored<Pod>(world, 'pods')) {
    const runtime = world.process(`${pod.spec.nodeName}/containerd`);
    if (!isReady(pod) || runtime === undefined || !runtime.running) continue;
    const { sandboxes, containers } = runtime.snapshot!.state as ContainerdState;
    const sandbox = [...sandboxes.values()].find(({ shown }) => shown.metadata.uid === pod.metadata.uid && shown.state === 'SANDBOX_READY')?.shown;
    const name = `Pod ${pod.metadata.namespace}/${pod.metadata.name}`;
    if (sandbox === undefined) return `${name} is Ready, but nothing runs for it on ${pod.spec.nodeName}`;
    if (pod.spec.hostNetwork !== true && sandbox.ip !== pod.status?.podIP) return `${name} says its address is ${pod.status?.podIP}, its sandbox has ${sandbox.ip}`;
    const running = [...containers.values()].filter(({ shown }) => shown.podSandboxId === sandbox.id && shown.state === 'CONTAINER_RUNNING').length;
    if (running < pod.spec.containers.length) return `${name} is Ready, but ${running} of its ${pod.spec.containers.length} containers run`;
  }
  return undefined;
}

/** No container runs for a Pod that the API does not have. */
function runtimesRunOnlyPods(world: World): string | undefined {
  const uids = new Set(stored<Pod>(world, 'pods').map(({ metadata }) => metadata.uid));
  for (const { address, program, running, snapshot } of world.processes()) {
    if (program !== 'containerd' || !running) continue;
    const { sandboxes } = snapshot!.state as ContainerdState;
    for (const { shown } of sandboxes.values()) {
      if (shown.state === 'SANDBOX_READY' && !uids.has(shown.metadata.uid)) return `${address} still runs ${shown.metadata.namespace}/${shown.metadata.name}, which the API does not have`;
    }
  }
  return undefined;
}
