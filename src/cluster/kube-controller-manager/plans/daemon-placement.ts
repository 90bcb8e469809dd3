/** Which nodes a DaemonSet's Pods belong on, and what is stamped for them. Models pkg/controller/daemon/util/daemonset_util.go and daemon_controller.go: NodeShouldRunDaemonPod. */
import type { Affinity, Node, Pod, PodSpec, PodTemplateSpec, TaintEffect, Toleration } from '../../../kubernetes/api/index.ts';
import type { DaemonSet } from '../../../kubernetes/api/kept-specs.ts';
import { fitsNode } from '../../../kubernetes/apimachinery/node-affinity.ts';
import { tolerates } from './tolerance.ts';

export const hashLabel = 'controller-revision-hash';
const generationLabel = 'pod-template-generation';
const generationAnnotation = 'deprecated.daemonset.template.generation';

/** Models GetTemplateGeneration; one that is no number is none. */
function templateGeneration({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[generationAnnotation];
  return text !== undefined && /^[+-]?\d+$/.test(text) ? String(BigInt(text)) : undefined;
}

const daemonTolerations = (hostNetwork: boolean): readonly Toleration[] => {
  const one = (key: string, effect: TaintEffect): Toleration => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect });
  return [
    one('not-ready', 'NoExecute'), one('unreachable', 'NoExecute'), one('disk-pressure', 'NoSchedule'), one('memory-pressure', 'NoSchedule'), one('pid-pressure', 'NoSchedule'),
    one('unschedulable', 'NoSchedule'), ...(hostNetwork ? [one('network-unavailable', 'NoSchedule')] : []),
  ];
};

const known = new WeakMap<PodSpec, readonly Toleration[]>();

/** The template's own tolerations and those of every daemon Pod, which take the place of equal ones with a time. Models AddOrUpdateDaemonPodTolerations. */
export function tolerationsOf(spec: PodSpec): readonly Toleration[] {
  let all = known.get(spec);
  if (all === undefined) known.set(spec, all = daemonTolerations(spec.hostNetwork === true).reduce(withToleration, spec.tolerations ?? []));
  return all;
}

function withToleration(all: readonly Toleration[], one: Toleration): readonly Toleration[] {
  const same = (other: Toleration): boolean => other.key === one.key && other.effect === one.effect && other.operator === one.operator && (other.value ?? '') === '';
  return all.some(same) ? all.map((other) => (same(other) ? one : other)) : [...all, one];
}

/** Whether a Pod is to be made on a node that has none, and whether one that is there may stay. */
export interface Placement { readonly shouldRun: boolean; readonly mayStay: boolean }

const nowhere: Placement = { shouldRun: false, mayStay: false };
const here: Placement = { shouldRun: true, mayStay: true };

export function placementOn({ metadata, spec: { taints = [] } }: Node, set: DaemonSet): Placement {
  const { spec } = set.spec.template;
  if ((spec.nodeName ?? '') !== '' && spec.nodeName !== metadata.name) return nowhere;
  if (!fitsNode(spec, metadata.name, metadata.labels)) return nowhere;
  const tolerations = tolerationsOf(spec);
  const refused = taints.filter((taint) => taint.effect !== 'PreferNoSchedule' && !tolerations.some((toleration) => tolerates(toleration, taint)));
  return refused.length === 0 ? here : { shouldRun: false, mayStay: !refused.some(({ effect }) => effect === 'NoExecute') };
}

/** The affinity of the template, but to this node and no other. Models ReplaceDaemonSetPodNodeNameNodeAffinity. */
const boundTo = (affinity: Affinity | undefined, node: string): Affinity => ({
  ...affinity,
  nodeAffinity: {
    ...affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }] },
  },
});

/** What is stamped for a node. Models CreatePodTemplate. */
export function templateFor(set: DaemonSet, hash: string, node: string): PodTemplateSpec {
  const { metadata, spec } = set.spec.template;
  const generation = templateGeneration(set);
  const labels = { ...metadata?.labels, ...(generation === undefined ? {} : { [generationLabel]: generation }), [hashLabel]: hash };
  return { metadata: { ...metadata, labels }, spec: { ...spec, tolerations: tolerationsOf(spec), affinity: boundTo(spec.affinity, node) } };
}

/** Whether a Pod is of the newest template. Models IsPodUpdated. */
export function isUpdated({ metadata: { labels = {} } }: Pod, set: DaemonSet, hash: string): boolean {
  if (hash !== '' && labels[hashLabel] === hash) return true;
  const generation = templateGeneration(set);
  return generation !== undefined && labels[generationLabel] === generation;
}

/** The node a Pod is on or was made for. Models GetTargetNodeName. */
export function targetNodeOf({ spec }: Pod): string | undefined {
  if ((spec.nodeName ?? '') !== '') return spec.nodeName;
  for (const { matchFields = [] } of spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []) {
    for (const { key, operator, values = [] } of matchFields) if (key === 'metadata.name' && operator === 'In') return values.length === 1 ? values[0] : undefined;
  }
  return undefined;
}

export type PodsByNode = ReadonlyMap<string, readonly Pod[]>;

const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** The set's Pods by the node they are for; with those that are over and on their way out, where asked for. Models getNodesToDaemonPods. */
export function podsByNode(pods: Iterable<Pod>, withLeavingOver = false): PodsByNode {
  const map = new Map<string, Pod[]>();
  for (const pod of pods) {
    if (!withLeavingOver && isOver(pod) && pod.metadata.deletionTimestamp !== undefined) continue;
    const node = targetNodeOf(pod);
    if (node === undefined) continue;
    const there = map.get(node);
    if (there === undefined) map.set(node, [pod]); else there.push(pod);
  }
  return map;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Scheduled ones first, then by age, then by name. Models podByCreationTimestampAndPhase. */
export const oldestFirst = (pods: readonly Pod[]): readonly Pod[] => pods.slice().sort((a, b) =>
  Number((a.spec.nodeName ?? '') === '') - Number((b.spec.nodeName ?? '') === '') || compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') || compare(a.metadata.name, b.metadata.name));
