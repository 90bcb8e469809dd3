import type { Pod, Toleration } from '../../../kubernetes/api/index.ts';
import type { AdmissionPlugin } from './plugin.ts';

const notReady: Toleration = { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };
const unreachable: Toleration = { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 };

/** Models plugin/pkg/admission/defaulttolerationseconds/admission.go: a Pod stays five minutes on a node that is not ready or unreachable. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  resources: ['pods'],
  addsToChanges: true,
  admit(object) {
    const pod = object as Pod;
    const given = pod.spec.tolerations ?? [];
    const missing = [notReady, unreachable].filter((wanted) => !given.some((one) => tolerates(one, wanted)));
    return { object: missing.length === 0 ? pod : { ...pod, spec: { ...pod.spec, tolerations: [...given, ...missing] } } as Pod };
  },
};

const tolerates = (given: Toleration, { key, effect }: Toleration): boolean =>
  ((given.key ?? '') === '' || given.key === key) && ((given.effect ?? '') === '' || given.effect === effect);
