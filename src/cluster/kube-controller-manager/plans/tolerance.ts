import type { Pod, Taint, Toleration } from '../../../kubernetes/api/index.ts';

/** Models staging/src/k8s.io/api/core/v1/toleration.go: ToleratesTaint. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== taint.effect) return false;
  if (toleration.key !== undefined && toleration.key !== '' && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  return (toleration.operator === undefined || toleration.operator === 'Equal') && toleration.key !== undefined && (toleration.value ?? '') === (taint.value ?? '');
}

/**
 * How long a Pod may stay on a node with these NoExecute taints: 0 not at all, 'forever', or microseconds; the shortest of the tolerations counts.
 * Models pkg/controller/tainteviction/taint_eviction.go: processPodOnNode and getMinTolerationTime.
 */
export function stayUs(pod: Pod, taints: readonly Taint[]): number | 'forever' {
  let shortest: number | 'forever' = 'forever';
  for (const taint of taints) {
    const toleration = pod.spec.tolerations?.find((candidate) => tolerates(candidate, taint));
    if (toleration === undefined) return 0;
    if (toleration.tolerationSeconds === undefined) continue;
    const us = Math.max(0, toleration.tolerationSeconds) * 1_000_000;
    shortest = shortest === 'forever' ? us : Math.min(shortest, us);
  }
  return shortest;
}
