import { clusterOf, controlPlaneNode, defaultNode, type Topology } from './topology.ts';

/** One control plane and so many workers, each with so much cpu and memory. */
export function nodes(count: number, { cpu = defaultNode.cpu, memory = defaultNode.memory, pods = defaultNode.pods }: { readonly cpu?: string; readonly memory?: string; readonly pods?: string } = {}): Topology {
  const shape = { ...defaultNode, cpu, memory, pods };
  const workers = Array.from({ length: count }, (_, i) => ({ name: `worker-${i + 1}`, where: 'node' as const, shape }));
  return clusterOf(`nodes-${count}`, `One control plane, ${count} ${count === 1 ? 'worker' : 'workers'}`, [
    { name: 'control-plane-1', where: 'control-plane', shape: controlPlaneNode }, ...workers,
  ]);
}
