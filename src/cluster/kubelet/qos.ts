/** Models pkg/apis/core/v1/helper/qos/qos.go: ComputePodQOS. */
import type { Pod, PodStatus } from '../../kubernetes/api/index.ts';
import { compareQuantities } from '../../kubernetes/apimachinery/index.ts';

/** Guaranteed if every container has equal limits and requests for CPU and memory, BestEffort if none asks for either, else Burstable. */
export function qosClass(pod: Pod): NonNullable<PodStatus['qosClass']> {
  let any = false;
  let guaranteed = true;
  for (const { resources } of [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]) {
    for (const resource of ['cpu', 'memory']) {
      const limit = resources?.limits?.[resource];
      const wanted = resources?.requests?.[resource] ?? limit;
      if (wanted !== undefined || limit !== undefined) any = true;
      if (limit === undefined || compareQuantities(limit, wanted ?? limit) !== 0) guaranteed = false;
    }
  }
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable';
}
