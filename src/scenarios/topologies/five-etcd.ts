import { clusterOf, controlPlaneNode, defaultNode, type Topology } from './topology.ts';

/** kubeadm's external etcd with as many members as etcd advises at most: two of them may go. */
export const fiveEtcd: Topology = clusterOf('five-etcd', 'etcd with five members, one control plane, three workers', [
  { name: 'control-plane-1', where: 'control-plane', shape: controlPlaneNode },
  ...[1, 2, 3].map((n) => ({ name: `worker-${n}`, where: 'node' as const, shape: defaultNode })),
], { etcd: ['etcd-1', 'etcd-2', 'etcd-3', 'etcd-4', 'etcd-5'] });
