/** What follows a decision. Models pkg/scheduler/schedule_one.go: bindingCycle, finishBinding, handleBindingCycleError, handleSchedulingFailure. */
import type { Pod, PodCondition, Status } from '../../kubernetes/api/index.ts';
import { findCondition } from '../../kubernetes/apimachinery/conditions.ts';
import { formatTime } from '../../kubernetes/apimachinery/time.ts';
import { call, lister, recordEvent, type ClientNews } from '../../kubernetes/client-go/index.ts';
import { note } from '../../simulation/process/effects.ts';
import type { Effect, Env, Outcome } from '../../simulation/process/process.ts';
import type { DecisionTable } from './scheduling-cycle.ts';
import { evictionAnswered, type EvictionTag } from './evictions.ts';
import { assumePod, nodeNamed, nominate, removePod, withdrawNomination } from './scheduler-cache.ts';
import { moveAll, putBack, type QueuedPod } from './scheduling-queue.ts';
import { schedulerName, type SchedulerState } from './state.ts';
import { bindVolumes, giveBack, volumeAnswered, volumesLookedAt, type Next, type VolumeTag } from './volumes.ts';
import type { PodInfo } from './framework.ts';

/** validation.NoteLengthLimit: an Event's message is cut there. */
const noteLengthLimit = 1024;

/** The tags of the scheduler's own calls. */
type Tag = { readonly kind: 'binding'; readonly key: string; readonly uid: string | undefined } | { readonly kind: 'status' } | EvictionTag | VolumeTag;

/** Reserve and ask for the binding; the answer comes later, and the next Pod does not wait for it. */
export function bind(state: SchedulerState, pod: QueuedPod, info: PodInfo, nodeName: string, env: Env): Outcome<SchedulerState> {
  const reserved = { ...state, cache: assumePod(state.cache, pod.info, nodeName) };
  const node = info.volumes === undefined ? undefined : nodeNamed(state.cache, nodeName);
  return (node === undefined ? undefined : bindVolumes(reserved, pod, info, node, env)) ?? askBinding(reserved, pod, nodeName, env);
}

function askBinding(state: SchedulerState, pod: QueuedPod, nodeName: string, env: Env): Outcome<SchedulerState> {
  const { key } = pod.info;
  const { namespace, name, uid } = pod.info.pod.metadata;
  const tag: Tag = { kind: 'binding', key, uid };
  const [client, effects] = call(state.client, env, {
    verb: 'create', group: '', version: 'v1', resource: 'pods', subresource: 'binding', namespace, name,
    body: { apiVersion: 'v1', kind: 'Binding', metadata: { namespace, name, uid }, target: { kind: 'Node', name: nodeName } },
  }, { tag, cause: pod.cause, background: false });
  return [{ ...state, client, binding: state.binding.set(key, { pod, nodeName }) }, effects];
}

/** What is to be done about the volumes of a Pod that waits for them. */
function goOn(state: SchedulerState, key: string, next: Next, env: Env, cause: number): Outcome<SchedulerState> {
  const { pod, nodeName, volumes } = state.binding.get(key)!;
  if (next.next === 'wait') return [next.state, next.effects];
  if (next.next === 'bind') return askBinding(state, pod, nodeName, env);
  const freed = giveBack({ ...state, binding: state.binding.delete(key) }, volumes?.names ?? []);
  return bindingFailed(freed, pod, nodeName, `running PreBind plugin "VolumeBinding": ${next.error}`, env, cause);
}

/** A second has passed. */
export function volumesDue(state: SchedulerState, key: string, env: Env): Outcome<SchedulerState> {
  return state.binding.get(key)?.volumes === undefined ? [state, []] : goOn(state, key, volumesLookedAt(state, key, env), env, env.eventId);
}

/** The answer to one of our calls. A refused status patch is only logged, as upstream does. */
export function takeAnswer(state: SchedulerState, news: ClientNews & { readonly type: 'answer' }, env: Env): Outcome<SchedulerState> {
  const tag = news.tag as Tag;
  if (tag.kind === 'marking' || tag.kind === 'evicting') return evictionAnswered(state, tag, news, env);
  if (tag.kind === 'volumes') return state.binding.get(tag.key)?.pod.info.pod.metadata.uid === tag.uid && state.binding.get(tag.key)?.volumes !== undefined ? goOn(state, tag.key, volumeAnswered(state, tag, news), env, news.cause) : [state, []];
  if (tag.kind !== 'binding') return [state, []];
  const bound = state.binding.get(tag.key);
  if (bound === undefined || bound.pod.info.pod.metadata.uid !== tag.uid) return [state, []];
  const next = { ...state, binding: state.binding.delete(tag.key) };
  if (!news.ok) return bindingFailed(next, bound.pod, bound.nodeName, `running Bind plugin "DefaultBinder": ${errorText(news)}`, env, news.cause);
  const [client, effects] = recordEvent(next.client, env, {
    regarding: bound.pod.info.pod, type: 'Normal', reason: 'Scheduled', component: schedulerName,
    message: `Successfully assigned ${tag.key} to ${bound.nodeName}`, as: 'events', cause: news.cause,
  });
  return [{ ...next, client, scheduled: next.scheduled + 1 }, effects];
}

const errorText = (news: ClientNews & { readonly type: 'answer' }): string =>
  (news.body as Status | undefined)?.message ?? 'the server did not answer';

function bindingFailed(state: SchedulerState, pod: QueuedPod, nodeName: string, error: string, env: Env, cause: number): Outcome<SchedulerState> {
  const { key } = pod.info;
  const assumed = state.cache.pods.get(key)?.assumed === true;
  const cache = assumed ? removePod(state.cache, key) : state.cache;
  const queue = assumed ? moveAll(state.queue, { resource: 'AssignedPod', action: 'Delete', pod: pod.info, nodeName }, env.nowUs, cause) : state.queue;
  return schedulingFailed({ ...state, cache, queue }, pod, { reason: 'SchedulerError', message: error, plugins: [] }, env, cause);
}

/** Why an attempt came to nothing; `plugins` are those that refused the Pod, none where it was not a refusal. */
export interface FailedAttempt {
  readonly reason: 'Unschedulable' | 'SchedulerError';
  readonly message: string;
  readonly plugins: readonly string[];
  readonly table?: DecisionTable;
  /** The node that is being made free for the Pod; '': none is, any more; undefined: it stays as it is. */
  readonly nominated?: string;
}

/** Puts the Pod back, says so in an Event, and writes the condition into its status. */
export function schedulingFailed(state: SchedulerState, tried: QueuedPod, failure: FailedAttempt, env: Env, cause: number): Outcome<SchedulerState> {
  const { namespace = '', name } = tried.info.pod.metadata;
  const known = lister(state.client, 'pods').get(namespace, name);
  const isStillOurs = known !== undefined && known.metadata.uid === tried.info.pod.metadata.uid && (known.spec.nodeName ?? '') === '';
  const queue = isStillOurs ? putBack(state.queue, tried, failure.plugins, env.nowUs) : state.queue;
  const regarding = tried.info.pod;
  const effects: Effect[] = [];
  const reported = recordEvent(state.client, env, {
    regarding, type: 'Warning', reason: 'FailedScheduling', message: truncate(failure.message), component: schedulerName, as: 'events', cause,
  });
  effects.push(...reported[1]);
  let client = reported[0];
  const patch = statusPatch(isStillOurs ? known : regarding, failure, env);
  if (patch !== undefined) {
    const tag: Tag = { kind: 'status' };
    const asked = call(client, env, {
      verb: 'patch', group: '', version: 'v1', resource: 'pods', subresource: 'status', namespace, name,
      body: patch, patchType: 'application/strategic-merge-patch+json',
    }, { tag, cause, background: false });
    client = asked[0];
    effects.push(...asked[1]);
  }
  effects.push(note({ name: failure.reason === 'Unschedulable' ? 'unschedulable' : 'binding', text: `${tried.info.key}: ${failure.message}`, detail: failure.table }));
  const cache = nominationOf(state, tried, isStillOurs ? failure.nominated : '');
  return [{ ...state, client, cache, queue, failed: state.failed + 1, lastDecision: `${tried.info.key}: ${failure.message}` }, effects];
}

function nominationOf({ cache }: SchedulerState, { info }: QueuedPod, nominated: string | undefined): SchedulerState['cache'] {
  if (nominated === undefined) return cache;
  return nominated === '' ? withdrawNomination(cache, info.key) : nominate(cache, info, nominated);
}

function truncate(message: string): string {
  return message.length <= noteLengthLimit ? message : `${message.slice(0, noteLengthLimit - 4)} ...`;
}

/** The change of PodScheduled, or undefined where the status says it already. Models pkg/scheduler/util/utils.go: PatchPodStatus. */
export function statusPatch(pod: Pod, failure: Pick<FailedAttempt, 'reason' | 'message' | 'nominated'>, env: Pick<Env, 'nowUs'>): unknown {
  const old = findCondition<PodCondition>(pod.status?.conditions, 'PodScheduled');
  const isTold = old !== undefined && old.status === 'False' && old.reason === failure.reason && old.message === failure.message;
  const nominated = failure.nominated === undefined || failure.nominated === (pod.status?.nominatedNodeName ?? '') ? {} : { nominatedNodeName: failure.nominated === '' ? null : failure.nominated };
  if (isTold) return 'nominatedNodeName' in nominated ? { status: nominated } : undefined;
  const condition: PodCondition = {
    type: 'PodScheduled', status: 'False', reason: failure.reason, message: failure.message, lastProbeTime: null,
    lastTransitionTime: old?.status === 'False' && old.lastTransitionTime ? old.lastTransitionTime : formatTime(env.nowUs),
    ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
  };
  const order = (pod.status?.conditions ?? []).map(({ type }) => ({ type }));
  if (old === undefined) order.push({ type: 'PodScheduled' });
  return { status: { ...nominated, '$setElementOrder/conditions': order, conditions: [condition] } };
}
