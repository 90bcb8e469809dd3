/** Changes of a Pod that have an address of their own. Models pkg/apis/core/validation/validation.go: ValidatePodEphemeralContainersUpdate, ValidatePodResize. */
import type { Container, Pod, ResourceRequirements } from '../core-v1-pod.ts';
import type { ResourceList } from '../meta-v1.ts';
import { semanticEqual } from '../../apimachinery/equality.ts';
import { forbidden, invalid } from '../../apimachinery/field-errors.ts';
import { qosClass } from '../qos-class.ts';
import { mirrorAnnotation, validateSpecOfPod } from './core-v1-pod.ts';
import { validateMetadataUpdate, type Errors } from './metadata.ts';
import { diffOf } from './spec-diff.ts';

/** Containers may be put into a Pod that runs; those that are there stay as they are. */
export function validateEphemeralContainersUpdate(errors: Errors, pod: Pod, old: Pod): void {
  validateMetadataUpdate(errors, pod.metadata, old.metadata);
  validateSpecOfPod(errors, pod);
  if (old.metadata.annotations?.[mirrorAnnotation] !== undefined) {
    errors.splice(0, errors.length, forbidden('', 'static pods do not support ephemeral containers'));
    return;
  }
  const path = 'spec.ephemeralContainers';
  for (const before of old.spec.ephemeralContainers ?? []) {
    const after = pod.spec.ephemeralContainers?.find(({ name }) => name === before.name);
    if (after === undefined) errors.push(forbidden(path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be removed\n`));
    else if (!semanticEqual(before, after)) errors.push(forbidden(path, `existing ephemeral containers ${JSON.stringify(before.name)} may not be changed\n${diffOf('core.EphemeralContainer', before, after)}`));
  }
}

const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';

/** The same containers in the same order. Models validatePodResizeContainerOrdering. */
function validateOrder(errors: Errors, next: readonly Container[], old: readonly Container[], field: 'containers' | 'initContainers'): void {
  if (next.length !== old.length) errors.push(forbidden(`spec.${field}`, `${field} may not be added or removed on resize`));
  else old.forEach(({ name }, index) => { if (next[index]!.name !== name) errors.push(forbidden(`spec.${field}[${index}].name`, `${field} may not be renamed or reordered on resize`)); });
}

const isRemoved = (next: ResourceList = {}, old: ResourceList = {}): boolean => Object.keys(old).some((name) => next[name] === undefined);

function validateResources(errors: Errors, next: ResourceRequirements = {}, old: ResourceRequirements = {}, path: string): void {
  if (isRemoved(next.requests, old.requests)) errors.push(forbidden(`${path}.requests`, 'resource requests cannot be removed'));
  if (isRemoved(next.limits, old.limits)) errors.push(forbidden(`${path}.limits`, 'resource limits cannot be removed'));
}

const resizable = ['cpu', 'memory'];
const withOld = (next: ResourceList | undefined, old: ResourceList | undefined): ResourceList | undefined => {
  const kept = Object.entries(next ?? {}).filter(([name]) => !resizable.includes(name));
  const before = Object.entries(old ?? {}).filter(([name]) => resizable.includes(name));
  return kept.length + before.length === 0 ? undefined : Object.fromEntries([...kept, ...before]);
};
/** The container as if its CPU and memory had stayed. Models dropCPUMemoryResourcesFromContainer. */
function unsized(next: Container, old: Container): Container {
  const limits = withOld(next.resources?.limits, old.resources?.limits);
  const requests = withOld(next.resources?.requests, old.resources?.requests);
  return { ...next, resources: { ...(limits !== undefined && { limits }), ...(requests !== undefined && { requests }) } };
}
const plain = (container: Container): Container => unsized(container, container);

const sizesPod = ({ spec: { resources } }: Pod): boolean => Object.keys({ ...resources?.requests, ...resources?.limits }).length > 0;

/** The kubelet of a running container says what it has: one that does not cannot resize. */
const nodeResizes = ({ status }: Pod): boolean => {
  const running = status?.containerStatuses?.find(({ state }) => state?.running !== undefined);
  return running === undefined || running.resources !== undefined;
};

/** Another amount of CPU and memory for containers that run. */
export function validatePodResize(errors: Errors, pod: Pod, old: Pod): void {
  const instead = (message: string): void => { errors.splice(0, errors.length, forbidden('', message)); };
  validateMetadataUpdate(errors, pod.metadata, old.metadata);
  validateSpecOfPod(errors, pod);
  if (sizesPod(old) || sizesPod(pod)) return instead('pods with pod-level resources cannot be resized');
  if (old.metadata.annotations?.[mirrorAnnotation] !== undefined) return instead('static pods cannot be resized');
  if ((old.spec.os as { readonly name?: string } | undefined)?.name === 'windows') return instead('windows pods cannot be resized');
  const [init, oldInit] = [pod.spec.initContainers ?? [], old.spec.initContainers ?? []];
  const found = errors.length;
  validateOrder(errors, pod.spec.containers, old.spec.containers, 'containers');
  validateOrder(errors, init, oldInit, 'initContainers');
  if (errors.length > found) return;
  if ((old.status?.qosClass ?? qosClass(old)) !== qosClass(pod)) errors.push(invalid('spec', old.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'));
  if (!nodeResizes(old)) errors.push(forbidden('spec', 'Pod running on node without support for resize'));
  oldInit.forEach((before, index) => { if (isSidecar(before)) validateResources(errors, init[index]!.resources, before.resources, `spec.initContainers[${index}].resources`); });
  old.spec.containers.forEach((before, index) => validateResources(errors, pod.spec.containers[index]!.resources, before.resources, `spec.containers[${index}].resources`));
  pod.spec.containers.forEach((after, index) => {
    const before = old.spec.containers[index]!;
    if (!semanticEqual(unsized(after, before), plain(before))) errors.push(forbidden('spec', 'only cpu and memory resources are mutable'));
  });
  init.forEach((after, index) => {
    const before = oldInit[index]!;
    if (!isSidecar(after)) {
      if (!semanticEqual(after, before)) errors.push(forbidden('spec', 'resources for non-sidecar init containers are immutable'));
    } else if (!semanticEqual(unsized(after, before), plain(before))) errors.push(forbidden('spec', 'only cpu and memory resources for sidecar containers are mutable'));
  });
}
