import type { Node, NodeSelector, Pod } from '../../../kubernetes/api/index.ts';
import { fitsNode, termMatches } from '../../../kubernetes/apimachinery/node-affinity.ts';
import { defaultNormalize, type Plugin, type Rejection } from '../framework.ts';

const rejection: Rejection = { reasons: ["node(s) didn't match Pod's node affinity/selector"], resolvable: false };

const requiredOf = (pod: Pod): NodeSelector | undefined => pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
const preferredOf = (pod: Pod) => pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution;

const matches = ({ spec }: Pod, { metadata }: Node): boolean => fitsNode(spec, metadata.name, metadata.labels);

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
    for (const { weight, preference } of preferredOf(pod) ?? []) if (weight !== 0 && termMatches(preference, node.metadata.name, node.metadata.labels)) sum += weight;
    return sum;
  },
  normalize: (scores) => defaultNormalize(scores, false),
  mayHelp: (event, { pod }) => event.resource === 'Node' && (event.changes.includes('Add') || event.changes.includes('UpdateNodeLabel')) &&
    matches(pod, event.node) && (event.old === undefined || !matches(pod, event.old)),
};
