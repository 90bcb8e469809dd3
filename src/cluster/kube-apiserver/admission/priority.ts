import type { KubeObject, Pod } from '../../../kubernetes/api/index.ts';
import type { PriorityClass } from '../../../kubernetes/api/kept-specs.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { priorityClassesKey } from '../served.ts';
import type { AdmissionContext, AdmissionPlugin } from './plugin.ts';

/** The two classes that every cluster has. */
const classes: { readonly [name: string]: number } = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 };

/** Models getDefaultPriorityClass: of several, made at the same time, the lowest. */
function defaultClass({ all }: AdmissionContext): PriorityClass | undefined {
  let lowest: PriorityClass | undefined;
  for (const one of all(priorityClassesKey, '') as readonly PriorityClass[]) {
    if (one.globalDefault === true && (lowest === undefined || one.value! < lowest.value!)) lowest = one;
  }
  return lowest;
}

/** Models plugin/pkg/admission/priority/admission.go: admitPod. A class that is so new that the cache does not know it is looked up (upstream: refused). */
export const priority: AdmissionPlugin = {
  name: 'Priority',
  resources: ['pods'],
  admit(object, context) {
    const pod = object as Pod;
    const given = pod.spec.priorityClassName ?? '';
    const fallback = given === '' ? defaultClass(context) : undefined;
    const name = fallback?.metadata.name ?? given;
    const known = classes[name];
    const found = fallback ?? (name === '' || known !== undefined ? null : context.find(priorityClassesKey, '', name) as PriorityClass | null | undefined);
    if (found === undefined) return { lookUp: { resource: priorityClassesKey, namespace: '', name }, afterUs: 0 };
    const value = name === '' ? 0 : known ?? found?.value;
    const refuse = (message: string) => ({ refuse: forbiddenError({ group: '', resource: 'pods' }, pod.metadata.name, message) });
    if (value === undefined) return refuse(`no PriorityClass with name ${name} was found`);
    if (pod.spec.priority !== undefined && pod.spec.priority !== value) {
      return refuse(`the integer value of priority (${pod.spec.priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`);
    }
    const preemptionPolicy = (found?.preemptionPolicy ?? 'PreemptLowerPriority') as NonNullable<Pod['spec']['preemptionPolicy']>;
    if (pod.spec.preemptionPolicy !== undefined && pod.spec.preemptionPolicy !== preemptionPolicy) {
      return refuse(`the string value of PreemptionPolicy (${pod.spec.preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${preemptionPolicy} from the given PriorityClass name`);
    }
    const spec = fallback === undefined ? pod.spec : { ...pod.spec, priorityClassName: name };
    return { object: { ...pod, spec: { ...spec, priority: value, preemptionPolicy } } as KubeObject };
  },
};

/** Models plugin/pkg/admission/priority/admission.go: validatePriorityClass. */
export const onlyDefaultPriority: AdmissionPlugin = {
  name: 'Priority',
  resources: [priorityClassesKey],
  judgesAlways: true,
  validate(object, context) {
    const { operation, inflight: { served, request } } = context;
    if (operation === 'DELETE' || request.subresource !== undefined || (object as PriorityClass).globalDefault !== true) return undefined;
    const other = defaultClass(context)?.metadata.name;
    if (other === undefined || (operation === 'UPDATE' && other === object.metadata.name)) return undefined;
    return { refuse: forbiddenError(served.info, object.metadata.name, `PriorityClass ${other} is already marked as default. Only one default can exist`) };
  },
};
