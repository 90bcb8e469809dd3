/** The door of client-go: how every component lists, watches, asks, reports and queues work. */
export type { ClientConfig, ClientIdentity, ClientNews, ClientState, ClientStep, InformerSpec } from './client-state.ts';
export type { IndexFunction } from './object-store.ts';
export { addInformer, call, createClient, dropInformer, lister, ownsEvent, recordEvent, startClient, stepClient, stopClient, type CallOptions, type Lister } from './client.ts';
export { referenceTo, type EventReport } from './event-correlator.ts';
export * as workQueue from './work-queue.ts';
export type { QueueTimer, WorkQueue } from './work-queue.ts';
export {
  createElection, electionIdentity, isElectionAnswer, ownsElectionEvent, startElection, stepElectionAnswer, stepElectionTimer, type ElectionState, type ElectionStep,
} from './leader-election.ts';
