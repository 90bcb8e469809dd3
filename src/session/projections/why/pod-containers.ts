import type { Container, ContainerState, ContainerStatus, Pod, PodSpec } from '../../../kubernetes/api/index.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import type { Evidence, Remedy } from '../../port/why.ts';
import { ownHindrance } from './ability.ts';
import { amended, apply } from './amend.ts';
import { containersOf, plural, quoted, verdict, type Scene, type Verdict } from './scene.ts';

type ContainerStateTerminated = NonNullable<ContainerState['terminated']>;

const imageTrouble = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'ImageInspectError']);

const changeContainer = (name: string, change: (container: Container) => Container) => (spec: PodSpec): PodSpec => ({
  ...spec, containers: spec.containers.map((one) => (one.name === name ? change(one) : one)),
  ...(spec.initContainers !== undefined && { initContainers: spec.initContainers.map((one) => (one.name === name ? change(one) : one)) }),
});

/** The first container that does not do what it should, in the order in which they start; undefined if all do. */
export function whyContainers(scene: Scene, pod: Pod): Verdict | undefined {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  for (const status of statuses) {
    const { waiting, terminated } = status.state ?? {};
    if (waiting?.reason !== undefined && imageTrouble.has(waiting.reason)) return whyNoImage(scene, pod, status);
    if (waiting?.reason === 'CreateContainerConfigError') return whyNoConfig(scene, pod, status);
    if (waiting?.reason === 'CrashLoopBackOff' || (terminated !== undefined && endedBadly(pod, status))) return whyRestarting(scene, pod, status);
    if (waiting?.reason === 'CreateContainerError' || waiting?.reason === 'RunContainerError') {
      return verdict('bad', `Container ${status.name} can not be started (${waiting.reason}): ${quoted(waiting.message)}.`, [scene.said(pod, `state.waiting.reason: ${waiting.reason}`), scene.eventSaid(scene.event(pod, 'Failed'))]);
    }
  }
  return undefined;
}

/** Whether a container that has ended is to run again, or its end holds up what follows. */
function endedBadly(pod: Pod, { name, state }: ContainerStatus): boolean {
  const init = pod.spec.initContainers?.some((one) => one.name === name) === true;
  return state?.terminated?.exitCode !== 0 || (!init && (pod.spec.restartPolicy ?? 'Always') === 'Always');
}

function whyNoImage(scene: Scene, pod: Pod, { name, state }: ContainerStatus): Verdict {
  const { reason = '', message } = state!.waiting!;
  const container = containersOf(pod).find((one) => one.name === name);
  const made = amended(scene, pod, true, changeContainer(name, (one) => ({ ...one, image: 'nginx:1.27' })));
  const pull = scene.lastRecord((record) => record.what === 'message' && record.type === 'cri.Error' && record.to === `${pod.spec.nodeName}/kubelet` && (record.body as { message?: string }).message?.includes(container?.image ?? '\0') === true);
  return verdict('bad', `Container ${name} has no image (${reason}): ${quoted(message)}.`, [
    scene.said(pod, `spec asks for image ${container?.image ?? ''}`), scene.eventSaid(scene.events(pod).find((event) => event.reason === 'Failed' && event.message?.startsWith('Failed to pull') === true)),
    pull === undefined ? undefined : scene.backed(`containerd on ${pod.spec.nodeName} answered the kubelet with an error`, pull),
  ], [made && reason !== 'ErrImageNeverPull' ? { title: 'Use nginx:1.27, which exists', explanation: made.how, command: made.command } : undefined]);
}

/** `configmap "settings" not found`, `couldn't find key level in ConfigMap default/settings`. */
function whyNoConfig(scene: Scene, pod: Pod, { name, state }: ContainerStatus): Verdict {
  const { message = '' } = state!.waiting!;
  const [, kind, missing] = /^(configmap|secret) "([^"]+)" not found$/.exec(message) ?? [];
  return verdict('bad', `Container ${name} can not be created (CreateContainerConfigError): ${quoted(message)}.`, [scene.said(pod, 'state.waiting.reason: CreateContainerConfigError'), scene.eventSaid(scene.event(pod, 'Failed'))], [
    kind === undefined || missing === undefined ? undefined : created(pod, kind === 'secret' ? 'Secret' : 'ConfigMap', missing),
  ]);
}

/** Makes the ConfigMap or Secret that a Pod waits for, with the keys that it asks for. */
export function created(pod: Pod, kind: 'ConfigMap' | 'Secret', name: string): Remedy {
  const keys = new Set(containersOf(pod).flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => [valueFrom?.configMapKeyRef, valueFrom?.secretKeyRef].filter((ref) => ref?.name === name).map((ref) => ref!.key))));
  const data = Object.fromEntries([...keys].map((key) => [key, 'example']));
  const { namespace } = pod.metadata;
  return {
    title: `Create ${kind} ${name}`, explanation: keys.size === 0 ? 'An empty one; the kubelet asks for it again and goes on.' : `With ${plural(keys.size, 'key')} (${[...keys].join(', ')}) and example values; the kubelet asks for it again and goes on.`,
    command: apply({ apiVersion: 'v1', kind, metadata: { name, ...(namespace !== undefined && { namespace }) }, ...(kind === 'Secret' ? { stringData: data } : { data }) } as unknown as Parameters<typeof apply>[0]),
  };
}

function whyRestarting(scene: Scene, pod: Pod, { name, state, lastState, restartCount }: ContainerStatus): Verdict {
  const { waiting } = state ?? {};
  const ended = state?.terminated ?? lastState?.terminated;
  const container = containersOf(pod).find((one) => one.name === name);
  const program = [...(container?.command ?? []), ...(container?.args ?? [])].join(' ');
  const how = ended === undefined ? 'ends' : `ended with exit code ${ended.exitCode}${ended.reason === undefined ? '' : ` (${ended.reason})`}`;
  const next = waiting?.reason === 'CrashLoopBackOff' ? `CrashLoopBackOff: ${quoted(waiting.message)}` : 'the kubelet is about to start it again';
  const made = program === '' ? undefined : amended(scene, pod, false, changeContainer(name, ({ command: _command, args: _args, ...one }) => one));
  return verdict('bad', `Container ${name} ${how} and is restarted, ${plural(restartCount ?? 0, 'time')} so far; ${next}.`, [
    scene.said(pod, program === '' ? `It runs what ${container?.image ?? 'its image'} runs by default` : `It runs: ${program}`),
    exitNote(scene, pod, name, ended), scene.eventSaid(scene.event(pod, 'BackOff')),
  ], [made && { title: 'Leave its command out', explanation: `Then ${container?.image ?? 'the image'} runs what it runs by default. ${made.how}`, command: made.command }]);
}

/** containerd's own word of how the container ended: its newest note that says so, of that moment. */
export function exitNote(scene: Scene, pod: Pod, name: string, ended: ContainerStateTerminated | undefined): Evidence | undefined {
  if (ended === undefined) return undefined;
  const text = `container ${name} exited with code ${ended.exitCode}`;
  const note = scene.lastRecord((record) => record.what === 'note' && record.note.text === text && record.address === `${pod.spec.nodeName}/containerd` && formatTime(record.atUs) === ended.finishedAt);
  return note === undefined ? undefined : scene.backed(`containerd: ${text}`, note);
}

/** Nothing is wrong with a container that has not started yet: how far has its kubelet come? */
export function whyStarting(scene: Scene, pod: Pod, word: string): Verdict {
  const { name } = pod.metadata;
  const node = pod.spec.nodeName!;
  const runtime = ownHindrance(scene, `${node}/containerd`) ?? ownHindrance(scene, `${node}/cni`);
  if (runtime !== undefined) {
    return verdict('bad', `${name} can not be started on ${node} (${word}): ${runtime.text}.`, [...runtime.evidence, scene.eventSaid(scene.event(pod, 'FailedCreatePodSandBox', 'Failed'))], runtime.remedies);
  }
  const [newest] = scene.events(pod);
  if (newest?.reason === 'FailedMount' || newest?.reason === 'FailedCreatePodSandBox') {
    const [, kind, missing] = /(configmap|secret) "([^"]+)" not found/.exec(newest.message ?? '') ?? [];
    return verdict('bad', `${name} can not be started yet (${word}): ${quoted(newest.message)}.`, [scene.eventSaid(newest)], [kind === undefined || missing === undefined ? undefined : created(pod, kind === 'secret' ? 'Secret' : 'ConfigMap', missing)]);
  }
  const doing = newest === undefined || newest.reason === 'Scheduled' ? `the kubelet on ${node} makes its sandbox and volumes ready` : newest.reason === 'Pulling' ? `${newest.message?.replace('Pulling image', 'containerd pulls image') ?? 'its image is pulled'}` : `the last word of the kubelet is ${quoted(newest.message)}`;
  return verdict('waiting', `${name} is being started on ${node} (${word}): ${doing}.`, [scene.eventSaid(newest), scene.said(pod, `status.phase: ${pod.status?.phase ?? ''}`)]);
}
