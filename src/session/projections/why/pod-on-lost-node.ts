import type { Lease, Node, Pod } from '../../../kubernetes/api/index.ts';
import { parseTime } from '../../../kubernetes/apimachinery/time.ts';
import { podStatus } from '../../../kubernetes/printers/pod-status.ts';
import type { Remedy } from '../../port/why.ts';
import { controllerManager, hindranceOf, type Hindrance } from './ability.ts';
import { controllerOf, plural, quoted, verdict, type Scene, type Verdict } from './scene.ts';

const seconds = (us: number): string => plural(Math.max(0, Math.round(us / 1_000_000)), 'second');

export const leaseOf = (scene: Scene, node: string): Lease | undefined => scene.find<Lease>('Lease', 'kube-node-lease', node);

/** How long a kubelet has not renewed its lease. */
export function silenceUs(scene: Scene, node: string): number | undefined {
  const renewed = parseTime(leaseOf(scene, node)?.spec?.renewTime);
  return renewed === undefined ? undefined : scene.nowUs - renewed;
}

export function leaseSaid(scene: Scene, node: string) {
  const [lease, silent] = [leaseOf(scene, node), silenceUs(scene, node)];
  return lease === undefined || silent === undefined ? undefined : scene.said(lease, `The lease of ${node} was renewed ${seconds(silent)} ago; the kubelet renews it every 10`);
}

export function nodeSaid(scene: Scene, name: string) {
  const node = scene.find<Node>('Node', '', name);
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  return node && scene.said(node, `Node ${name} Ready is ${ready?.status ?? 'unknown'}: ${ready?.message ?? ''}`);
}

/** A Pod whose kubelet can neither hear nor be heard: what the API says of it is what was last heard. */
export function whyOnLostNode(scene: Scene, pod: Pod, hindrance: Hindrance): Verdict {
  const { name } = pod.metadata;
  const node = pod.spec.nodeName!;
  const word = podStatus(pod);
  if (hindrance.elsewhere) {
    const goesOn = word === 'Running' ? ' What runs on the node goes on running.' : '';
    return verdict(word === 'Running' ? 'waiting' : 'bad', `“${word}” is the last that was heard of ${name}: ${hindrance.text}, so nothing can be told or changed.${goesOn}`, hindrance.evidence, hindrance.remedies);
  }
  const taints = scene.find<Node>('Node', '', node)?.spec?.taints ?? [];
  const noExecute = taints.find(({ key, effect }) => effect === 'NoExecute' && /^node\.kubernetes\.io\/(unreachable|not-ready)$/.test(key));
  return verdict('bad', `“${word}” is the last that was heard of ${name}: ${hindrance.text}, and only the kubelet on ${node} could say more. ${eviction(scene, pod, noExecute)}`, [
    ...hindrance.evidence, nodeSaid(scene, node), leaseSaid(scene, node), scene.eventSaid(scene.event(pod, 'NodeNotReady', 'TaintManagerEviction')),
  ], hindrance.remedies);
}

/** When the Pod will be deleted because of the node's taint. Models pkg/controller/tainteviction: a toleration's seconds count from timeAdded. */
function eviction(scene: Scene, pod: Pod, taint: { readonly key: string; readonly timeAdded?: string | null } | undefined): string {
  if (taint === undefined) return 'The node is not tainted for it yet.';
  const toleration = (pod.spec.tolerations ?? []).find(({ key, effect }) => (key === undefined || key === taint.key) && (effect === undefined || effect === 'NoExecute'));
  if (toleration !== undefined && toleration.tolerationSeconds === undefined) return 'It tolerates that for ever.';
  const sinceUs = parseTime(taint.timeAdded) ?? scene.nowUs;
  const left = sinceUs + (toleration?.tolerationSeconds ?? 0) * 1_000_000 - scene.nowUs;
  const after = controllerOf(pod) === undefined ? 'nobody makes another' : 'its ReplicaSet makes another';
  const stuck = hindranceOf(scene, controllerManager);
  if (stuck !== undefined) return `Nobody deletes it meanwhile: ${stuck.text}.`;
  return left > 0 ? `It tolerates ${taint.key} for ${seconds(left)} more; then it is deleted, and ${after}.` : `It is due to be deleted for the taint ${taint.key}.`;
}

/** A Pod that is being deleted and still there. */
export function whyTerminating(scene: Scene, pod: Pod): Verdict {
  const { name, namespace = 'default', deletionTimestamp, deletionGracePeriodSeconds, finalizers = [] } = pod.metadata;
  const force: Remedy = { title: `Force delete ${name}`, explanation: 'Takes the object away at once, without waiting for a kubelet to say that its containers have ended.', command: { type: 'delete-object', apiVersion: 'v1', kind: 'Pod', namespace, name, force: true } };
  const deleted = scene.said(pod, `metadata.deletionTimestamp is set (grace period ${deletionGracePeriodSeconds ?? 30} s)`);
  if (finalizers.length > 0) return verdict('bad', `${name} is Terminating until its finalizers are removed: ${finalizers.join(', ')}.`, [deleted]);
  const node = pod.spec.nodeName;
  const hindrance = node === undefined ? undefined : hindranceOf(scene, `${node}/kubelet`);
  if (hindrance !== undefined) {
    return verdict('bad', `${name} stays Terminating: ${hindrance.text}, and only the kubelet on ${node} can say that its containers have ended.`, [deleted, ...hindrance.evidence, nodeSaid(scene, node!), scene.eventSaid(scene.event(pod, 'TaintManagerEviction'))], [...hindrance.remedies, ...(hindrance.elsewhere ? [] : [force])]);
  }
  const runtime = node === undefined ? undefined : hindranceOf(scene, `${node}/containerd`);
  if (runtime !== undefined) return verdict('bad', `${name} stays Terminating: ${runtime.text}, so its containers can not be stopped.`, [deleted, ...runtime.evidence], [...runtime.remedies, force]);
  // deletionTimestamp lies at the end of the grace period.
  const left = (parseTime(deletionTimestamp) ?? scene.nowUs) - scene.nowUs;
  const killing = scene.event(pod, 'Killing');
  const waits = left > 0 ? `its containers have been asked to end (SIGTERM) and have ${seconds(left)} left until they are killed` : 'its grace period is over, and its last containers are being killed';
  return verdict('waiting', `${name} is Terminating: ${killing === undefined ? 'the kubelet is about to stop its containers' : waits}.`, [deleted, scene.eventSaid(killing)], [force]);
}

/** How a Pod that is over ended. */
export function whyOver(scene: Scene, pod: Pod): Verdict {
  const { name } = pod.metadata;
  const { phase, reason, message } = pod.status ?? {};
  if (phase === 'Succeeded') return verdict('good', `${name} is done: all its containers ended with exit code 0, and its restartPolicy is ${pod.spec.restartPolicy ?? 'Always'}.`, [scene.said(pod, 'status.phase: Succeeded')]);
  const ended = (pod.status?.containerStatuses ?? []).find(({ state }) => state?.terminated !== undefined && state.terminated.exitCode !== 0);
  const why = message !== undefined && message !== '' ? `${reason ?? 'Failed'}: ${quoted(message)}` : ended === undefined ? `${reason ?? 'status.phase: Failed'}` : `container ${ended.name} ended with exit code ${ended.state!.terminated!.exitCode}, and its restartPolicy is ${pod.spec.restartPolicy ?? 'Always'}`;
  return verdict('bad', `${name} has failed for good: ${why}.`, [scene.said(pod, `status.phase: Failed`), scene.eventSaid(scene.events(pod)[0])]);
}
