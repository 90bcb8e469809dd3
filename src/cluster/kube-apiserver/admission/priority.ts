import type { Pod } from '../../../kubernetes/api/index.ts';
import type { PriorityClass } from '../../../kubernetes/api/kept-specs.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { AdmissionPlugin } from './plugin.ts';

/** The two classes that every cluster has. */
const classes: { readonly [name: string]: number } = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 };

const priorityClasses = 'priorityclasses.scheduling.k8s.io';

/** Models plugin/pkg/admission/priority/admission.go: admitPod; a class that is the default for all (`globalDefault`) is not looked for. */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  resources: ['pods'],
  admit(object, { find }) {
    const pod = object as Pod;
    const name = pod.spec.priorityClassName ?? '';
    const known = name === '' ? undefined : classes[name];
    const found = name === '' || known !== undefined ? null : find(priorityClasses, '', name) as PriorityClass | null | undefined;
    if (found === undefined) return { lookUp: { resource: priorityClasses, namespace: '', name }, afterUs: 0 };
    const value = name === '' ? 0 : known ?? found?.value;
    const refuse = (message: string) => ({ refuse: forbiddenError({ group: '', resource: 'pods' }, pod.metadata.name, message) });
    if (value === undefined) return refuse(`no PriorityClass with name ${name} was found`);
    if (pod.spec.priority !== undefined && pod.spec.priority !== value) {
      return refuse(`the integer value of priority (${pod.spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`);
    }
    const preemptionPolicy = pod.spec.preemptionPolicy ?? found?.preemptionPolicy ?? 'PreemptLowerPriority';
    return { object: { ...pod, spec: { ...pod.spec, priority: value, preemptionPolicy } } as Pod };
  },
};
