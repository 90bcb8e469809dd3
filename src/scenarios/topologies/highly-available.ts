import { clusterOf, controlPlaneNode, defaultNode, type Topology } from './topology.ts';

const servers = ['control-plane-1', 'control-plane-2', 'control-plane-3'];

/** kubeadm's stacked control plane: three machines with all of it, each API server with the member of etcd beside it, and a load balancer before the servers. */
export const highlyAvailable: Topology = clusterOf('ha', 'Three control planes, three workers', [
  ...servers.map((name) => ({ name, where: 'control-plane' as const, shape: controlPlaneNode })),
  ...[1, 2, 3].map((n) => ({ name: `worker-${n}`, where: 'node' as const, shape: defaultNode })),
], { servers, balancer: true });
