/** Taking a Pod down. Models pkg/kubelet/kubelet.go: SyncTerminatingPod, SyncTerminatedPod, and kuberuntime_container.go: killContainer. */
import type { Pod } from '../../kubernetes/api/index.ts';
import type { ContainerStatus as CriContainer, ListContainersResponse } from '../../kubernetes/protocols/cri.ts';
import { clearTimer, setTimer } from '../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import { askRuntime, removeWorker, update, workerOf, type PodWorker, type Turn } from './kubelet-state.ts';
import { containerNamed } from './pod-requests.ts';
import { newestFirst } from './pod-runtime.ts';
import { finalStatus } from './pod-status.ts';
import { retryDeferred } from './resize-pod.ts';
import { queueStatus, refreshStatus, report, setStatus } from './report-status.ts';

const leastGraceSeconds = 2;

/** Stop everything of the Pod. A call that makes something is waited for first, so that nothing is left behind. */
export function beginTermination(at: Turn, uid: string): void {
  const worker = workerOf(at, uid)!;
  const step = worker.sync?.step;
  const mustWait = step === 'sandbox' || step === 'creating' || step === 'starting' || step === 'stopping sandbox' || step === 'resizing';
  update(at, uid, { stage: 'terminating', sync: undefined, ending: { step: 'waiting for the call under way', open: 0 } });
  at.effects.push(clearTimer(`sync/${uid}`));
  if (worker.pod.spec.activeDeadlineSeconds !== undefined) at.effects.push(clearTimer(`deadline/${uid}`));
  if (worker.status !== undefined && !worker.removed) refreshStatus(at, uid);
  if (mustWait) update(at, uid, { sync: worker.sync });
  else listContainers(at, uid);
}

function listContainers(at: Turn, uid: string): void {
  const worker = workerOf(at, uid)!;
  if (worker.sandboxId === '') { terminated(at, uid); return; }
  askRuntime(at, update(at, uid, { ending: { step: 'listing', open: 1 } }), 'ListContainers', { podSandboxId: worker.sandboxId });
}

/** An answer for a Pod that is being taken down. */
export function endingAnswered(at: Turn, worker: PodWorker, event: ProcessEvent): void {
  const { uid } = worker;
  if (worker.sync !== undefined) {
    const made = event.type === 'cri.RunPodSandboxResponse' ? (event.body as { podSandboxId: string }).podSandboxId : worker.sandboxId;
    update(at, uid, { sync: undefined, sandboxId: made });
    listContainers(at, uid);
    return;
  }
  const { step, open } = worker.ending!;
  // Answers to calls of an abandoned sync (a pull, say) say nothing any more.
  if (event.type === 'cri.PullImageResponse' || event.type === 'cri.ImageStatusResponse' || event.type === 'cri.CreateContainerResponse') return;
  if (event.kind === 'failure') { at.effects.push(setTimer(`sync/${uid}`, 10_000_000, { name: 'endPod', body: uid })); return; }
  if (step === 'listing' && event.type === 'cri.ListContainersResponse') stopAll(at, worker, (event.body as ListContainersResponse).containers);
  else if (step === 'stopping' && event.type === 'cri.StopContainerResponse') {
    if (open > 1) update(at, uid, { ending: { step, open: open - 1 } });
    else stopSandbox(at, uid);
  } else if (step === 'stopping sandbox') {
    if (event.type === 'cri.Error') { at.effects.push(setTimer(`sync/${uid}`, 10_000_000, { name: 'endPod', body: uid })); return; }
    askRuntime(at, update(at, uid, { ending: { step: 'reading exit codes', open: 1 } }), 'ListContainers', { podSandboxId: worker.sandboxId });
  } else if (step === 'reading exit codes' && event.type === 'cri.ListContainersResponse') {
    const own = (event.body as ListContainersResponse).containers;
    const others = worker.runtime.containers.filter(({ id }) => !own.some((one) => one.id === id));
    update(at, uid, { runtime: { ...worker.runtime, containers: [...own, ...others].sort(newestFirst) } });
    terminated(at, uid);
  }
}

/** The runtime did not answer: begin again. */
export function endAgain(at: Turn, uid: string): void {
  if (workerOf(at, uid)?.stage === 'terminating') listContainers(at, uid);
}

function stopAll(at: Turn, worker: PodWorker, containers: readonly CriContainer[]): void {
  const { uid, pod } = worker;
  const running = containers.filter(({ state }) => state === 'CONTAINER_RUNNING');
  if (running.length === 0) { stopSandbox(at, uid); return; }
  const grace = pod.metadata.deletionGracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30;
  update(at, uid, { ending: { step: 'stopping', open: running.length } });
  for (const { id, name } of running) {
    report(at, worker, 'Normal', 'Killing', `Stopping container ${name}`, name);
    const hookSeconds = Math.min(preStopSeconds(pod, name), grace);
    const timeoutSeconds = Math.max(grace - hookSeconds, leastGraceSeconds);
    askRuntime(at, worker, 'StopContainer', { containerId: id, timeoutSeconds }, { workUs: Math.round(hookSeconds * 1_000_000), timeoutUs: (timeoutSeconds + 120) * 1_000_000 });
  }
}

/** How long the preStop hook takes: `sleep`, or a command that sleeps; other hooks take no time here. */
export function preStopSeconds(pod: Pod, name: string): number {
  const hook = containerNamed(pod, name)?.lifecycle?.preStop;
  if (hook?.sleep !== undefined) return hook.sleep.seconds;
  const match = /(?:^|[\s;&/])sleep (\d+(?:\.\d+)?)/.exec(hook?.exec?.command?.join(' ') ?? '');
  return match === null ? 0 : Number(match[1]);
}

function stopSandbox(at: Turn, uid: string): void {
  const worker = update(at, uid, { ending: { step: 'stopping sandbox', open: 1 } });
  askRuntime(at, worker, 'StopPodSandbox', { podSandboxId: worker.sandboxId });
}

/** Nothing runs any more: the last status, with how each container ended, then (if it is being deleted) the object's own end. */
function terminated(at: Turn, uid: string): void {
  const { removed } = update(at, uid, { stage: 'terminated', ending: undefined, sync: undefined });
  if (at.state.awaitRoom.size > 0) retryDeferred(at);
  if (removed) { dropWorker(at, uid); return; }
  refreshStatus(at, uid);
  const worker = workerOf(at, uid)!;
  setStatus(at, worker, finalStatus(worker.status!));
  queueStatus(at, uid);
}

/** The Pod is gone from the API and from the node: forget it, and let the runtime forget its sandboxes. */
export function dropWorker(at: Turn, uid: string): void {
  const worker = workerOf(at, uid)!;
  const ids = new Set(worker.runtime.sandboxes.map(({ id }) => id));
  if (worker.sandboxId !== '') ids.add(worker.sandboxId);
  for (const podSandboxId of ids) askRuntime(at, worker, 'RemovePodSandbox', { podSandboxId }, { background: true });
  removeWorker(at, uid);
}
