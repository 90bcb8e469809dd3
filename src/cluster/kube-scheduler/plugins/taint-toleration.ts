import { defaultNormalize, type Plugin, type Rejection } from '../framework.ts';
import { tolerates, untoleratedTaint } from '../tolerations.ts';

/** Since 1.34.2 the Pod's status says no longer which taint it was: kubernetes/kubernetes#134740. */
const rejection: Rejection = { reasons: ['node(s) had untolerated taint(s)'], resolvable: false };

/** Refuses nodes with taints that the Pod does not tolerate, and prefers nodes with few PreferNoSchedule ones. Models plugins/tainttoleration/taint_toleration.go. */
export const taintToleration: Plugin = {
  name: 'TaintToleration',
  filter: ({ pod }, { node }) => (untoleratedTaint(pod.spec.tolerations, node.spec.taints) === undefined ? undefined : rejection),
  score: ({ pod }, { node }) => {
    let intolerable = 0;
    const { taints } = node.spec;
    if (taints === undefined) return 0;
    for (let i = 0; i < taints.length; i++) if (taints[i]!.effect === 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, taints[i]!)) intolerable++;
    return intolerable;
  },
  normalize: (scores) => defaultNormalize(scores, true),
  mayHelp: (event, { pod }) => {
    if (event.resource === 'TargetPod') return event.changes.includes('UpdatePodToleration');
    return event.resource === 'Node' && (event.changes.includes('Add') || event.changes.includes('UpdateNodeTaint')) &&
      untoleratedTaint(pod.spec.tolerations, event.node.spec.taints) === undefined;
  },
};
