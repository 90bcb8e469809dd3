/** Which objects a quota is about. Models pkg/quota/v1/evaluator/core/pods.go: podMatchesScopeFunc, and staging/src/k8s.io/apiserver/pkg/quota/v1/generic/evaluator.go: Matches. */
import type { KubeObject, Pod } from '../../api/index.ts';
import type { ResourceQuota, ScopeRequirement } from '../../api/kept-specs.ts';
import { compareQuantities } from '../../apimachinery/quantity.ts';

const requirements = ({ spec }: ResourceQuota): readonly ScopeRequirement[] =>
  [...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists' })), ...spec.scopeSelector?.matchExpressions ?? []];

/** Whether the quota is about the object. */
export const isAbout = (quota: ResourceQuota, resource: string, object: KubeObject): boolean => requirements(quota).every((one) => matches(one, resource, object));

function matches({ scopeName, operator, values = [] }: ScopeRequirement, resource: string, object: KubeObject): boolean {
  if (resource === 'persistentvolumeclaims' && scopeName === 'VolumeAttributesClass') {
    return selects(operator, values, (object.spec as { readonly volumeAttributesClassName?: string }).volumeAttributesClassName ?? '');
  }
  if (resource !== 'pods') return false;
  const { spec } = object as Pod;
  switch (scopeName) {
    case 'Terminating': return isTerminating(spec);
    case 'NotTerminating': return !isTerminating(spec);
    case 'BestEffort': return isBestEffort(object as Pod);
    case 'NotBestEffort': return !isBestEffort(object as Pod);
    case 'PriorityClass': return operator === 'Exists' && values.length === 0 ? (spec.priorityClassName ?? '') !== '' : selects(operator, values, spec.priorityClassName ?? '');
    case 'CrossNamespacePodAffinity': return affinityTerms(spec).some((term) => (term.namespaces ?? []).length > 0 || term.namespaceSelector !== undefined);
    default: return false;
  }
}

function selects(operator: string, values: readonly string[], value: string): boolean {
  switch (operator) {
    case 'In': return value !== '' && values.includes(value);
    case 'NotIn': return !values.includes(value);
    case 'Exists': return value !== '';
    default: return value === '';
  }
}

const isTerminating = (spec: Pod['spec']): boolean => spec.activeDeadlineSeconds !== undefined && spec.activeDeadlineSeconds >= 0;

/** Nothing is asked for and nothing is limited. */
export function isBestEffort({ spec }: Pod): boolean {
  return [...spec.containers, ...spec.initContainers ?? [], { resources: spec.resources }].every(({ resources }) =>
    [resources?.requests, resources?.limits].every((list) => ['cpu', 'memory'].every((name) => list?.[name] === undefined || compareQuantities(list[name], '0') === 0)));
}

const affinityTerms = ({ affinity }: Pod['spec']) => [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((one) => [
  ...one?.requiredDuringSchedulingIgnoredDuringExecution ?? [], ...(one?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
]);
