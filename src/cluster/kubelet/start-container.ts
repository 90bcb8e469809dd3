/** From a container's name to its running process: image, create, start. Models pkg/kubelet/kuberuntime/kuberuntime_container.go: startContainer, and pkg/kubelet/images/image_manager.go. */
import type { Container } from '../../kubernetes/api/index.ts';
import { formatGoDuration } from '../../kubernetes/apimachinery/index.ts';
import type { CreateContainerResponse, CriError, ImageStatusResponse, PullImageResponse } from '../../kubernetes/protocols/cri.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import { backOffEnd, nextBackOff } from './back-off.ts';
import { containerConfig } from './container-config.ts';
import { mountsOf } from './mounted-files.ts';
import { isImageName } from './image-name.ts';
import { askRuntime, update, workerOf, type PodWorker, type SyncProgress, type Turn } from './kubelet-state.ts';
import { containerNamed } from './pod-requests.ts';
import { latest } from './pod-runtime.ts';
import { report } from './report-status.ts';
import { actuated } from './resize-pod.ts';

const containerOf = ({ pod }: PodWorker, name: string): Container => containerNamed(pod, name)!;

const setSync = (at: Turn, worker: PodWorker, change: Partial<SyncProgress>): PodWorker => update(at, worker.uid, { sync: { ...worker.sync!, ...change } });

/** Start the first container of the list. Where none is left the sync is over: the worker sees to that. */
export function startNext(at: Turn, uid: string): void {
  const worker = workerOf(at, uid)!;
  const name = worker.sync!.todo[0];
  if (name === undefined) return;
  if (heldBack(at, worker, name)) return;
  ensureImage(at, worker, containerOf(worker, name));
}

/** Models doBackOff: a container that ended is not started before its back-off is over. */
function heldBack(at: Turn, worker: PodWorker, name: string): boolean {
  const status = latest(worker.runtime, name);
  if (status === undefined || status.state !== 'CONTAINER_EXITED') return false;
  const entry = worker.restartBackOff[name];
  const end = backOffEnd(entry, status.finishedAtUs, at.env.nowUs);
  if (end === undefined) {
    update(at, worker.uid, { restartBackOff: { ...worker.restartBackOff, [name]: nextBackOff(entry, status.finishedAtUs, at.env.nowUs) } });
    return false;
  }
  const { name: pod, namespace } = worker.pod.metadata;
  report(at, worker, 'Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${pod}_${namespace}(${worker.uid})`, name);
  fail(at, worker.uid, name, 'CrashLoopBackOff', `back-off ${formatGoDuration(entry!.delayUs)} restarting failed container=${name} pod=${pod}_${namespace}(${worker.uid})`, end);
  return true;
}

/** This container cannot be started now; the others are. */
function fail(at: Turn, uid: string, name: string, reason: string, message: string, backOffEndsUs?: number): void {
  const worker = workerOf(at, uid)!;
  const sync = worker.sync!;
  const ends = backOffEndsUs === undefined ? sync.backOffEndsUs : Math.min(backOffEndsUs, sync.backOffEndsUs ?? Infinity);
  // An init container that does not start holds back all that follows.
  const isInit = worker.pod.spec.initContainers?.some((one) => one.name === name) === true;
  update(at, uid, { reasons: { ...worker.reasons, [name]: { reason, message } }, sync: { ...sync, todo: isInit ? [] : sync.todo.slice(1), failed: true, backOffEndsUs: ends } });
  startNext(at, uid);
}

function failWithEvent(at: Turn, worker: PodWorker, name: string, reason: string, message: string, backOffEndsUs?: number): void {
  report(at, worker, 'Warning', 'Failed', `Error: ${reason}`, name);
  fail(at, worker.uid, name, reason, message, backOffEndsUs);
}

function ensureImage(at: Turn, worker: PodWorker, container: Container): void {
  const image = container.image ?? '';
  if (!isImageName(image)) {
    const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": invalid reference format`;
    report(at, worker, 'Warning', 'InspectFailed', message, container.name);
    failWithEvent(at, worker, container.name, 'InvalidImageName', message);
  } else if (policyOf(container) === 'Always') pull(at, worker, container);
  else askRuntime(at, setSync(at, worker, { step: 'image status' }), 'ImageStatus', { image });
}

const policyOf = ({ imagePullPolicy, image = '' }: Container): string =>
  imagePullPolicy ?? (!/[:@][^/]*$/.test(image) || image.endsWith(':latest') ? 'Always' : 'IfNotPresent');

export function imageStatusAnswered(at: Turn, worker: PodWorker, event: ProcessEvent): void {
  const name = worker.sync!.todo[0]!;
  const container = containerOf(worker, name);
  const image = container.image ?? '';
  if (event.type !== 'cri.ImageStatusResponse') {
    const message = `Failed to inspect image "${image}": ${errorText(event)}`;
    report(at, worker, 'Warning', 'InspectFailed', message, name);
    failWithEvent(at, worker, name, 'ImageInspectError', message);
  } else if ((event.body as ImageStatusResponse).present) {
    report(at, worker, 'Normal', 'Pulled', `Container image "${image}" already present on machine and can be accessed by the pod`, name);
    create(at, worker, container);
  } else if (policyOf(container) === 'Never') {
    const message = `Container image "${image}" is not present with pull policy of Never`;
    report(at, worker, 'Warning', 'ErrImageNeverPull', message, name);
    failWithEvent(at, worker, name, 'ErrImageNeverPull', message);
  } else pull(at, worker, container);
}

function pull(at: Turn, worker: PodWorker, container: Container): void {
  const image = container.image!;
  const entry = worker.pullBackOff[image];
  const end = entry === undefined ? undefined : backOffEnd(entry, entry.lastUpdateUs, at.env.nowUs);
  if (end !== undefined) {
    const message = `Back-off pulling image "${image}"`;
    report(at, worker, 'Normal', 'BackOff', message, container.name);
    failWithEvent(at, worker, container.name, 'ImagePullBackOff', `${message}: ${entry!.error}`, end);
    return;
  }
  report(at, worker, 'Normal', 'Pulling', `Pulling image "${image}"`, container.name);
  // The kubelet itself sets no deadline for a pull, only one for no progress at all.
  askRuntime(at, setSync(at, worker, { step: 'pulling', pullStartedUs: at.env.nowUs }), 'PullImage', { image }, { timeoutUs: 1_800_000_000 });
}

export function imagePulled(at: Turn, worker: PodWorker, event: ProcessEvent): void {
  const name = worker.sync!.todo[0]!;
  const container = containerOf(worker, name);
  const image = container.image!;
  if (event.type === 'cri.PullImageResponse') {
    const { sizeBytes } = event.body as PullImageResponse;
    const took = formatGoDuration(Math.floor((at.env.nowUs - worker.sync!.pullStartedUs) / 1000) * 1000);
    report(at, worker, 'Normal', 'Pulled', `Successfully pulled image "${image}" in ${took} (${took} including waiting). Image size: ${sizeBytes} bytes.`, name);
    const { node } = at.state;
    if (node.images.get(image) !== sizeBytes) at.state = { ...at.state, node: { ...node, images: node.images.set(image, sizeBytes) } };
    create(at, worker, container);
    return;
  }
  const error = errorText(event);
  report(at, worker, 'Warning', 'Failed', `Failed to pull image "${image}": ${error}`, name);
  const { nowUs } = at.env;
  const backOff = { ...nextBackOff(worker.pullBackOff[image], nowUs, nowUs), error: `ErrImagePull: ${error}` };
  const next = update(at, worker.uid, { pullBackOff: { ...worker.pullBackOff, [image]: backOff } });
  failWithEvent(at, next, name, 'ErrImagePull', error);
}

const errorText = (event: ProcessEvent): string =>
  event.kind === 'failure' ? `rpc error: code = Unavailable desc = connection error: ${(event.body as { reason: string }).reason}` : (event.body as CriError).message;

function create(at: Turn, worker: PodWorker, container: Container): void {
  const before = latest(worker.runtime, container.name);
  const ip = worker.runtime.sandboxes[0]?.ip ?? '';
  const made = containerConfig(at, worker.pod, container, before === undefined ? 0 : before.attempt + 1, ip);
  if (!made.ok) {
    report(at, worker, 'Warning', 'Failed', `Error: ${made.message}`, container.name);
    fail(at, worker.uid, container.name, 'CreateContainerConfigError', made.message);
    return;
  }
  // What is told to run may do what it finds, and what serves files is asked for them; what an image runs by itself is known.
  const finds = container.command !== undefined || container.args !== undefined || hasOwnFiles(worker, container);
  const config = finds ? { ...made.config, mounts: mountsOf(at, worker.pod, container, ip === '' ? at.state.input.nodeIp : ip) } : made.config;
  askRuntime(at, setSync(at, worker, { step: 'creating' }), 'CreateContainer', { podSandboxId: worker.sync!.sandboxId, config });
}

/** Whether a container finds more than every container is given: its name, and its account's token. */
const hasOwnFiles = ({ pod: { spec } }: PodWorker, { volumeMounts = [] }: Container): boolean =>
  spec.hostname !== undefined || volumeMounts.some(({ mountPath }) => mountPath !== '/var/run/secrets/kubernetes.io/serviceaccount');

export function containerCreated(at: Turn, worker: PodWorker, event: ProcessEvent): void {
  const name = worker.sync!.todo[0]!;
  if (event.type !== 'cri.CreateContainerResponse') {
    report(at, worker, 'Warning', 'Failed', `Error: ${errorText(event)}`, name);
    fail(at, worker.uid, name, 'CreateContainerError', errorText(event));
    return;
  }
  const { containerId } = event.body as CreateContainerResponse;
  report(at, worker, 'Normal', 'Created', 'Container created', name);
  askRuntime(at, setSync(at, worker, { step: 'starting', containerId }), 'StartContainer', { containerId });
}

export function containerStarted(at: Turn, worker: PodWorker, event: ProcessEvent): void {
  const name = worker.sync!.todo[0]!;
  if (event.type !== 'cri.StartContainerResponse') {
    report(at, worker, 'Warning', 'Failed', `Error: ${errorText(event)}`, name);
    fail(at, worker.uid, name, 'RunContainerError', errorText(event));
    return;
  }
  report(at, worker, 'Normal', 'Started', 'Container started', name);
  const { [name]: _done, ...reasons } = worker.reasons;
  setSync(at, update(at, worker.uid, { reasons }), { todo: worker.sync!.todo.slice(1) });
  actuated(at, worker.uid, name);
  removeOldest(at, workerOf(at, worker.uid)!, name);
  startNext(at, worker.uid);
}

/** One dead container per name is kept for its log and its exit code; older ones go. Models pod_container_deletor.go. */
function removeOldest(at: Turn, worker: PodWorker, name: string): void {
  const dead = worker.runtime.containers.filter((one) => one.name === name && one.state === 'CONTAINER_EXITED');
  for (const { id } of dead.slice(1)) askRuntime(at, worker, 'RemoveContainer', { containerId: id }, { background: true });
}
