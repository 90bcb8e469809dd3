/** What the informers' news changes in the cache and the queue. Models pkg/scheduler/eventhandlers.go. */
import { objectKey, type Node, type Pod } from '../../kubernetes/api/index.ts';
import { deepEqual } from '../../kubernetes/apimachinery/equality.ts';
import type { ClientNews } from '../../kubernetes/client-go/index.ts';
import type { SimTime } from '../../simulation/process/process.ts';
import type { ClusterEvent, NodeChange, PodChange, PodInfo } from './framework.ts';
import { podInfo } from './pod-info.ts';
import { confirmPod, nominate, putNode, removeNode, removePod, withdrawNomination } from './scheduler-cache.ts';
import { gateOf } from './scheduling-cycle.ts';
import { addToQueue, moveAll, moveOne, removeFromQueue, updateInQueue } from './scheduling-queue.ts';
import { schedulerName, type SchedulerState } from './state.ts';
import { giveBack, knowsStorage, storageEvent } from './volumes.ts';

type ObjectNews = ClientNews & { readonly type: 'added' | 'updated' | 'deleted' };

const isAssigned = (pod: Pod): boolean => pod.spec.nodeName !== undefined && pod.spec.nodeName !== '';
const isOurs = (pod: Pod): boolean => (pod.spec.schedulerName ?? schedulerName) === schedulerName;

/** Takes one piece of news about a Node, a Pod or storage. */
export function takeNews(state: SchedulerState, news: ObjectNews, nowUs: SimTime): SchedulerState {
  if ((news.resource as string) === 'poddisruptionbudgets') return state;
  if (news.resource === 'nodes') return takeNode(state, news, nowUs);
  if (news.resource !== 'pods') return takeStorage(state, news, nowUs);
  const pod = news.object as Pod;
  const old = news.old as Pod | undefined;
  if (news.type === 'deleted') return podGone(state, pod, nowUs, news.cause);
  if (old !== undefined && old.metadata.uid !== pod.metadata.uid) return podHere(podGone(state, old, nowUs, news.cause), pod, undefined, nowUs, news.cause);
  return podHere(state, pod, old, nowUs, news.cause);
}

function takeStorage(state: SchedulerState, news: ObjectNews, nowUs: SimTime): SchedulerState {
  const event = storageEvent(news);
  const { name } = news.object.metadata;
  const settled = news.resource === 'persistentvolumes' && state.assumedVolumes.has(name) && (news.type === 'deleted' || (news.object.spec as { readonly claimRef?: object }).claimRef !== undefined);
  const next = settled ? giveBack(state, [name]) : state;
  return event === undefined || event === 'no help' ? next : move(next, event, nowUs, news.cause);
}

function move(state: SchedulerState, event: ClusterEvent, nowUs: SimTime, cause: number): SchedulerState {
  if (state.queue.sizes.unschedulable === 0) return state;
  const queue = moveAll(state.queue, event, nowUs, cause);
  return queue === state.queue ? state : { ...state, queue };
}

function podHere(state: SchedulerState, pod: Pod, old: Pod | undefined, nowUs: SimTime, cause: number): SchedulerState {
  if (isAssigned(pod)) return assignedPod(state, pod, old, nowUs, cause);
  if (!isOurs(pod)) return state;
  const info = podInfo(pod);
  // An assumed Pod changes while its binding is under way: its status, mostly. It has its node already.
  if (state.cache.pods.has(info.key)) return state;
  const queued = state.queue.pods.get(info.key);
  // One that another scheduler, or this one before it was started again, had begun to make room for.
  const nominated = pod.status?.nominatedNodeName ?? '';
  if (queued === undefined && nominated !== '') state = { ...state, cache: nominate(state.cache, info, nominated) };
  if (queued === undefined) return { ...state, queue: addToQueue(state.queue, info, nowUs, cause, gateOf(info)?.plugin ?? (info.claims.length > 0 && !knowsStorage(state) ? 'VolumeBinding' : undefined)) };
  const queue = updateInQueue(state.queue, info);
  const changes = podChanges(queued.info, info);
  return { ...state, queue: changes.length === 0 ? queue : moveOne(queue, info.key, { resource: 'TargetPod', changes }, nowUs, cause) };
}

function assignedPod(state: SchedulerState, pod: Pod, old: Pod | undefined, nowUs: SimTime, cause: number): SchedulerState {
  const queue = state.queue.pods.size === 0 ? state.queue : removeFromQueue(state.queue, objectKey(pod));
  const next = { ...state, cache: confirmPod(state.cache, pod), queue };
  if (old === undefined || !isAssigned(old) || (old.spec.containers === pod.spec.containers && (pod.metadata.generation ?? 1) <= 1)) return next;
  const before = podInfo(old);
  const after = podInfo(pod);
  const shrunk = after.requests.cpuMillis < before.requests.cpuMillis || after.requests.memoryBytes < before.requests.memoryBytes;
  return shrunk ? move(next, { resource: 'AssignedPod', action: 'UpdatePodScaleDown', pod: after, nodeName: pod.spec.nodeName! }, nowUs, cause) : next;
}

function podGone(state: SchedulerState, pod: Pod, nowUs: SimTime, cause: number): SchedulerState {
  const info = podInfo(pod);
  const queue = removeFromQueue(state.queue, info.key);
  const placed = state.cache.pods.get(info.key);
  if (placed === undefined) return queue === state.queue && !state.cache.nominated.has(info.key) ? state : { ...state, queue, cache: withdrawNomination(state.cache, info.key) };
  const next = { ...state, queue, cache: removePod(state.cache, info.key) };
  return move(next, { resource: 'AssignedPod', action: 'Delete', pod: info, nodeName: placed.nodeName }, nowUs, cause);
}

/** Which of the things that plugins look at are different. */
function podChanges(before: PodInfo, after: PodInfo): readonly PodChange[] {
  const a = before.pod;
  const b = after.pod;
  if (a.spec === b.spec && a.metadata.labels === b.metadata.labels) return [];
  const changes: PodChange[] = [];
  if (!deepEqual(a.metadata.labels, b.metadata.labels)) changes.push('UpdatePodLabel');
  if (!deepEqual(a.spec.tolerations, b.spec.tolerations)) changes.push('UpdatePodToleration');
  if (after.requests.cpuMillis < before.requests.cpuMillis || after.requests.memoryBytes < before.requests.memoryBytes) changes.push('UpdatePodScaleDown');
  if ((a.spec.schedulingGates?.length ?? 0) > 0 && (b.spec.schedulingGates?.length ?? 0) === 0) changes.push('UpdatePodSchedulingGatesEliminated');
  return changes;
}

function takeNode(state: SchedulerState, news: ObjectNews, nowUs: SimTime): SchedulerState {
  const node = news.object as Node;
  if (news.type === 'deleted') return { ...state, cache: removeNode(state.cache, node.metadata.name) };
  const next = { ...state, cache: putNode(state.cache, node) };
  if (news.old === undefined) return move(next, { resource: 'Node', changes: ['Add'], node }, nowUs, news.cause);
  const old = news.old as Node;
  const changes = nodeChanges(old, node);
  return changes.length === 0 ? next : move(next, { resource: 'Node', changes, node, old }, nowUs, news.cause);
}

/** Models pkg/scheduler/framework/events.go: NodeSchedulingPropertiesChange; a heartbeat changes none of these. */
function nodeChanges(old: Node, node: Node): readonly NodeChange[] {
  const changes: NodeChange[] = [];
  if (!deepEqual(old.status?.allocatable, node.status?.allocatable)) changes.push('UpdateNodeAllocatable');
  if (!deepEqual(old.metadata.labels, node.metadata.labels)) changes.push('UpdateNodeLabel');
  if (old.spec.unschedulable !== node.spec.unschedulable || !deepEqual(old.spec.taints, node.spec.taints)) changes.push('UpdateNodeTaint');
  return changes;
}
