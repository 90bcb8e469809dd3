import { clusterOf, controlPlaneNode, type Topology } from './topology.ts';

/** One machine for everything, without the control plane's taint, as minikube and a single-node kind set it up. */
export const singleNode: Topology = clusterOf('single-node', 'Everything on one machine', [
  { name: 'control-plane-1', where: 'control-plane', shape: { ...controlPlaneNode, taints: [] } },
]);
