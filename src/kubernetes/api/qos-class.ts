import { compareQuantities } from '../apimachinery/quantity.ts';
import type { Container, Pod } from './core-v1-pod.ts';
import type { ResourceList } from './meta-v1.ts';

const counted = ['cpu', 'memory'];

/** How the kubelet will treat the Pod under pressure. Models pkg/apis/core/helper/qos/qos.go: ComputePodQOS. */
export function qosClass(pod: Pod): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const containers: readonly Container[] = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  let any = false;
  let guaranteed = true;
  for (const { resources } of containers) {
    const requests: ResourceList = resources?.requests ?? {};
    const limits: ResourceList = resources?.limits ?? {};
    for (const name of counted) {
      const request = requests[name];
      const limit = limits[name];
      if ((request !== undefined && request !== '0') || (limit !== undefined && limit !== '0')) any = true;
      if (limit === undefined || limit === '0' || (request !== undefined && compareQuantities(request, limit) !== 0)) guaranteed = false;
    }
  }
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable';
}
