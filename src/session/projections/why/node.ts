import type { Node } from '../../../kubernetes/api/index.ts';
import type { Remedy } from '../../port/why.ts';
import { controllerManager, hindranceOf, ownHindrance } from './ability.ts';
import { leaseSaid, nodeSaid, silenceUs } from './pod-on-lost-node.ts';
import { quoted, verdict, type Scene, type Verdict } from './scene.ts';

/** The node-lifecycle-controller's grace, see pkg/controller/nodelifecycle/config: NodeMonitorGracePeriod. */
const graceUs = 50_000_000;

/** Why is this Node NotReady, or why is it still Ready? */
export function whyNode(scene: Scene, node: Node): Verdict {
  const { name } = node.metadata;
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  const hindrance = hindranceOf(scene, `${name}/kubelet`);
  const cordoned = node.spec?.unschedulable === true;
  const uncordon: Remedy = { title: `Uncordon ${name}`, explanation: 'New Pods may be scheduled to it again.', command: { type: 'uncordon-node', node: name } };
  const evidence = [...(hindrance?.evidence ?? []), nodeSaid(scene, name), leaseSaid(scene, name), scene.eventSaid(scene.event(node, 'NodeNotReady', 'NodeReady'))];
  if (hindrance?.elsewhere === true) return verdict('bad', `What the API says of ${name} (Ready ${ready?.status ?? 'unknown'}) is what was last heard: ${hindrance.text}.`, evidence, hindrance.remedies);
  if (hindrance !== undefined && ready?.status === 'True') {
    const stuck = hindranceOf(scene, controllerManager);
    const left = graceUs - (silenceUs(scene, name) ?? 0);
    const then = stuck !== undefined ? `nobody will notice: ${stuck.text}` : `the node-lifecycle-controller waits 50 s without a word from the kubelet before it says so${left > 0 ? `, about ${Math.ceil(left / 1_000_000)} s more` : ''}`;
    return verdict('bad', `The API still says that ${name} is Ready, but ${hindrance.text}; ${then}.`, [...evidence, ...(stuck?.evidence ?? [])], [...hindrance.remedies, ...(stuck?.remedies ?? [])]);
  }
  if (hindrance !== undefined) return verdict('bad', `${name} is NotReady (Ready ${ready?.status ?? 'unknown'}, ${ready?.reason ?? ''}): ${quoted(ready?.message)}. ${sentenceCase(hindrance.text)}.`, evidence, hindrance.remedies);
  if (ready?.status !== 'True') {
    const runtime = ownHindrance(scene, `${name}/containerd`) ?? ownHindrance(scene, `${name}/cni`);
    const recovering = runtime === undefined ? ' Its kubelet is running again and reports its status.' : ` ${sentenceCase(runtime.text)}.`;
    return verdict(runtime === undefined ? 'waiting' : 'bad', `${name} is NotReady (Ready ${ready?.status ?? 'unknown'}, ${ready?.reason ?? ''}): ${quoted(ready?.message)}.${recovering}`, [...(runtime?.evidence ?? []), ...evidence], runtime?.remedies ?? []);
  }
  const runtime = ownHindrance(scene, `${name}/containerd`);
  if (runtime !== undefined) return verdict('bad', `${name} still says Ready, but ${runtime.text}: the kubelet reports “container runtime is down” after 30 s without it.`, [...runtime.evidence, ...evidence], runtime.remedies);
  if (cordoned) return verdict('waiting', `${name} is Ready but cordoned (SchedulingDisabled): it takes no new Pods, and those that run there stay.`, [scene.said(node, 'spec.unschedulable: true'), ...evidence], [uncordon]);
  return verdict('good', `${name} is Ready: ${quoted(ready.message)}.`, evidence);
}

/** Names keep their small letters; only a “the” at the beginning of a sentence grows. */
const sentenceCase = (text: string): string => text.replace(/^the /, 'The ');
