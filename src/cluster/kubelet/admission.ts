/** May this Pod run on this node? Models pkg/kubelet/lifecycle/predicate.go. */
import type { NodeSelectorRequirement, NodeSelectorTerm, Pod, Taint } from '../../kubernetes/api/index.ts';
import { bytes, cpuMillis, wholeUnits } from '../../kubernetes/apimachinery/index.ts';
import { lister } from '../../kubernetes/client-go/index.ts';
import type { KubeletState, PodWorker } from './kubelet-state.ts';
import { isSidecar } from './pod-runtime.ts';
import { allocatable } from './node-resources.ts';

export interface Refusal { readonly reason: string; readonly message: string }
interface Requests { readonly cpu: number; readonly memory: number; readonly storage: number }

const requestsBySpec = new WeakMap<object, Requests>();

/** What a Pod asks for: the sum of its containers, or its largest init container, plus overhead. */
export function requestsOf({ spec }: Pod): Requests {
  const known = requestsBySpec.get(spec);
  if (known !== undefined) return known;
  const of = (resource: string, amount: (text: string | undefined) => number): number => {
    let sum = amount(spec.overhead?.[resource]);
    for (const { resources } of spec.containers) sum += amount(resources?.requests?.[resource]);
    let sidecars = 0;
    let largest = 0;
    for (const container of spec.initContainers ?? []) {
      const own = amount(container.resources?.requests?.[resource]);
      if (isSidecar(container)) sidecars += own;
      largest = Math.max(largest, sidecars + (isSidecar(container) ? 0 : own));
    }
    return Math.max(sum + sidecars, largest);
  };
  const requests = { cpu: of('cpu', cpuMillis), memory: of('memory', bytes), storage: of('ephemeral-storage', bytes) };
  requestsBySpec.set(spec, requests);
  return requests;
}

/** The kubelet's own check, after the scheduler's: it knows best what runs here. */
export function admit(state: KubeletState, worker: PodWorker): Refusal | undefined {
  const used = { pods: 0, cpu: 0, memory: 0, storage: 0 };
  for (const other of state.workers.values()) {
    if (other === worker || other.uid === worker.uid || other.stage === 'terminated') continue;
    const { cpu, memory, storage } = requestsOf(other.pod);
    used.pods++;
    used.cpu += cpu;
    used.memory += memory;
    used.storage += storage;
  }
  const free = allocatable(state.input.capacity);
  const wanted = requestsOf(worker.pod);
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
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (!selected || (terms !== undefined && !terms.some((term) => matches(term, labels, state.input.node)))) {
    return { reason: 'NodeAffinity', message: 'Predicate NodeAffinity failed: node(s) didn\'t match Pod\'s node affinity/selector' };
  }
  const taint = (node?.spec.taints ?? state.input.taints).find((one) => one.effect === 'NoExecute' && !tolerated(pod, one));
  return taint === undefined ? undefined : { reason: 'TaintToleration', message: `Predicate TaintToleration failed: node(s) had taints that the pod didn't tolerate` };
}

function matches({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, labels: { readonly [key: string]: string }, node: string): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  return matchExpressions.every((one) => holds(one, labels[one.key])) && matchFields.every((one) => holds(one, node));
}

function holds({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In': return value !== undefined && values.includes(value);
    case 'NotIn': return value === undefined || !values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    case 'Gt': return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt': return value !== undefined && Number(value) < Number(values[0]);
    default: return false;
  }
}

function tolerated(pod: Pod, taint: Taint): boolean {
  return (pod.spec.tolerations ?? []).some(({ key, operator, value, effect }) =>
    (effect === undefined || effect === taint.effect) && (key === undefined || key === '' ? operator === 'Exists' : key === taint.key)
    && (operator === 'Exists' || (value ?? '') === (taint.value ?? '')));
}
