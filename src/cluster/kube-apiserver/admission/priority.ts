import type { Pod } from '../../../kubernetes/api/index.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { AdmissionPlugin } from './plugin.ts';

/** The two classes that every cluster has; PriorityClass objects are not modelled. */
const classes: { readonly [name: string]: number } = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 };

/** Models plugin/pkg/admission/priority/admission.go: admitPod. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  resource: 'pods',
  admit(object) {
    const pod = object as Pod;
    const name = pod.spec.priorityClassName ?? '';
    const value = name === '' ? 0 : classes[name];
    const refuse = (message: string) => ({ refuse: forbiddenError({ group: '', resource: 'pods' }, pod.metadata.name, message) });
    if (value === undefined) return refuse(`no PriorityClass with name ${name} was found`);
    if (pod.spec.priority !== undefined && pod.spec.priority !== value) {
      return refuse(`the integer value of priority (${pod.spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`);
    }
    const preemptionPolicy = pod.spec.preemptionPolicy ?? 'PreemptLowerPriority';
    return { object: { ...pod, spec: { ...pod.spec, priority: value, preemptionPolicy } } as Pod };
  },
};
