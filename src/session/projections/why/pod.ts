import type { EndpointSlice, Pod, Service } from '../../../kubernetes/api/index.ts';
import { compileLabelSet } from '../../../kubernetes/apimachinery/label-selector.ts';
import { podStatus } from '../../../kubernetes/printers/pod-status.ts';
import { controllerManager, hindranceOf } from './ability.ts';
import { exitNote, whyContainers, whyStarting } from './pod-containers.ts';
import { nodeSaid, whyOnLostNode, whyOver, whyTerminating } from './pod-on-lost-node.ts';
import { whyUnscheduled } from './pod-unscheduled.ts';
import { plural, quoted, verdict, type Scene, type Verdict } from './scene.ts';

/** Why is this Pod as it is? The first reason in the order of a Pod's life. */
export function whyPod(scene: Scene, pod: Pod): Verdict {
  const { phase } = pod.status ?? {};
  if (pod.metadata.deletionTimestamp !== undefined && pod.metadata.deletionTimestamp !== null) return whyTerminating(scene, pod);
  if (phase === 'Succeeded' || phase === 'Failed') return whyOver(scene, pod);
  const node = pod.spec.nodeName;
  if (node === undefined || node === '') return whyUnscheduled(scene, pod);
  const hindrance = hindranceOf(scene, `${node}/kubelet`);
  if (hindrance !== undefined) return whyOnLostNode(scene, pod, hindrance);
  const trouble = whyContainers(scene, pod);
  if (trouble !== undefined) return trouble;
  const statuses = pod.status?.containerStatuses ?? [];
  if (statuses.length === 0 || statuses.some(({ state }) => state?.running === undefined)) return whyStarting(scene, pod, podStatus(pod));
  const ready = pod.status?.conditions?.find(({ type }) => type === 'Ready');
  return ready?.status === 'True' ? whyRunning(scene, pod) : whyNotReady(scene, pod, ready);
}

function whyNotReady(scene: Scene, pod: Pod, ready: { readonly reason?: string; readonly message?: string } | undefined): Verdict {
  const { name } = pod.metadata;
  const node = pod.spec.nodeName!;
  const silent = scene.event(pod, 'NodeNotReady');
  // Models pkg/controller/util/node: MarkPodsNotReady writes the condition without a reason.
  if (ready?.reason === undefined && silent !== undefined) return verdict('waiting', `${name} runs but was marked not Ready: ${quoted(silent.message)}. Its kubelet says so again with its next report.`, [scene.eventSaid(silent), nodeSaid(scene, node)]);
  return verdict('waiting', `${name} runs but is not Ready (${ready?.reason ?? 'no Ready condition yet'})${ready?.message === undefined ? '' : `: ${quoted(ready.message)}`}.`, [scene.said(pod, 'Ready is False')]);
}

function whyRunning(scene: Scene, pod: Pod): Verdict {
  const { name, namespace = 'default' } = pod.metadata;
  const restarted = (pod.status?.containerStatuses ?? []).filter(({ restartCount }) => (restartCount ?? 0) > 0);
  const before = restarted[0]?.lastState?.terminated;
  const again = restarted.length === 0 ? '' : ` ${restarted.map((status) => `Container ${status.name} was restarted ${plural(status.restartCount ?? 0, 'time')}${before === undefined ? '' : `, the last time after exit code ${before.exitCode}`}`).join('. ')}.`;
  const selecting = scene.all<Service>('Service', namespace).filter(({ spec }) => Object.keys(spec?.selector ?? {}).length > 0 && compileLabelSet(spec?.selector).matches(pod.metadata.labels ?? {}));
  const missing = selecting.filter((service) => !readyBehind(scene, service).has(name));
  const evidence = [scene.eventSaid(scene.event(pod, 'Started')), scene.eventSaid(scene.event(pod, 'Scheduled')), restarted[0] === undefined ? undefined : exitNote(scene, pod, restarted[0].name, before)];
  if (missing.length > 0) {
    const stuck = hindranceOf(scene, controllerManager);
    const why = stuck === undefined ? 'the endpointslice-controller is about to add it' : `nobody writes its EndpointSlice: ${stuck.text}`;
    return verdict(stuck === undefined ? 'waiting' : 'bad', `${name} runs and is Ready, but the Service ${missing[0]!.metadata.name} does not lead to it yet: ${why}.`, [...(stuck?.evidence ?? []), scene.said(missing[0]!, `Service ${missing[0]!.metadata.name} selects its labels`), ...evidence], stuck?.remedies ?? []);
  }
  const service = selecting.length === 0 ? '' : ` The ${selecting.length === 1 ? 'Service' : 'Services'} ${selecting.map(({ metadata }) => metadata.name).join(', ')} ${selecting.length === 1 ? 'leads' : 'lead'} to it.`;
  return verdict('good', `${name} runs and is Ready: all its containers are running on ${pod.spec.nodeName}.${again}${service}`, evidence);
}

/** The names of the Pods that a Service leads to. */
export function readyBehind(scene: Scene, service: Service): ReadonlySet<string> {
  const slices = scene.all<EndpointSlice>('EndpointSlice', service.metadata.namespace ?? '').filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name);
  return new Set(slices.flatMap(({ endpoints }) => (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).map(({ targetRef }) => targetRef?.name ?? '')));
}
