import type { Pod } from '../../../kubernetes/api/index.ts';
import { qosClass } from '../../../kubernetes/api/qos-class.ts';
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
