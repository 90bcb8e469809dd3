import { clusterOf, controlPlaneNode, defaultNode, type Topology } from './topology.ts';

/** kubeadm's external etcd: three members on machines of their own, which the one API server dials in turn. */
export const threeEtcd: Topology = clusterOf('three-etcd', 'etcd with three members, one control plane, three workers', [
  { name: 'control-plane-1', where: 'control-plane', shape: controlPlaneNode },
  ...[1, 2, 3].map((n) => ({ name: `worker-${n}`, where: 'node' as const, shape: defaultNode })),
], { etcd: ['etcd-1', 'etcd-2', 'etcd-3'] });
