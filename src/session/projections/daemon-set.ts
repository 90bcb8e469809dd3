import type { ReplicaSet } from '../../kubernetes/api/index.ts';
import type { DaemonSet } from '../../kubernetes/api/kept-specs.ts';

/** A DaemonSet's figures in the words of the other workloads: it asks for as many replicas as there are nodes for it. */
export const asWorkload = ({ status = {}, ...set }: DaemonSet): ReplicaSet => ({
  ...set, spec: { ...set.spec, replicas: status.desiredNumberScheduled ?? 0 },
  status: {
    ...(status.conditions !== undefined && { conditions: status.conditions }), observedGeneration: status.observedGeneration, replicas: status.currentNumberScheduled ?? 0,
    readyReplicas: status.numberReady, availableReplicas: status.numberAvailable, updatedReplicas: status.updatedNumberScheduled,
  },
}) as unknown as ReplicaSet;
