import type { Node, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, Pod } from '../../../kubernetes/api/index.ts';
import { defaultNormalize, type Plugin, type Rejection } from '../framework.ts';

const rejection: Rejection = { reasons: ["node(s) didn't match Pod's node affinity/selector"], resolvable: false };

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
function termMatches({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, node: Node): boolean {
  if (matchExpressions.length === 0 && matchFields.length === 0) return false;
  for (const requirement of matchExpressions) if (!holds(requirement, node.metadata.labels?.[requirement.key])) return false;
  for (const requirement of matchFields) if (requirement.key !== 'metadata.name' || !holds(requirement, node.metadata.name)) return false;
  return true;
}

const requiredOf = (pod: Pod): NodeSelector | undefined => pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
const preferredOf = (pod: Pod) => pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;

function matches(pod: Pod, node: Node): boolean {
  const labels = pod.spec.nodeSelector;
  if (labels !== undefined) for (const key in labels) if (node.metadata.labels?.[key] !== labels[key]) return false;
  const required = requiredOf(pod);
  return required === undefined || required.nodeSelectorTerms.some((term) => termMatches(term, node));
}

/** The nodes a Pod names by `metadata.name` in every term, as those of a DaemonSet do. */
function namedNodes(pod: Pod): ReadonlySet<string> | undefined {
  const terms = requiredOf(pod)?.nodeSelectorTerms;
  if (terms === undefined || terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const named = matchFields.filter((field) => field.key === 'metadata.name' && field.operator === 'In');
    if (named.length === 0) return undefined;
    const inAll = (named[0]!.values ?? []).filter((name) => named.every((field) => field.values?.includes(name)));
    for (const name of inAll) names.add(name);
  }
  return names;
}

/** nodeSelector, and required and preferred node affinity. Models plugins/nodeaffinity/node_affinity.go. */
export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  filters: ({ pod }) => pod.spec.nodeSelector !== undefined || requiredOf(pod) !== undefined,
  preFilter: ({ pod }) => namedNodes(pod),
  filter: ({ pod }, { node }) => (matches(pod, node) ? undefined : rejection),
  scores: ({ pod }) => (preferredOf(pod)?.length ?? 0) > 0,
  score: ({ pod }, { node }) => {
    let sum = 0;
    for (const { weight, preference } of preferredOf(pod) ?? []) if (weight !== 0 && termMatches(preference, node)) sum += weight;
    return sum;
  },
  normalize: (scores) => defaultNormalize(scores, false),
  mayHelp: (event, { pod }) => event.resource === 'Node' && (event.changes.includes('Add') || event.changes.includes('UpdateNodeLabel')) &&
    matches(pod, event.node) && (event.old === undefined || !matches(pod, event.old)),
};
