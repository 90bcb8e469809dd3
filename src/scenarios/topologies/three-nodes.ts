import { clusterOf, controlPlaneNode, defaultNode, type Topology } from './topology.ts';

/** The cluster most people draw: one control plane, three workers. */
export const threeNodes: Topology = clusterOf('three-nodes', 'One control plane, three workers', [
  { name: 'control-plane-1', where: 'control-plane', shape: controlPlaneNode },
  ...[1, 2, 3].map((n) => ({ name: `worker-${n}`, where: 'node' as const, shape: defaultNode })),
]);
