/** What the kubelet hears and whom it tells. Models pkg/kubelet/kubelet.go: syncLoopIteration. */
import type { Pod } from '../../kubernetes/api/index.ts';
import { ownsEvent, startClient, stepClient, type ClientNews } from '../../kubernetes/client-go/index.ts';
import { request } from '../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import { turn, workerOf, type Turn } from './kubelet-state.ts';
import { leaseAgain, leaseAnswered, renewLease, type LeaseCallTag } from './node-lease.ts';
import { logRead, logWritten } from './container-logs.ts';
import { checkRuntime, nodeAnswered, nodeStatusDue, registerNode, reportNode, runtimeChecked, type NodeCallTag } from './node-status.ts';
import { beginRelist, containersListed, keepRelisting, relistFailed, sandboxesListed } from './pleg.ts';
import { beginWork, podAdded, podRemoved, podUpdated, runtimeAnswered, runtimeChanged, syncPod, volumesChanged } from './pod-workers.ts';
import { queueStatus, statusAnswered, type PodCallTag } from './report-status.ts';
import { metricsRead } from './web-server.ts';
import { endAgain } from './terminate-pod.ts';
import { fetchAgain, fetchAnswered, tokenAgain, tokenAnswered, type FetchTag } from './volumes.ts';

/** The kubelet begins: it looks at its runtime, registers its node, lists its Pods and starts to beat. */
export const begin = turn((at) => {
  const [client, effects] = startClient(at.state.client, at.env);
  at.state = { ...at.state, client };
  at.effects.push(...effects);
  reportNode(at, 'Starting', 'Starting kubelet.');
  registerNode(at);
  checkRuntime(at);
  beginRelist(at);
  renewLease(at);
});

/** Something from the API server: an answer, a watch frame, the end of a stream. */
export const hearApiServer = turn((at, event) => {
  const { client, effects, news } = stepClient(at.state.client, event);
  at.state = { ...at.state, client };
  at.effects.push(...effects);
  for (const item of news) hear(at, item);
});

function hear(at: Turn, news: ClientNews): void {
  switch (news.type) {
    case 'added': if (news.resource === 'pods') podAdded(at, news.object as Pod, news.cause); return;
    case 'updated': if (news.resource === 'pods') podUpdated(at, news.object as Pod, news.old as Pod, news.cause); return;
    case 'deleted': if (news.resource === 'pods') podRemoved(at, news.object as Pod, news.cause); return;
    case 'synced': if (at.state.relist.done) killOrphans(at, true); return;
    case 'answer': hearAnswer(at, news); return;
    default:
  }
}

type Tag = PodCallTag | FetchTag | NodeCallTag | LeaseCallTag;

function hearAnswer(at: Turn, answer: Extract<ClientNews, { type: 'answer' }>): void {
  const tag = answer.tag as Tag;
  if ('uid' in tag) {
    if (tag.call !== 'token') { statusAnswered(at, tag, answer); return; }
    tokenAnswered(at, tag.uid, answer);
    if (answer.ok) volumesChanged(at, tag.uid);
  } else if ('fetch' in tag) for (const uid of fetchAnswered(at, tag, answer)) volumesChanged(at, uid);
  else if ('node' in tag) nodeAnswered(at, tag, answer);
  else leaseAnswered(at, tag, answer);
}

/** An answer of the runtime, or its silence. */
export const hearRuntime = turn((at, event) => {
  const { id } = event;
  if (id.startsWith('pod/')) runtimeAnswered(at, event);
  else if (id.startsWith('log/')) logRead(at, event);
  else if (id.startsWith('metrics/')) metricsRead(at, event);
  else if (id.startsWith('follow/')) logWritten(at, event);
  else if (id.startsWith('pleg/')) hearRelist(at, event);
  else if (id.startsWith('node/')) { if (event.type === 'cri.StatusResponse') runtimeChecked(at, event); } else if (id.startsWith('orphan/') && event.type === 'cri.StopPodSandboxResponse') removeOrphan(at, id);
});

/** Silence: of the API server (its client knows what to do), or of the runtime. */
export const hearFailure = (state: Parameters<typeof hearRuntime>[0], event: ProcessEvent): ReturnType<typeof hearRuntime> =>
  ownsEvent(event) ? hearApiServer(state, event) : hearRuntime(state, event);

function hearRelist(at: Turn, event: ProcessEvent): void {
  if (event.type === 'cri.ListPodSandboxResponse') { sandboxesListed(at, event); return; }
  if (event.type !== 'cri.ListContainersResponse') { relistFailed(at); return; }
  const { changed, first } = containersListed(at, event);
  for (const [uid, runtime] of changed) if (workerOf(at, uid) !== undefined) runtimeChanged(at, uid, runtime);
  for (const uid of at.state.awaitRelist) {
    const worker = workerOf(at, uid);
    if (worker !== undefined && worker.syncedAtUs > at.state.relist.trueAtUs) continue;
    at.state = { ...at.state, awaitRelist: at.state.awaitRelist.delete(uid) };
    if (worker !== undefined) syncPod(at, uid);
  }
  if (first) for (const uid of at.state.workers.keys()) beginWork(at, uid);
  if (at.state.client.synced && (first || changed.size > 0)) killOrphans(at, first);
  keepRelisting(at);
}

/** Sandboxes of Pods that nobody knows any more (deleted while this kubelet was away). Models kubelet_pods.go: HandlePodCleanups. */
function killOrphans(at: Turn, first: boolean): void {
  for (const { id, metadata, state: is } of at.state.relist.sandboxes) {
    if (workerOf(at, metadata.uid) !== undefined || (is !== 'SANDBOX_READY' && !first)) continue;
    const { state } = at;
    at.state = { ...state, nextCall: state.nextCall + 1 };
    at.effects.push(request(`orphan/${id}/${state.nextCall}`, state.input.runtime, { type: 'cri.StopPodSandbox', body: { podSandboxId: id }, background: false }));
  }
}

function removeOrphan(at: Turn, id: string): void {
  const podSandboxId = id.split('/')[1]!;
  at.effects.push(request(`removed/${podSandboxId}`, at.state.input.runtime, { type: 'cri.RemovePodSandbox', body: { podSandboxId } }));
}

export const relist = turn(beginRelist);
export const lookAtRuntime = turn(checkRuntime);
export const registerAgain = turn(registerNode);
export const nodeDue = turn(nodeStatusDue);
export const renew = turn(renewLease);
export const renewAgain = turn((at, event) => leaseAgain(at, event.body as number));
export const syncDue = turn((at, event) => { if (workerOf(at, event.body as string) !== undefined) syncPod(at, event.body as string); });
export const endDue = turn((at, event) => endAgain(at, event.body as string));
export const statusDue = turn((at, event) => { if (workerOf(at, event.body as string) !== undefined) queueStatus(at, event.body as string); });
export const fetchDue = turn((at, event) => fetchAgain(at, event.body as string));
export const tokenDue = turn((at, event) => tokenAgain(at, event.body as string));
