/** Driving Pods away for one of higher priority. Models pkg/scheduler/framework/preemption/preemption.go: prepareCandidate, PreemptPod. */
import { objectKey, type Pod, type PodCondition } from '../../kubernetes/api/index.ts';
import { formatTime } from '../../kubernetes/apimachinery/time.ts';
import { call, lister, recordEvent, type ClientNews } from '../../kubernetes/client-go/index.ts';
import type { Effect, Env, Outcome } from '../../simulation/process/process.ts';
import type { Preemption } from './preemption.ts';
import type { QueuedPod } from './scheduling-queue.ts';
import { schedulerName, type SchedulerState } from './state.ts';

/** The tag of a call about a victim: it is marked first, then deleted. */
export interface EvictionTag { readonly kind: 'marking' | 'evicting'; readonly victim: Pod; readonly preemptor: string; readonly nodeName: string }

type Answer = ClientNews & { readonly type: 'answer' };

/** Marks every victim that is not leaving yet; it is deleted when that is answered. */
export function evict(state: SchedulerState, pod: QueuedPod, { nodeName, victims }: Preemption, env: Env, cause: number): Outcome<SchedulerState> {
  let { client, evicting } = state;
  const effects: Effect[] = [];
  for (const { pod: cached } of victims) {
    const { namespace = '', name } = cached.metadata;
    const victim = lister(client, 'pods').get(namespace, name) as Pod | undefined;
    if (victim === undefined || victim.metadata.deletionTimestamp !== undefined) continue;
    evicting = evicting.set(objectKey(victim), pod.info.key);
    const tag: EvictionTag = { kind: 'marking', victim, preemptor: pod.info.pod.metadata.uid ?? '', nodeName };
    const asked = call(client, env, {
      verb: 'patch', group: '', version: 'v1', resource: 'pods', subresource: 'status', namespace, name,
      body: { metadata: { uid: victim.metadata.uid }, status: { conditions: [disruptionTarget(victim, env)] } }, patchType: 'application/strategic-merge-patch+json',
    }, { tag, cause, background: false });
    client = asked[0];
    effects.push(...asked[1]);
  }
  return [{ ...state, client, evicting }, effects];
}

const disruptionTarget = ({ metadata: { generation } }: Pod, { nowUs }: Env): PodCondition => ({
  type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler', message: `${schedulerName}: preempting to accommodate a higher priority pod`,
  lastProbeTime: null, lastTransitionTime: formatTime(nowUs), ...(generation !== undefined && { observedGeneration: generation }),
});

/** The answer to a mark or a deletion. One that fails is let be: the Pod in need is tried again, and finds its victims anew. */
export function evictionAnswered(state: SchedulerState, tag: EvictionTag, news: Answer, env: Env): Outcome<SchedulerState> {
  const { victim, preemptor, nodeName } = tag;
  const { namespace = '', name, uid } = victim.metadata;
  if (tag.kind === 'marking' && news.ok) {
    const [client, effects] = call(state.client, env, {
      verb: 'delete', group: '', version: 'v1', resource: 'pods', namespace, name, body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } },
    }, { tag: { ...tag, kind: 'evicting' } satisfies EvictionTag, cause: news.cause, background: false });
    return [{ ...state, client }, effects];
  }
  const next = { ...state, evicting: state.evicting.delete(objectKey(victim)) };
  if (!news.ok) return [next, []];
  const [client, effects] = recordEvent(next.client, env, {
    regarding: victim, type: 'Normal', reason: 'Preempted', message: `Preempted by pod ${preemptor} on node ${nodeName}`, component: schedulerName, as: 'events', cause: news.cause,
  });
  return [{ ...next, client }, effects];
}
