/** Sends Pod statuses to the API server, one after another. Models pkg/kubelet/status/status_manager.go: SetPodStatus, syncBatch, syncPod. */
import type { Pod, PodStatus } from '../../kubernetes/api/index.ts';
import { createTwoWayMergePatch, deepEqual, type PatchMetaOf } from '../../kubernetes/apimachinery/index.ts';
import { call, recordEvent, type ClientNews } from '../../kubernetes/client-go/index.ts';
import { setTimer } from '../../simulation/process/effects.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { update, workerOf, type PodWorker, type Turn } from './kubelet-state.ts';
import { isPodTerminal } from './pod-runtime.ts';
import { podStatus } from './pod-status.ts';

/** The tag of an API call made for a Pod. */
export interface PodCallTag { readonly uid: string; readonly call: 'get' | 'patch' | 'delete' | 'token' }

type Answer = Extract<ClientNews, { type: 'answer' }>;

/** Ask the API server for something on behalf of a Pod. */
export function callApi(at: Turn, request: Omit<ApiRequest, 'user' | 'userAgent'>, tag: unknown, cause: number, background = false): void {
  const [client, effects] = call(at.state.client, at.env, request, { tag, cause, background });
  at.state = { ...at.state, client };
  at.effects.push(...effects);
}

function listWith({ spec }: Pod, container: string): string {
  const has = (list: readonly { readonly name: string }[] | undefined): boolean => list?.some(({ name }) => name === container) === true;
  return has(spec.initContainers) ? 'initContainers' : has(spec.ephemeralContainers) ? 'ephemeralContainers' : 'containers';
}

/** Report something about a Pod, or about one of its containers. */
export function report(at: Turn, worker: PodWorker, type: 'Normal' | 'Warning', reason: string, message: string, container?: string): void {
  const fieldPath = container === undefined ? undefined : `spec.${listWith(worker.pod, container)}{${container}}`;
  const [client, effects] = recordEvent(at.state.client, at.env, { regarding: worker.pod, type, reason, message, component: 'kubelet', host: at.state.input.node, fieldPath, cause: worker.cause, as: 'events' });
  at.state = { ...at.state, client };
  at.effects.push(...effects);
}

/** Compute the status anew and have it sent if it says something else than before. */
export function refreshStatus(at: Turn, uid: string): PodStatus {
  const worker = workerOf(at, uid)!;
  const { pod, runtime, reasons, stage, resize } = worker;
  const old = worker.status ?? pod.status;
  const status = podStatus({ pod, runtime, reasons, resize, old, nodeIp: at.state.input.nodeIp, nowUs: at.env.nowUs, podIsTerminal: stage === 'terminated' });
  setStatus(at, worker, status);
  return status;
}

/** Take a status; versions count its changes, so that only news is sent. */
export function setStatus(at: Turn, worker: PodWorker, status: PodStatus): void {
  if (worker.status !== undefined && deepEqual(worker.status, status)) return;
  update(at, worker.uid, { status, statusVersion: worker.statusVersion + 1 });
  queueStatus(at, worker.uid);
}

/** The Pod's status, or its last DELETE, waits for its turn. */
export function queueStatus(at: Turn, uid: string): void {
  if (at.state.statusBusy === uid) return; // looked at again when the call under way is answered
  at.state = { ...at.state, statusQueue: at.state.statusQueue.push(uid) };
  sendNext(at);
}

const needsUpdate = (worker: PodWorker): boolean => worker.sentVersion < worker.statusVersion || isFinished(worker);
/** Everything is torn down and the last status stands: the object may go. Models canBeDeleted. */
const isFinished = (worker: PodWorker): boolean =>
  worker.stage === 'terminated' && !worker.removed && worker.pod.metadata.deletionTimestamp !== undefined && isPodTerminal(worker.status?.phase);

function sendNext(at: Turn): void {
  while (at.state.statusBusy === undefined && at.state.statusQueue.size > 0) {
    const uid = at.state.statusQueue.first()!;
    at.state = { ...at.state, statusQueue: at.state.statusQueue.shift() };
    const worker = workerOf(at, uid);
    if (worker === undefined || worker.removed || !needsUpdate(worker)) continue;
    at.state = { ...at.state, statusBusy: uid };
    const { name, namespace } = worker.pod.metadata;
    callApi(at, { verb: 'get', group: '', version: 'v1', resource: 'pods', namespace, name }, { uid, call: 'get' } satisfies PodCallTag, worker.cause);
  }
}

function done(at: Turn): void {
  at.state = { ...at.state, statusBusy: undefined };
  sendNext(at);
}

/** Not now: syncBatch looks at everything every 10 seconds. */
function tryLater(at: Turn, uid: string): void {
  at.effects.push(setTimer(`status/${uid}`, 10_000_000, { name: 'statusAgain', body: uid, background: true }));
  done(at);
}

/** The server says another readiness than we do: the node controller unreadies the Pods of a silent node. syncBatch sends ours again. Models needsReconcile. */
export function reconcileReadiness(at: Turn, { uid, pod, status, statusVersion, sentVersion }: PodWorker): void {
  const readyIn = (said: PodStatus | undefined) => said?.conditions?.find(({ type }) => type === 'Ready')?.status;
  if (status === undefined || sentVersion < statusVersion || readyIn(pod.status) === readyIn(status)) return;
  update(at, uid, { statusVersion: statusVersion + 1 });
  at.effects.push(setTimer(`status/${uid}`, 10_000_000, { name: 'statusAgain', body: uid, background: true }));
}

/** The answer to the GET, PATCH or DELETE of the status manager. */
export function statusAnswered(at: Turn, { uid, call: made }: PodCallTag, answer: Answer): void {
  const worker = workerOf(at, uid);
  if (worker === undefined || answer.code === 404) { done(at); return; }
  if (!answer.ok) {
    // A conflict of the uid means that this Pod is gone and another has its name.
    if (answer.code === 409) done(at); else tryLater(at, uid);
    return;
  }
  if (made === 'get') patchStatus(at, worker, answer.body as Pod);
  else if (made === 'patch') afterPatch(at, worker);
  else done(at);
}

const patchMetaOf: PatchMetaOf = (path) =>
  path === 'status.conditions' ? { strategies: ['merge'], mergeKey: 'type' }
    : path === 'status.podIPs' || path === 'status.hostIPs' ? { strategies: ['merge'], mergeKey: 'ip' } : undefined;

/** The strategic merge patch from what the server has to what we know; conditions that are not the kubelet's are kept. */
export function statusPatch(pod: Pod, status: PodStatus): object | undefined {
  const ours = new Set([...status.conditions?.map(({ type }) => type) ?? [], 'PodResizePending', 'PodResizeInProgress']);
  const others = (pod.status?.conditions ?? []).filter(({ type }) => !ours.has(type));
  const merged: PodStatus = { ...pod.status, ...status, conditions: others.length === 0 ? status.conditions : [...others, ...(status.conditions ?? [])] };
  const patch = createTwoWayMergePatch({ status: pod.status ?? {} }, { status: merged }, patchMetaOf);
  return Object.keys(patch).length === 0 ? undefined : { metadata: { uid: pod.metadata.uid }, ...patch };
}

function patchStatus(at: Turn, worker: PodWorker, pod: Pod): void {
  if (pod.metadata.uid !== worker.uid || worker.status === undefined) { done(at); return; }
  const body = statusPatch(pod, worker.status);
  update(at, worker.uid, { sentVersion: worker.statusVersion });
  if (body === undefined) { afterPatch(at, worker); return; }
  const { name, namespace } = worker.pod.metadata;
  callApi(at, { verb: 'patch', group: '', version: 'v1', resource: 'pods', subresource: 'status', namespace, name, body, patchType: 'application/strategic-merge-patch+json' }, { uid: worker.uid, call: 'patch' } satisfies PodCallTag, worker.cause);
}

function afterPatch(at: Turn, { uid }: PodWorker): void {
  const worker = workerOf(at, uid)!;
  if (worker.sentVersion < worker.statusVersion) {
    at.state = { ...at.state, statusBusy: undefined };
    queueStatus(at, uid);
    return;
  }
  if (!isFinished(worker)) { done(at); return; }
  const { name, namespace } = worker.pod.metadata;
  const body = { apiVersion: 'v1', kind: 'DeleteOptions', gracePeriodSeconds: 0, preconditions: { uid } };
  callApi(at, { verb: 'delete', group: '', version: 'v1', resource: 'pods', namespace, name, body }, { uid, call: 'delete' } satisfies PodCallTag, worker.cause);
}
