import type { KubeObject, Pod, ResourceList, StringMap, Toleration } from '../../../kubernetes/api/index.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { AdmissionPlugin } from './plugin.ts';

type RuntimeClass = KubeObject & { readonly overhead?: { readonly podFixed?: ResourceList }; readonly scheduling?: { readonly nodeSelector?: StringMap; readonly tolerations?: readonly Toleration[] } };

const runtimeClasses = 'runtimeclasses.node.k8s.io';
const isNothing = (list: ResourceList | undefined): boolean => Object.keys(list ?? {}).length === 0;

/** Models plugin/pkg/admission/runtimeclass/admission.go: what a class of runtimes costs, and where it runs, goes into the Pod. */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  resources: ['pods'],
  admit(object, { find }) {
    const pod = object as Pod;
    const name = pod.spec.runtimeClassName;
    if (name === undefined && pod.spec.overhead === undefined) return { object };
    const refuse = (message: string) => ({ refuse: forbiddenError({ group: '', resource: 'pods' }, pod.metadata.name, message) });
    const found = name === undefined ? null : find(runtimeClasses, '', name) as RuntimeClass | null | undefined;
    if (found === undefined) return { lookUp: { resource: runtimeClasses, namespace: '', name: name! }, afterUs: 0 };
    if (found === null && name !== undefined) return refuse(`pod rejected: RuntimeClass ${JSON.stringify(name)} not found`);
    const fixed = found?.overhead?.podFixed;
    if (isNothing(fixed) && !isNothing(pod.spec.overhead)) return refuse('pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    if (!isNothing(fixed) && !isNothing(pod.spec.overhead) && !deepEqual(fixed, pod.spec.overhead)) return refuse("pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead");
    const { nodeSelector = {}, tolerations = [] } = found?.scheduling ?? {};
    const given = pod.spec.nodeSelector ?? {};
    const other = Object.keys(nodeSelector).find((key) => given[key] !== undefined && given[key] !== nodeSelector[key]);
    if (other !== undefined) return refuse(`conflict: runtimeClass.scheduling.nodeSelector[${other}] = ${nodeSelector[other]}; pod.spec.nodeSelector[${other}] = ${given[other]}`);
    const own = pod.spec.tolerations ?? [];
    const more = tolerations.filter((one) => !own.some((has) => deepEqual(has, one)));
    return {
      object: {
        ...pod,
        spec: {
          ...pod.spec, ...(isNothing(fixed) ? {} : { overhead: fixed }), ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: { ...given, ...nodeSelector } }),
          ...(more.length === 0 ? {} : { tolerations: [...own, ...more] }),
        },
      } as Pod,
    };
  },
};
