/** Which nodes a Pod may be on by their labels and names. Models staging/src/k8s.io/component-helpers/scheduling/corev1/nodeaffinity: GetRequiredNodeAffinity. */
import type { NodeSelectorRequirement, NodeSelectorTerm, PodSpec } from '../api/core-v1-pod.ts';
import type { StringMap } from '../api/meta-v1.ts';

const wholeNumber = /^[+-]?\d+$/;

function holds({ operator, values = [] }: NodeSelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In': return value !== undefined && values.includes(value);
    case 'NotIn': return value === undefined || !values.includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    case 'Gt': case 'Lt': {
      const bound = values[0];
      if (value === undefined || bound === undefined || !wholeNumber.test(value) || !wholeNumber.test(bound)) return false;
      return operator === 'Gt' ? Number(value) > Number(bound) : Number(value) < Number(bound);
    }
    default: return false;
  }
}

/** All requirements of a term must hold; a term without any matches nothing. */
export function termMatches({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, name: string, labels: StringMap | undefined): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  for (const requirement of matchExpressions) if (!holds(requirement, labels?.[requirement.key])) return false;
  for (const requirement of matchFields) if (requirement.key !== 'metadata.name' || !holds(requirement, name)) return false;
  return true;
}

/** Whether its nodeSelector and its required node affinity let a Pod be on the node of this name and these labels. */
export function fitsNode({ nodeSelector, affinity }: PodSpec, name: string, labels: StringMap | undefined): boolean {
  if (nodeSelector !== undefined) for (const key in nodeSelector) if (labels?.[key] !== nodeSelector[key]) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => termMatches(term, name, labels));
}
