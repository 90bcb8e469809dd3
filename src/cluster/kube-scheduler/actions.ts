/** The work behind the chart: each takes the state and an event, and returns the next state and what to ask for. */
import type { Pod } from '../../kubernetes/api/index.ts';
import { electionIdentity, isElectionAnswer, lister, startClient, startElection, stepClient, stepElectionAnswer, stepElectionTimer } from '../../kubernetes/client-go/index.ts';
import { note, setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Env, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { bind, schedulingFailed, takeAnswer, volumesDue } from './binding-cycle.ts';
import { allBudgets, followBudgets, knowsBudgets } from './budgets.ts';
import { takeNews } from './event-handlers.ts';
import { evict } from './evictions.ts';
import type { Preempting } from './preemption.ts';
import { schedulePod, type Decision } from './scheduling-cycle.ts';
import { flushLeftover, hasPodToTry, nextWake, popFromQueue, type QueuedPod } from './scheduling-queue.ts';
import type { SchedulerState } from './state.ts';
import type { PodInfo } from './framework.ts';
import { followStorage, knowsStorage, storageIsKnown, withVolumes } from './volumes.ts';

type Work = Outcome<SchedulerState>;

/** How long one scheduling cycle takes: measured ones of small clusters lie between one and two milliseconds. */
const cycleMinUs = 1_000;
const cycleSpreadUs = 1_000;

export const openTheWatches = (state: SchedulerState, { env }: ProcessEvent): Work => {
  const [client, effects] = startClient(state.client, env);
  return [{ ...state, client, election: { ...state.election, identity: electionIdentity(env) } }, effects];
};

export const standForElection = (state: SchedulerState, { env }: ProcessEvent): Work => {
  const { election, client, effects } = startElection(state.election, state.client, env);
  return [{ ...state, election, client }, effects];
};

export const renewTheLead = (state: SchedulerState, event: ProcessEvent): Work => {
  const { election, client, effects } = stepElectionTimer(state.election, state.client, event);
  return [{ ...state, election, client }, effects];
};

/** News of Nodes and Pods goes into the cache and the queue, answers to whom they belong. */
export const hearTheApiServer = (state: SchedulerState, event: ProcessEvent): Work => {
  const step = stepClient(state.client, event);
  let next: SchedulerState = { ...state, client: step.client };
  const { env } = event;
  if (state.followsStorage && !knowsStorage(state) && knowsStorage(next)) next = storageIsKnown(next, env);
  if (step.news.length === 0) return [next, step.effects];
  let effects: readonly Effect[] = step.effects;
  for (const news of step.news) {
    if (news.type === 'synced') continue;
    if (news.type !== 'answer') { next = takeNews(next, news, env.nowUs); continue; }
    let more: readonly Effect[];
    if (isElectionAnswer(news)) {
      const elected = stepElectionAnswer(next.election, next.client, env, news);
      next = { ...next, election: elected.election, client: elected.client };
      more = elected.effects;
    } else {
      [next, more] = takeAnswer(next, news, env);
    }
    effects = effects.length === 0 ? more : [...effects, ...more];
  }
  if (!next.followsStorage && next.queue.sizes.gated > 0 && [...next.queue.unschedulable.values()].some(({ info }) => info.claims.length > 0)) {
    const [following, more] = followStorage(next);
    next = following;
    effects = [...effects, ...more];
  }
  return wakeLater(next, effects, env);
};

/** Sets the timers by which the queue moves without news, where they are not set yet. */
function wakeLater(state: SchedulerState, effects: readonly Effect[], env: Env): Work {
  if (state.queue.sizes.unschedulable === 0 && state.queue.sizes['error-backoff'] === 0) return [state, effects];
  const { backoffUs, flushUs } = nextWake(state.queue, env.nowUs);
  let next = state;
  let all = effects;
  if (backoffUs !== undefined && state.backoffTimerUs !== env.nowUs + backoffUs) {
    next = { ...next, backoffTimerUs: env.nowUs + backoffUs };
    all = [...all, setTimer('backoff', backoffUs, { name: 'queue.backoff' })];
  }
  if (flushUs !== undefined && state.flushTimerUs <= env.nowUs) {
    next = { ...next, flushTimerUs: env.nowUs + flushUs };
    all = [...all, setTimer('flush', flushUs, { name: 'queue.flush', background: true })];
  }
  return [next, all];
}

export const flushTheQueue = (state: SchedulerState, { env }: ProcessEvent): Work =>
  wakeLater({ ...state, queue: flushLeftover(state.queue, env.nowUs, env.eventId) }, [], env);

export const endTheBackoff = (state: SchedulerState, { env }: ProcessEvent): Work => wakeLater({ ...state, backoffTimerUs: -1 }, [], env);

export const lookAtVolumes = (state: SchedulerState, { env, body }: ProcessEvent): Work => {
  const [next, effects] = volumesDue(state, body as string, env);
  return wakeLater(next, effects, env);
};

export const beginACycle = (state: SchedulerState, { env }: ProcessEvent): Work =>
  [state, [setTimer('cycle', cycleMinUs + env.random('cycle-time', cycleSpreadUs), { name: 'cycle', background: false })]];

/** While it asks for the budgets for the first time, nobody's turn comes. */
export const podIsWaiting = (state: SchedulerState, { env }: ProcessEvent): boolean => hasPodToTry(state.queue, env.nowUs) && (!state.followsBudgets || knowsBudgets(state));

/** One scheduling cycle: take the first Pod, find it a node, and ask for the binding or put the Pod back. */
export const scheduleOne = (state: SchedulerState, { env }: ProcessEvent): Work => {
  const { queue, pod } = popFromQueue(state.queue, env.nowUs);
  const next: SchedulerState = { ...state, queue };
  if (pod === undefined) return [next, []];
  if (pod.info.pod.metadata.deletionTimestamp !== undefined) return [next, []];
  const info = withVolumes(next, pod.info);
  const decision = schedulePod(info, next.cache, next.nextStart, (bound) => env.random('select-host', bound), preempting(next, pod));
  if (!next.followsBudgets && decision.kind === 'unschedulable' && 'preemption' in decision.postFilter) return followBudgets(state);
  const [after, effects] = actOn({ ...next, nextStart: decision.nextStart }, pod, info, decision, env);
  return wakeLater(after, effects, env);
};

/** Only who fits nowhere asks this. */
const preempting = (state: SchedulerState, { info: { key } }: QueuedPod): Preempting => ({
  now: ({ pod }) => lister(state.client, 'pods').get(pod.metadata.namespace ?? '', pod.metadata.name) as Pod | undefined ?? pod,
  underWay: state.evicting.size > 0 && [...state.evicting.values()].includes(key),
  get budgets() { return allBudgets(state); },
});

function actOn(state: SchedulerState, pod: QueuedPod, info: PodInfo, decision: Decision, env: Env): Work {
  if (decision.kind !== 'fits') {
    if (decision.kind === 'no nodes') return schedulingFailed(state, pod, { reason: 'Unschedulable', message: decision.message, plugins: [] }, env, pod.cause);
    const { message, plugins, table, postFilter } = decision;
    const preemption = 'preemption' in postFilter ? postFilter.preemption : undefined;
    const nominated = preemption?.nodeName ?? ('message' in postFilter && postFilter.keepsNomination ? undefined : '');
    const [failed, effects] = schedulingFailed(state, pod, { reason: 'Unschedulable', message, plugins, table, nominated }, env, pod.cause);
    if (preemption === undefined) return [failed, effects];
    const [next, more] = evict(failed, pod, preemption, env, pod.cause);
    return [next, [...effects, ...more]];
  }
  const text = `${pod.info.key} goes to ${decision.nodeName}: ${decision.feasible} of ${decision.evaluated} nodes fit`;
  const [next, effects] = bind(state, pod, info, decision.nodeName, env);
  return [{ ...next, lastDecision: text }, [note({ name: 'scheduled', text, detail: decision.table }), ...effects]];
}
