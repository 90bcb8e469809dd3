import type { Node, Taint } from '../../../kubernetes/api/index.ts';
import type { AdmissionPlugin } from './plugin.ts';

const notReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** Models plugin/pkg/admission/nodetaint/admission.go: a new Node takes no Pods until the node controller has seen it ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  resources: ['nodes'],
  admit(object) {
    const node = object as Node;
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) return { object };
    return { object: { ...node, spec: { ...node.spec, taints: [...taints, notReady] } } as Node };
  },
};
