import type { CniState } from '../../cluster/cni/execute.ts';
import { usedBy, type ContainerdState } from '../../cluster/containerd/runtime-state.ts';
import type { KubeProxyState } from '../../cluster/kube-proxy/proxier.ts';
import type { Container, KubeObject, Node, Pod } from '../../kubernetes/api/index.ts';
import { bytes, cpuMillis, wholeUnits } from '../../kubernetes/apimachinery/quantity.ts';
import type { World } from '../../simulation/world.ts';
import type { FactTable } from '../port/fact-table.ts';
import type { MachineAnswer, MachineQuery } from '../port/machine.ts';
import { containerdTables, networkTable, rulesTable } from './program-tables.ts';

/** All containers together, or the largest init container if that is more: models k8s.io/component-helpers/resource: PodRequests, PodLimits. */
function amountOf({ spec }: Pod, which: 'requests' | 'limits', resource: 'cpu' | 'memory'): number {
  const read = (container: Container): number => (resource === 'cpu' ? cpuMillis : bytes)(container.resources?.[which]?.[resource]);
  return Math.max(spec.containers.reduce((sum, container) => sum + read(container), 0), ...(spec.initContainers ?? []).map(read));
}

/** What is on a machine: what its Pods may take of it, what runs, which rules and addresses it has. */
export function machineAnswer(world: World, objects: Iterable<KubeObject>, { node }: MachineQuery): MachineAnswer {
  let allocatable: { readonly [resource: string]: string } = {};
  const pods: MachineAnswer['pods'][number][] = [];
  const runtime = knownOf<ContainerdState>(world, node, 'containerd');
  const containers = [...runtime?.containers.values() ?? []];
  const sandboxes = new Map([...runtime?.sandboxes.values() ?? []].map(({ shown: { id, metadata } }) => [metadata.uid, id]));
  for (const object of objects) {
    if (object.kind === 'Node' && object.metadata.name === node) allocatable = (object as Node).status?.allocatable ?? {};
    if (object.kind !== 'Pod') continue;
    const pod = object as Pod;
    if (pod.spec.nodeName !== node || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed') continue;
    pods.push({
      namespace: pod.metadata.namespace ?? '', name: pod.metadata.name, cpuMillis: amountOf(pod, 'requests', 'cpu'), cpuLimitMillis: amountOf(pod, 'limits', 'cpu'),
      memoryBytes: amountOf(pod, 'requests', 'memory'), memoryLimitBytes: amountOf(pod, 'limits', 'memory'), used: usedBy(containers, sandboxes.get(pod.metadata.uid ?? '') ?? ''),
    });
  }
  const used = usedBy(containers);
  const sum = (of: (pod: (typeof pods)[number]) => number): number => pods.reduce((total, pod) => total + of(pod), 0);
  return {
    type: 'machine', pods,
    usage: [
      { resource: 'cpu', used: used.cpuMillis, requested: sum((pod) => pod.cpuMillis), limits: sum((pod) => pod.cpuLimitMillis), allocatable: cpuMillis(allocatable['cpu']) },
      { resource: 'memory', used: used.memoryBytes, requested: sum((pod) => pod.memoryBytes), limits: sum((pod) => pod.memoryLimitBytes), allocatable: bytes(allocatable['memory']) },
      { resource: 'pods', used: new Set(containers.filter(({ shown }) => shown.state === 'CONTAINER_RUNNING').map(({ shown }) => shown.podSandboxId)).size, requested: pods.length, limits: 0, allocatable: wholeUnits(allocatable['pods']) },
    ],
    tables: machineTables(world, node, runtime),
  };
}

/** What lies on the disk (containers run under their shims, rules are the kernel's) stays while a program is stopped. */
function knownOf<State>(world: World, node: string, program: string): State | undefined {
  const process = world.process(`${node}/${program}`);
  return (process?.snapshot?.state ?? process?.disk) as State | undefined;
}

function machineTables(world: World, node: string, containerd: ContainerdState | undefined): readonly FactTable[] {
  const proxy = world.process(`${node}/kube-proxy`);
  const rules = (proxy?.snapshot?.state as KubeProxyState | undefined)?.rules ?? proxy?.disk as KubeProxyState['rules'] | undefined;
  const cni = world.process(`${node}/cni`)?.snapshot?.state as CniState | undefined;
  return [...(containerd === undefined ? [] : containerdTables(containerd)), ...(rules === undefined ? [] : [rulesTable(rules)]), ...(cni === undefined ? [] : [networkTable(cni)])];
}
