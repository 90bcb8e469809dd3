import type { Container, Pod, ResourceList } from '../../../kubernetes/api/index.ts';
import { compareQuantities } from '../../../kubernetes/apimachinery/quantity.ts';
import { countGeneration, keepStatus, onlyStatus, specChanged, withMetadata, type Strategy } from './strategy.ts';

/** Models pkg/registry/core/pod/strategy.go. */
export const podStrategy: Strategy = {
  prepareForCreate(object) {
    const pod = object as Pod;
    const gated = (pod.spec.schedulingGates ?? []).length > 0;
    const conditions = gated
      ? { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates', lastProbeTime: null, lastTransitionTime: null }] }
      : {};
    return { ...withMetadata(pod, { generation: 1 }), status: { phase: 'Pending', ...conditions, qosClass: qosClass(pod) } };
  },
  prepareForUpdate: (next, current) => countGeneration(keepStatus(next, current), current, specChanged(next, current)),
  prepareForStatusUpdate(next, current) {
    const updated = onlyStatus(next, current) as Pod;
    const class_ = (current as Pod).status?.qosClass;
    return class_ === undefined || updated.status?.qosClass === class_ ? updated : { ...updated, status: { ...updated.status, qosClass: class_ } } as Pod;
  },
};

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
