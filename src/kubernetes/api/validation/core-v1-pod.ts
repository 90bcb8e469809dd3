/** Pods and Pod templates. Models pkg/apis/core/validation/validation.go: ValidatePodSpec, ValidatePodCreate, ValidatePodUpdate. */
import type { StringMap } from '../meta-v1.ts';
import type { Container, Pod, PodSpec, PodTemplateSpec, Toleration } from '../core-v1-pod.ts';
import { deepEqual, semanticEqual } from '../../apimachinery/equality.ts';
import { forbidden, invalid, notSupported, required } from '../../apimachinery/field-errors.ts';
import { dns1123LabelErrors, dns1123SubdomainErrors, inclusiveRangeError, isIpAddress, qualifiedNameErrors } from '../../apimachinery/names.ts';
import { validateContainers, validateEphemeralContainers, validateId, validateInitContainers } from './core-v1-containers.ts';
import { validateAffinity, validateSpread, validateTolerations } from './core-v1-placement.ts';
import { validateResources } from './core-v1-resources.ts';
import { validateVolumes } from './core-v1-volumes.ts';
import { validateSysctls } from './sysctls.ts';
import { pushInvalid, subdomainName, validateAnnotations, validateLabels, validateMetadata, validateMetadataUpdate } from './metadata.ts';
import type { Errors } from './metadata.ts';
import { diffPodSpecs } from './spec-diff.ts';

const maxInt32 = 2_147_483_647;
export const mirrorAnnotation = 'kubernetes.io/config.mirror';
const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const restartPolicies = ['Always', 'OnFailure', 'Never'];
const dnsPolicies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];
const preemptionPolicies = ['PreemptLowerPriority', 'Never'];

function oneOf(errors: Errors, value: string | undefined, known: readonly string[], path: string): void {
  if (!value) errors.push(required(path));
  else if (!known.includes(value)) errors.push(notSupported(path, value, known));
}

function named(errors: Errors, name: string | undefined, judge: (name: string) => readonly string[], path: string): void {
  if (name) pushInvalid(errors, path, name, judge(name));
}

function validateHostNetwork(errors: Errors, spec: PodSpec, isPod: boolean, path: string): void {
  if (spec.hostNetwork !== true) return;
  (spec.containers ?? []).forEach((container, index) => (container.ports ?? []).forEach((port, place) => {
    const host = port.hostPort ?? 0;
    if ((isPod || host !== 0) && host !== port.containerPort) {
      errors.push(invalid(`${path}.containers[${index}].ports[${place}].hostPort`, host, 'must match `containerPort` when `hostNetwork` is true'));
    }
  }));
}

function validateDns(errors: Errors, spec: PodSpec, path: string): void {
  const config = spec.dnsConfig;
  if (spec.dnsPolicy === 'None') {
    if (!config) return void errors.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'));
    if (!config.nameservers?.length) return void errors.push(required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'));
  }
  const servers = config?.nameservers ?? [];
  if (servers.length > 3) errors.push(invalid(`${path}.nameservers`, servers, 'must not have more than 3 nameservers'));
  servers.forEach((server, index) => {
    if (!isIpAddress(server)) errors.push(invalid(`${path}.nameservers[${index}]`, server, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'));
  });
}

function validateGates(errors: Errors, spec: PodSpec, path: string): void {
  (spec.readinessGates ?? []).forEach((gate, index) =>
    pushInvalid(errors, `${path}.readinessGates[${index}].conditionType`, gate.conditionType, qualifiedNameErrors(gate.conditionType)));
  (spec.schedulingGates ?? []).forEach((gate, index) =>
    pushInvalid(errors, `${path}.schedulingGates[${index}]`, gate.name, qualifiedNameErrors(gate.name)));
}

/** A Pod's or a template's spec, in upstream's order. */
export function validatePodSpec(errors: Errors, spec: PodSpec, path: string, isPod: boolean): void {
  if (spec.terminationGracePeriodSeconds === undefined) errors.push(required(`${path}.terminationGracePeriodSeconds`));
  const around = { spec, volumes: validateVolumes(errors, spec.volumes, `${path}.volumes`) };
  validateContainers(errors, around, `${path}.containers`);
  validateInitContainers(errors, around, `${path}.initContainers`);
  validateEphemeralContainers(errors, around, `${path}.ephemeralContainers`);
  validateResources(errors, spec.resources, `${path}.resources`);
  validateHostNetwork(errors, spec, isPod, path);
  oneOf(errors, spec.restartPolicy, restartPolicies, `${path}.restartPolicy`);
  oneOf(errors, spec.dnsPolicy, dnsPolicies, `${path}.dnsPolicy`);
  validateLabels(errors, spec.nodeSelector, `${path}.nodeSelector`);
  validateId(errors, spec.securityContext?.runAsUser, `${path}.securityContext.runAsUser`);
  validateId(errors, spec.securityContext?.runAsGroup, `${path}.securityContext.runAsGroup`);
  validateId(errors, spec.securityContext?.fsGroup, `${path}.securityContext.fsGroup`);
  validateSysctls(errors, spec, `${path}.securityContext.sysctls`);
  validateAffinity(errors, spec.affinity, `${path}.affinity`);
  if (spec.dnsConfig || spec.dnsPolicy === 'None') validateDns(errors, spec, `${path}.dnsConfig`);
  if (spec.readinessGates || spec.schedulingGates) validateGates(errors, spec, path);
  validateSpread(errors, spec.topologySpreadConstraints, `${path}.topologySpreadConstraints`);
  named(errors, spec.serviceAccountName, dns1123SubdomainErrors, `${path}.serviceAccountName`);
  named(errors, spec.nodeName, dns1123SubdomainErrors, `${path}.nodeName`);
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > maxInt32)) {
    errors.push(invalid(`${path}.activeDeadlineSeconds`, deadline, inclusiveRangeError(1, maxInt32)));
  }
  named(errors, spec.hostname, dns1123LabelErrors, `${path}.hostname`);
  named(errors, spec.subdomain, dns1123LabelErrors, `${path}.subdomain`);
  validateTolerations(errors, spec.tolerations, `${path}.tolerations`);
  named(errors, spec.priorityClassName, dns1123SubdomainErrors, `${path}.priorityClassName`);
  named(errors, spec.runtimeClassName, dns1123SubdomainErrors, `${path}.runtimeClassName`);
  if (spec.preemptionPolicy !== undefined) oneOf(errors, spec.preemptionPolicy, preemptionPolicies, `${path}.preemptionPolicy`);
}

function validatePodAnnotations(errors: Errors, annotations: StringMap | undefined, spec: PodSpec, path: string): void {
  if (annotations === undefined) return;
  if (annotations[mirrorAnnotation] !== undefined && !spec.nodeName) {
    errors.push(invalid(`${path}[${mirrorAnnotation}]`, annotations[mirrorAnnotation], 'must set spec.nodeName if mirror pod annotation is set'));
  }
  const cost = annotations[deletionCostAnnotation];
  if (cost !== undefined && (!/^(0|-?[1-9]\d*)$/.test(cost) || Number(cost) > maxInt32 || Number(cost) < -maxInt32 - 1)) {
    errors.push(invalid(`${path}[${deletionCostAnnotation}]`, cost, 'must be a 32bit integer'));
  }
}

/** The template of a workload. Models ValidatePodTemplateSpec. */
export function validatePodTemplate(errors: Errors, template: PodTemplateSpec, path: string): void {
  validateLabels(errors, template.metadata?.labels, `${path}.labels`);
  validateAnnotations(errors, template.metadata?.annotations, `${path}.annotations`);
  validatePodAnnotations(errors, template.metadata?.annotations, template.spec, `${path}.annotations`);
  validatePodSpec(errors, template.spec ?? { containers: [] }, `${path}.spec`, false);
  if (template.spec?.ephemeralContainers?.length) errors.push(forbidden(`${path}.spec.ephemeralContainers`, 'ephemeral containers not allowed in pod template'));
}

function validateImageSpace(errors: Errors, containers: readonly Container[] | undefined, path: string): void {
  (containers ?? []).forEach((container, index) => {
    if (container.image !== undefined && container.image.trim() !== container.image) {
      errors.push(invalid(`${path}[${index}].image`, container.image, 'must not have leading or trailing whitespace'));
    }
  });
}

/** What a Pod's spec must be, at its creation and after each change. */
export function validateSpecOfPod(errors: Errors, pod: Pod): void {
  validatePodAnnotations(errors, pod.metadata.annotations, pod.spec, 'metadata.annotations');
  validatePodSpec(errors, pod.spec, 'spec', true);
  if (!pod.spec.serviceAccountName) {
    (pod.spec.volumes ?? []).forEach((volume, index) => (volume.projected?.sources ?? []).forEach((source, place) => {
      if (source.serviceAccountToken) {
        errors.push(forbidden(`spec.volumes[${index}].projected.sources[${place}].serviceAccountToken`, 'must not be specified when serviceAccountName is not set'));
      }
    }));
  }
  validateImageSpace(errors, pod.spec.containers, 'spec.containers');
  validateImageSpace(errors, pod.spec.initContainers, 'spec.initContainers');
}

/** A Pod on its way in. */
export function validatePod(errors: Errors, pod: Pod): void {
  validateMetadata(errors, pod.metadata, true, subdomainName);
  validateSpecOfPod(errors, pod);
  if (pod.spec.ephemeralContainers?.length) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'));
  if (pod.spec.nodeName && pod.spec.schedulingGates?.length) errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'));
}

function sameContainerCount(errors: Errors, next: readonly Container[] | undefined, old: readonly Container[] | undefined, path: string): boolean {
  if ((next ?? []).length === (old ?? []).length) return true;
  errors.push(forbidden(path, 'pod updates may not add or remove containers'));
  return false;
}

/** From nothing to a deadline, or to an earlier one. */
function validateDeadlineChange(errors: Errors, next: number | undefined, old: number | undefined): boolean {
  const path = 'spec.activeDeadlineSeconds';
  if (next === undefined) {
    if (old !== undefined) errors.push(invalid(path, null, 'must not update from a positive integer to nil value'));
    return true;
  }
  if (next < 0 || next > maxInt32) errors.push(invalid(path, next, inclusiveRangeError(0, maxInt32)));
  else if (old !== undefined && old < next) errors.push(invalid(path, next, 'must be less than or equal to previous value'));
  else return true;
  return false;
}

function validateTolerationChange(errors: Errors, next: readonly Toleration[], old: readonly Toleration[]): void {
  if (next === old) return;
  for (const before of old) {
    const kept = next.some((after) => deepEqual({ ...before, tolerationSeconds: after.tolerationSeconds }, after));
    if (!kept) return void errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
  }
}

const updatableFields = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

const withOldImages = (next: readonly Container[] | undefined, old: readonly Container[] | undefined): readonly Container[] | undefined =>
  next?.map((container, index) => ({ ...container, image: old?.[index]?.image }));

function validateGateChange(errors: Errors, next: PodSpec, old: PodSpec): void {
  const before = new Set((old.schedulingGates ?? []).map((gate) => gate.name));
  (next.schedulingGates ?? []).forEach((gate, index) => {
    if (!before.has(gate.name)) errors.push(forbidden(`spec.schedulingGates[${index}].name`, `only deletion is allowed, but found new scheduling gate '${gate.name}'`));
  });
}

/** While gated, a Pod's node selector may grow. Models validateNodeSelectorMutation. */
function validateSelectorGrowth(errors: Errors, next: StringMap | undefined, old: StringMap | undefined): void {
  for (const key in old) {
    if (next?.[key] === undefined) errors.push(invalid(`spec.nodeSelector`, next ?? null, 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'));
    else if (next[key] !== old[key]) errors.push(invalid(`spec.nodeSelector`, next, 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'));
  }
}

/** A Pod that is being changed: nearly all of its spec is for life. */
export function validatePodUpdate(errors: Errors, pod: Pod, old: Pod): void {
  validateMetadataUpdate(errors, pod.metadata, old.metadata);
  validateMirrorAnnotation(errors, pod, old);
  if (pod.spec === old.spec) return;
  validateSpecOfPod(errors, pod);
  if (!sameContainerCount(errors, pod.spec.containers, old.spec.containers, 'spec.containers')) return;
  if (!sameContainerCount(errors, pod.spec.initContainers, old.spec.initContainers, 'spec.initContainers')) return;
  if (!validateDeadlineChange(errors, pod.spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds)) return;
  validateTolerationChange(errors, pod.spec.tolerations ?? [], old.spec.tolerations ?? []);
  validateGateChange(errors, pod.spec, old.spec);
  if (semanticEqual(pod.spec, old.spec)) return;
  const munged: { -readonly [K in keyof PodSpec]: PodSpec[K] } = {
    ...pod.spec,
    containers: withOldImages(pod.spec.containers, old.spec.containers) ?? [],
    initContainers: withOldImages(pod.spec.initContainers, old.spec.initContainers),
    activeDeadlineSeconds: old.spec.activeDeadlineSeconds,
    schedulingGates: old.spec.schedulingGates,
    tolerations: old.spec.tolerations,
  };
  if ((old.spec.terminationGracePeriodSeconds ?? 0) < 0 && munged.terminationGracePeriodSeconds === 1) {
    munged.terminationGracePeriodSeconds = old.spec.terminationGracePeriodSeconds;
  }
  if (old.spec.schedulingGates?.length && !semanticEqual(munged.nodeSelector, old.spec.nodeSelector)) {
    validateSelectorGrowth(errors, munged.nodeSelector, old.spec.nodeSelector);
    munged.nodeSelector = old.spec.nodeSelector;
  }
  if (!semanticEqual(munged, old.spec)) {
    errors.push(forbidden('spec', `pod updates may not change fields other than ${updatableFields}\n${diffPodSpecs(old.spec, munged)}`));
  }
}

function validateMirrorAnnotation(errors: Errors, pod: Pod, old: Pod): void {
  const next = pod.metadata.annotations?.[mirrorAnnotation];
  const before = old.metadata.annotations?.[mirrorAnnotation];
  if (next === before) return;
  errors.push(forbidden(`metadata.annotations[${mirrorAnnotation}]`,
    before === undefined ? 'may not add mirror pod annotation' : 'may not remove or update mirror pod annotation'));
}

