import {
  createElection, electionIdentity, isElectionAnswer, startClient, startElection, stepClient, stepElectionAnswer, stepElectionTimer, stopClient,
  type ElectionStep, type QueueTimer,
} from '../../kubernetes/client-go/index.ts';
import { clearTimer } from '../../simulation/process/effects.ts';
import type { Effect, Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { Desk, freshControllers, newClient, type ManagerState } from './work.ts';

const lease = 'kube-controller-manager';

/** The state of a process that has just been started. Its place in the election is given to it by the first step. */
export function initialState(input: unknown): ManagerState {
  const { apiServer, clusterCidr } = input as { readonly apiServer: string; readonly clusterCidr: string };
  return { apiServer, clusterCidr, client: newClient(apiServer), election: createElection({ lease, identity: '', component: lease }), controllers: freshControllers() };
}

const afterElection = (state: ManagerState, { election, client, effects }: ElectionStep): Outcome<ManagerState> => [{ ...state, election, client }, effects];

/** The first thing the process does: ask for the Lease. */
export function standForElection(state: ManagerState, event: ProcessEvent): Outcome<ManagerState> {
  const election = createElection({ lease, identity: electionIdentity(event.env), component: lease });
  return afterElection(state, startElection(election, state.client, event.env));
}

/** Renew or try again, or find that the deadline for renewing has passed. */
export function minuteTheLease(state: ManagerState, event: ProcessEvent): Outcome<ManagerState> {
  return afterElection(state, stepElectionTimer(state.election, state.client, event));
}

export const holdsTheLease = ({ election }: ManagerState): boolean => election.leading;
export const lostTheLease = ({ election }: ManagerState): boolean => !election.leading;
export const cachesAreFilled = ({ client }: ManagerState): boolean => client.synced;

/** The informers start only with the leader. */
export function fillTheCaches(state: ManagerState, event: ProcessEvent): Outcome<ManagerState> {
  const [client, effects] = startClient(state.client, event.env);
  return [{ ...state, client }, effects];
}

/** Everything on the desk: answers to the election and to controllers, and news for whoever listens. */
export function readTheMail(state: ManagerState, event: ProcessEvent): Outcome<ManagerState> {
  const step = stepClient(state.client, event);
  if (step.news.length === 0) return [{ ...state, client: step.client }, step.effects];
  let current: ManagerState = { ...state, client: step.client };
  const effects: Effect[] = [...step.effects];
  let desk: Desk | undefined;
  for (const news of step.news) {
    if (news.type === 'answer' && isElectionAnswer(news)) {
      const next = stepElectionAnswer(current.election, current.client, event.env, news);
      current = { ...current, election: next.election, client: next.client };
      effects.push(...next.effects);
    } else if (news.type !== 'synced') {
      desk ??= new Desk(current, event.env);
      if (news.type === 'answer') desk.answer(news); else desk.tell(news);
    }
  }
  if (desk === undefined) return [current, effects];
  if (current.client.synced && current.election.leading) desk.drain();
  effects.push(...desk.effects);
  return [desk.result(), effects];
}

/** The caches are filled: take up the work that waits, and that which is done from time to time. */
export function takeUpTheWork(state: ManagerState, event: ProcessEvent): Outcome<ManagerState> {
  const desk = new Desk(state, event.env);
  desk.open(event.env.eventId);
  desk.drain();
  return [desk.result(), desk.effects];
}

/** A key that was to be looked at later is due. */
export function lookAgain(state: ManagerState, event: ProcessEvent): Outcome<ManagerState> {
  const { queue, key } = event.body as QueueTimer;
  const desk = new Desk(state, event.env);
  desk.fire(queue, key);
  desk.drain();
  return [desk.result(), desk.effects];
}

/** The real process exits when it loses the Lease, and is started again with nothing in mind. */
export function dropAllWork(state: ManagerState): Outcome<ManagerState> {
  const [client, effects] = stopClient(state.client);
  const timers = state.controllers.flatMap(({ queue }) => [...queue.waiting.keys()].map((key) => clearTimer(`queue/${queue.name}/${key}`)));
  return [{ ...state, client, controllers: freshControllers() }, [...effects, ...timers]];
}
