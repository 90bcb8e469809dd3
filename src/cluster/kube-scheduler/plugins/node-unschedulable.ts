import type { Taint } from '../../../kubernetes/api/index.ts';
import type { Plugin, Rejection } from '../framework.ts';
import { tolerates } from '../tolerations.ts';

const cordoned: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const rejection: Rejection = { reasons: ['node(s) were unschedulable'], resolvable: false };

/** Refuses cordoned nodes, unless the Pod tolerates the taint that cordoning brings. Models plugins/nodeunschedulable/node_unschedulable.go. */
export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  filter: ({ pod }, { node }) => (node.spec.unschedulable !== true || tolerates(pod.spec.tolerations, cordoned) ? undefined : rejection),
  mayHelp: (event, { pod }) => {
    if (event.resource === 'TargetPod') return event.changes.includes('UpdatePodToleration');
    return event.resource === 'Node' && (event.changes.includes('Add') || event.changes.includes('UpdateNodeTaint')) &&
      (event.node.spec.unschedulable !== true || tolerates(pod.spec.tolerations, cordoned));
  },
};
