import { maxNodeScore, type Plugin } from '../framework.ts';

const fraction = (requested: number, allocatable: number): number => Math.min(1, requested / allocatable);

/** The standard deviation of the used shares of cpu and memory. */
function imbalance(cpuMillis: number, memoryBytes: number, allocatable: { readonly cpuMillis: number; readonly memoryBytes: number }): number {
  if (allocatable.cpuMillis === 0 || allocatable.memoryBytes === 0) return 0;
  return Math.abs(fraction(cpuMillis, allocatable.cpuMillis) - fraction(memoryBytes, allocatable.memoryBytes)) / 2;
}

/**
 * Prefers the nodes that the Pod leaves better balanced than it finds them: 75 is no change, 50 and 100 the extremes.
 * Models plugins/noderesources/balanced_allocation.go as of 1.36 (kubernetes/kubernetes#135573).
 */
export const nodeResourcesBalancedAllocation: Plugin = {
  name: 'NodeResourcesBalancedAllocation',
  scores: ({ requests }) => requests.cpuMillis > 0 || requests.memoryBytes > 0,
  score: ({ requests }, { allocatable, requested }) => {
    const without = imbalance(requested.cpuMillis, requested.memoryBytes, allocatable);
    const withPod = imbalance(requested.cpuMillis + requests.cpuMillis, requested.memoryBytes + requests.memoryBytes, allocatable);
    return Math.trunc((0.75 + (without - withPod) / 2) * maxNodeScore);
  },
};
