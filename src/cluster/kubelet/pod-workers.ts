/** One worker per Pod: when it syncs, and how far the sync is. Models pkg/kubelet/pod_workers.go and pkg/kubelet/kubelet.go: SyncPod. */
import type { Pod } from '../../kubernetes/api/index.ts';
import type { CriError, PodSandbox, RunPodSandboxResponse } from '../../kubernetes/protocols/cri.ts';
import { setTimer } from '../../simulation/process/effects.ts';
import type { Failure, ProcessEvent } from '../../simulation/process/process.ts';
import { deadlineUs } from './active-deadline.ts';
import { admit } from './admission.ts';
import { addWorker, askRuntime, podOfCall, update, workerOf, type PodRuntime, type PodWorker, type Turn } from './kubelet-state.ts';
import { keepRelisting } from './pleg.ts';
import { isPodTerminal, nothingRuns } from './pod-runtime.ts';
import { containerCreated, containerStarted, imagePulled, imageStatusAnswered, startNext } from './start-container.ts';
import { queueStatus, reconcileReadiness, refreshStatus, report, setStatus } from './report-status.ts';
import { limitsOf } from './container-config.ts';
import { containerNamed } from './pod-requests.ts';
import { actuated, allocatedPod, completeResize, considerResize, resizeActions } from './resize-pod.ts';
import { computePodActions } from './sync-pod.ts';
import { beginTermination, dropWorker, endingAnswered } from './terminate-pod.ts';
import { volumesReady } from './volumes.ts';

const resyncUs = 60_000_000;
const backOffPeriodUs = 10_000_000;

/** A Pod has come to this node, or this kubelet has just started. */
export function podAdded(at: Turn, pod: Pod, cause: number): void {
  const uid = pod.metadata.uid!;
  const known = workerOf(at, uid);
  if (known !== undefined) { podUpdated(at, pod, known.pod, cause); return; }
  const worker: PodWorker = {
    uid, pod, cause, stage: 'syncing', runtime: at.state.relist.done ? runtimeOf(at, uid) : nothingRuns, sync: undefined, again: false, syncedAtUs: 0, tokenArrived: false, token: '', mounted: false,
    reasons: {}, restartBackOff: {}, pullBackOff: {}, status: undefined, statusVersion: 0, sentVersion: 0, sandboxId: '', ending: undefined, removed: false,
  };
  addWorker(at, worker);
  keepRelisting(at);
  if (at.state.relist.done) beginWork(at, uid);
}

/** The first thing done for a Pod once it is known what already runs. */
export function beginWork(at: Turn, uid: string): void {
  const worker = workerOf(at, uid)!;
  const { pod } = worker;
  if (worker.runtime.sandboxes[0] !== undefined) update(at, uid, { sandboxId: worker.runtime.sandboxes[0].id });
  if (isPodTerminal(pod.status?.phase) && worker.runtime.sandboxes.every(({ state }) => state === 'SANDBOX_NOTREADY')) {
    update(at, uid, { stage: 'terminated', status: pod.status });
    queueStatus(at, uid);
  } else if (pod.metadata.deletionTimestamp !== undefined || isPodTerminal(pod.status?.phase)) beginTermination(at, uid);
  else if (worker.runtime.sandboxes.length === 0 && !admitted(at, worker)) return;
  else syncPod(at, uid);
}

function runtimeOf(at: Turn, uid: string): PodRuntime {
  let sandboxes: PodSandbox[] | undefined;
  for (const sandbox of at.state.relist.sandboxes) if (sandbox.metadata.uid === uid) (sandboxes ??= []).push(sandbox);
  if (sandboxes === undefined) return nothingRuns;
  const ids = new Set(sandboxes.map(({ id }) => id));
  return { sandboxes, containers: at.state.relist.containers.filter(({ podSandboxId }) => ids.has(podSandboxId)).sort((a, b) => b.attempt - a.attempt) };
}

/** Models kubelet.go: HandlePodAdditions and rejectPod. */
function admitted(at: Turn, worker: PodWorker): boolean {
  const refusal = admit(at.state, worker);
  if (refusal === undefined) return true;
  const { pod, uid } = worker;
  report(at, worker, 'Warning', refusal.reason, refusal.message);
  update(at, uid, { stage: 'terminated' });
  const generation = pod.metadata.generation;
  setStatus(at, workerOf(at, uid)!, {
    ...pod.status, ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase: 'Failed', reason: refusal.reason, message: `Pod was rejected: ${refusal.message}`,
  });
  return false;
}

/** The Pod's object has changed: only what the user may change (or a deletion) matters, the kubelet's own status comes back here too. */
export function podUpdated(at: Turn, pod: Pod, old: Pod, cause: number): void {
  const uid = pod.metadata.uid!;
  if (workerOf(at, uid) === undefined) return;
  const { deletionTimestamp, deletionGracePeriodSeconds, generation } = pod.metadata;
  const before = old.metadata;
  reconcileReadiness(at, update(at, uid, { pod: allocatedPod(workerOf(at, uid)!, pod) }));
  if (deletionTimestamp === before.deletionTimestamp && deletionGracePeriodSeconds === before.deletionGracePeriodSeconds && generation === before.generation && pod.metadata.labels === before.labels) return;
  const worker = update(at, uid, { cause });
  if (deletionTimestamp === undefined) {
    if (generation !== before.generation) considerResize(at, uid, pod);
    syncPod(at, uid);
  } else if (worker.stage === 'syncing') beginTermination(at, uid);
  else if (worker.stage === 'terminated') queueStatus(at, uid);
}

/** The Pod's object is gone. What still runs is stopped; then the worker goes. */
export function podRemoved(at: Turn, pod: Pod, cause: number): void {
  const uid = pod.metadata.uid!;
  const worker = workerOf(at, uid);
  if (worker === undefined) return;
  update(at, uid, { removed: true, cause, pod });
  if (worker.stage === 'terminated') dropWorker(at, uid);
  else if (worker.stage === 'syncing') beginTermination(at, uid);
}

/** The relist found that something of this Pod has changed. */
export function runtimeChanged(at: Turn, uid: string, runtime: PodRuntime): void {
  const worker = workerOf(at, uid)!;
  update(at, uid, { runtime, sandboxId: runtime.sandboxes[0]?.id ?? worker.sandboxId });
  if (worker.stage === 'syncing') syncPod(at, uid);
}

/** One sync: report the status, then bring the runtime to what the Pod asks for. */
export function syncPod(at: Turn, uid: string): void {
  const worker = workerOf(at, uid)!;
  if (worker.stage !== 'syncing' || !at.state.relist.done) return;
  if (worker.sync !== undefined) { update(at, uid, { again: true }); return; }
  if (worker.syncedAtUs > at.state.relist.trueAtUs) {
    at.state = { ...at.state, awaitRelist: at.state.awaitRelist.add(uid) };
    return;
  }
  const status = refreshStatus(at, uid);
  if (isPodTerminal(status.phase)) { beginTermination(at, uid); return; }
  const deadline = deadlineUs(worker.pod, status);
  if (deadline !== undefined) at.effects.push(setTimer(`deadline/${uid}`, deadline - at.env.nowUs, { name: 'syncPod', body: uid, background: true }));
  const fresh = update(at, uid, { again: false, sync: { step: 'volumes', sandboxId: worker.sandboxId, attempt: 0, resizing: [], todo: [], containerId: '', pullStartedUs: 0, failed: false, backOffEndsUs: undefined } });
  if (fresh.mounted || volumesReady(at, fresh, true)) runActions(at, uid);
}

/** A token, a ConfigMap or a Secret has arrived for a worker that may have waited for it. */
export function volumesChanged(at: Turn, uid: string): void {
  const worker = workerOf(at, uid);
  if (worker === undefined || worker.stage !== 'syncing' || worker.sync?.step !== 'volumes') return;
  if (volumesReady(at, update(at, uid, { cause: at.env.eventId }), false)) runActions(at, uid);
}

function runActions(at: Turn, uid: string): void {
  const mountedNow = !workerOf(at, uid)!.mounted;
  const worker = update(at, uid, { mounted: true });
  const actions = computePodActions(worker.pod, worker.runtime);
  const { sandboxId, attempt, start, killPod, createSandbox } = actions;
  const sync = { ...worker.sync!, sandboxId, attempt, todo: start };
  if (killPod && createSandbox && sandboxId !== '') report(at, worker, 'Normal', 'SandboxChanged', 'Pod sandbox changed, it will be killed and re-created.');
  const stop = killPod && sandboxId !== '' && (createSandbox || worker.runtime.sandboxes[0]!.state === 'SANDBOX_READY');
  if (stop) askRuntime(at, update(at, uid, { sync: { ...sync, step: 'stopping sandbox', todo: createSandbox ? start : [] } }), 'StopPodSandbox', { podSandboxId: sandboxId });
  else if (createSandbox) runSandbox(at, update(at, uid, { sync }), mountedNow);
  else {
    const resizing = killPod ? [] : resizeActions(worker);
    const todo = resizing.length === 0 ? start : [...start, ...resizing.filter(({ restart }) => restart).map(({ name }) => name)];
    update(at, uid, { sync: { ...sync, resizing, todo: killPod ? [] : todo } });
    resizeNext(at, uid);
  }
}

/** Running containers get what was allocated to them, one after another; then others are started. */
function resizeNext(at: Turn, uid: string): void {
  const worker = workerOf(at, uid)!;
  const sync = worker.sync!;
  const [first] = sync.resizing;
  if (first === undefined) {
    startNext(at, uid);
    endIfDone(at, uid);
    return;
  }
  const { name, containerId, restart } = first;
  update(at, uid, { sync: { ...sync, step: 'resizing' } });
  if (!restart) {
    askRuntime(at, worker, 'UpdateContainerResources', { containerId, linux: limitsOf(containerNamed(worker.pod, name)!).linux?.resources ?? {} });
    return;
  }
  report(at, worker, 'Normal', 'Killing', `Container ${name} resize requires restart`, name);
  const timeoutSeconds = worker.pod.spec.terminationGracePeriodSeconds ?? 30;
  askRuntime(at, worker, 'StopContainer', { containerId, timeoutSeconds }, { timeoutUs: (timeoutSeconds + 120) * 1_000_000 });
}

function resized(at: Turn, worker: PodWorker, event: ProcessEvent): void {
  const sync = worker.sync!;
  if (event.type !== 'cri.UpdateContainerResourcesResponse' && event.type !== 'cri.StopContainerResponse') return finishSync(at, worker.uid, true);
  const [done, ...resizing] = sync.resizing;
  update(at, worker.uid, { sync: { ...sync, resizing } });
  if (!done!.restart) actuated(at, worker.uid, done!.name);
  resizeNext(at, worker.uid);
}

function runSandbox(at: Turn, worker: PodWorker, mountedNow: boolean): void {
  const { name, namespace = 'default' } = worker.pod.metadata;
  const { attempt } = worker.sync!;
  update(at, worker.uid, { sync: { ...worker.sync!, step: 'sandbox' } });
  const body = { metadata: { name, namespace, uid: worker.uid, attempt }, hostNetwork: worker.pod.spec.hostNetwork === true, logDirectory: `/var/log/pods/${namespace}_${name}_${worker.uid}` };
  // The volume reconciler looks every 100 ms, who waits for it every 300 ms.
  const workUs = mountedNow && (worker.pod.spec.volumes ?? []).length > 0 ? 100_000 + at.env.random('kubelet/volumes', 200_000) : 10_000;
  askRuntime(at, worker, 'RunPodSandbox', body, { workUs, timeoutUs: 240_000_000 });
}

/** The runtime has answered a call that was made for a Pod, or has not. */
export function runtimeAnswered(at: Turn, event: ProcessEvent): void {
  const uid = podOfCall(event.id);
  if (workerOf(at, uid) === undefined || event.type === 'cri.RemoveContainerResponse' || event.type === 'cri.RemovePodSandboxResponse') return;
  const worker = update(at, uid, { cause: event.env.eventId });
  if (worker.ending !== undefined) endingAnswered(at, worker, event);
  else if (worker.sync !== undefined && worker.stage === 'syncing') syncAnswered(at, worker, event);
}

function syncAnswered(at: Turn, worker: PodWorker, event: ProcessEvent): void {
  switch (worker.sync!.step) {
    case 'stopping sandbox': sandboxStopped(at, worker, event); return;
    case 'sandbox': sandboxRuns(at, worker, event); return;
    case 'resizing': resized(at, worker, event); return;
    case 'image status': imageStatusAnswered(at, worker, event); break;
    case 'pulling': imagePulled(at, worker, event); break;
    case 'creating': containerCreated(at, worker, event); break;
    case 'starting': containerStarted(at, worker, event); break;
    default: return;
  }
  endIfDone(at, worker.uid);
}

function sandboxStopped(at: Turn, worker: PodWorker, event: ProcessEvent): void {
  const sync = worker.sync!;
  if (event.type !== 'cri.StopPodSandboxResponse') {
    report(at, worker, 'Warning', 'FailedKillPod', `error killing pod: ${failureText(event)}`);
    finishSync(at, worker.uid, true);
  } else if (sync.todo.length > 0) runSandbox(at, worker, false);
  else finishSync(at, worker.uid);
}

const failureText = (event: ProcessEvent): string =>
  event.kind === 'failure' ? `rpc error: code = Unavailable desc = connection error: ${(event.body as Failure).reason}` : (event.body as CriError).message;

function sandboxRuns(at: Turn, worker: PodWorker, event: ProcessEvent): void {
  if (event.type !== 'cri.RunPodSandboxResponse') {
    report(at, worker, 'Warning', 'FailedCreatePodSandBox', `Failed to create pod sandbox: rpc error: code = Unknown desc = ${failureText(event)}`);
    finishSync(at, worker.uid, true);
    return;
  }
  const { podSandboxId } = event.body as RunPodSandboxResponse;
  update(at, worker.uid, { sandboxId: podSandboxId, sync: { ...worker.sync!, sandboxId: podSandboxId } });
  startNext(at, worker.uid);
  endIfDone(at, worker.uid);
}

/** Every container of the list was started, or cannot be. */
function endIfDone(at: Turn, uid: string): void {
  if (workerOf(at, uid)!.sync?.todo.length === 0) finishSync(at, uid);
}

/** The sync is over. A failed one is tried again: when its back-off ends, else after 10 to 15 s. Models completeWork. */
function finishSync(at: Turn, uid: string, failed = false): void {
  const worker = workerOf(at, uid)!;
  const sync = worker.sync!;
  update(at, uid, { sync: undefined, syncedAtUs: at.env.nowUs });
  if (failed || sync.failed) {
    const wait = sync.backOffEndsUs === undefined ? backOffPeriodUs : Math.min(Math.max(0, sync.backOffEndsUs - at.env.nowUs), resyncUs);
    at.effects.push(setTimer(`sync/${uid}`, wait + at.env.random('kubelet/jitter', Math.floor(wait / 2) + 1), { name: 'syncPod', body: uid }));
    refreshStatus(at, uid); // what held the containers back is news
  }
  if (worker.resize !== undefined) {
    completeResize(at, uid);
    refreshStatus(at, uid);
  }
  if (workerOf(at, uid)!.again) syncPod(at, uid);
}
