/** May this Pod run on this node? Models pkg/kubelet/lifecycle/predicate.go. */
import type { Pod, Taint } from '../../kubernetes/api/index.ts';
import { fitsNode } from '../../kubernetes/apimachinery/node-affinity.ts';
import { bytes, cpuMillis, wholeUnits } from '../../kubernetes/apimachinery/index.ts';
import { lister } from '../../kubernetes/client-go/index.ts';
import type { KubeletState, PodWorker } from './kubelet-state.ts';
import { requestsOf } from './pod-requests.ts';
import { allocatable } from './node-resources.ts';

export interface Refusal { readonly reason: string; readonly message: string }

/** The kubelet's own check, after the scheduler's: it knows best what runs here. */
export function admit(state: KubeletState, worker: PodWorker): Refusal | undefined {
  // The worker itself is counted already.
  const wanted = requestsOf(worker.pod);
  const { claimed } = state;
  const used = { pods: claimed.pods - 1, cpu: claimed.cpu - wanted.cpu, memory: claimed.memory - wanted.memory, storage: claimed.storage - wanted.storage };
  const free = allocatable(state.input.capacity);
  const short = (resource: string, requested: number, inUse: number, capacity: number): Refusal | undefined =>
    requested > 0 && requested > capacity - inUse
      ? { reason: `OutOf${resource}`, message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${inUse}, capacity: ${capacity}` } : undefined;
  return short('pods', 1, used.pods, wholeUnits(free.pods)) ?? short('cpu', wanted.cpu, used.cpu, cpuMillis(free.cpu))
    ?? short('memory', wanted.memory, used.memory, bytes(free.memory)) ?? short('ephemeral-storage', wanted.storage, used.storage, bytes(free['ephemeral-storage']))
    ?? misplaced(state, worker.pod);
}

function misplaced(state: KubeletState, pod: Pod): Refusal | undefined {
  const node = lister(state.client, 'nodes').get('', state.input.node);
  const labels = node?.metadata.labels ?? { 'kubernetes.io/hostname': state.input.node, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', ...state.input.labels };
  if (!fitsNode(pod.spec, state.input.node, labels)) {
    return { reason: 'NodeAffinity', message: 'Predicate NodeAffinity failed: node(s) didn\'t match Pod\'s node affinity/selector' };
  }
  if (clashes(state, pod)) return { reason: 'NodePorts', message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports" };
  const taint = (node?.spec.taints ?? state.input.taints).find((one) => one.effect === 'NoExecute' && !tolerated(pod, one));
  return taint === undefined ? undefined : { reason: 'TaintToleration', message: `Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate` };
}

const portsOf = ({ spec }: Pod) => spec.containers.flatMap(({ ports = [] }) => ports.filter(({ hostPort = 0 }) => hostPort > 0));

/** Whether another Pod here has one of its host ports. Models pkg/scheduler/framework/plugins/nodeports/node_ports.go: Fits. */
function clashes({ workers }: KubeletState, pod: Pod): boolean {
  const wanted = portsOf(pod);
  if (wanted.length === 0) return false;
  const everywhere = (ip = '0.0.0.0'): boolean => ip === '' || ip === '0.0.0.0';
  for (const other of workers.values()) {
    if (other.uid === pod.metadata.uid || other.stage === 'terminated') continue;
    for (const { hostPort, protocol = 'TCP', hostIP } of portsOf(other.pod)) {
      if (wanted.some((port) => port.hostPort === hostPort && (port.protocol ?? 'TCP') === protocol && (port.hostIP === hostIP || everywhere(port.hostIP) || everywhere(hostIP)))) return true;
    }
  }
  return false;
}

function tolerated(pod: Pod, taint: Taint): boolean {
  return (pod.spec.tolerations ?? []).some(({ key, operator, value, effect }) =>
    (effect === undefined || effect === taint.effect) && (key === undefined || key === '' ? operator === 'Exists' : key === taint.key)
    && (operator === 'Exists' || (value ?? '') === (taint.value ?? '')));
}
